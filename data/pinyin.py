"""How Chinese names are spelt by whoever searches them: full pinyin and initials, from each syllable on, with the readings
that characters have in names of places (浚县 is Xun, 蔚县 Yu, 六安 Lu'an)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import orjson
from sqlalchemy import Connection, text

HAN = re.compile(r"[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
#: Longer spellings are found by their beginning.
MAX_LETTERS = 32
WRITE = "UPDATE {table} t SET pinyin = r.p FROM json_to_recordset(CAST(:rows AS json)) AS r (id int, p text) WHERE t.id = r.id"
TABLES = ("area", "organisation", "key_place")
#: Readings in names of places that the library does not know, or only in other words.
PLACES = {
    "浚县": "xun xian", "蔚县": "yu xian", "六安": "lu an", "六合区": "lu he qu", "漯河": "luo he", "长垣": "chang yuan",
    "宕昌": "tan chang", "珲春": "hun chun", "筠连": "jun lian", "什邡": "shi fang", "郫都": "pi du", "郫县": "pi xian",
    "伽师": "jia shi", "穆棱": "mu ling", "覃塘": "qin tang", "解州": "xie zhou", "会稽": "kuai ji", "栎阳": "yue yang",
    "大城县": "dai cheng xian", "繁峙": "fan shi", "什刹海": "shi cha hai", "大栅栏": "da shi lan", "朝阳": "chao yang",
    "浚仪": "xun yi", "乐亭": "lao ting", "乐陵": "lao ling", "乐清": "yue qing", "铅山": "yan shan", "番禺": "pan yu",
    "尉犁": "yu li", "尉氏": "wei shi", "东阿": "dong e", "阿城": "a cheng", "台州": "tai zhou", "天台": "tian tai",
    "丽水": "li shui", "洪洞": "hong tong", "涡阳": "guo yang", "大埔": "da bu", "黄埔": "huang pu", "泌阳": "bi yang",
    "莘县": "shen xian", "莘庄": "xin zhuang", "单县": "shan xian", "歙县": "she xian", "黟县": "yi xian", "盱眙": "xu yi",
    "枞阳": "zong yang", "砀山": "dang shan", "亳州": "bo zhou", "渑池": "mian chi", "中牟": "zhong mu", "牟平": "mu ping",
    "柘城": "zhe cheng", "浒墅关": "xu shu guan", "甪直": "lu zhi", "句容": "ju rong", "邗江": "han jiang",
    "余干": "yu gan", "弋阳": "yi yang", "婺源": "wu yuan", "於潜": "yu qian", "监利": "jian li", "黄陂": "huang pi",
    "猇亭": "xiao ting", "郧阳": "yun yang", "秭归": "zi gui", "耒阳": "lei yang", "郴州": "chen zhou", "汨罗": "mi luo",
    "儋州": "dan zhou", "东莞": "dong guan", "高要": "gao yao", "邕宁": "yong ning", "百色": "bai se", "岑溪": "cen xi",
    "犍为": "qian wei", "荥经": "ying jing", "荥阳": "xing yang", "邛崃": "qiong lai", "阆中": "lang zhong", "珙县": "gong xian",
    "勐海": "meng hai", "勐腊": "meng la", "漾濞": "yang bi", "吴堡": "wu bu", "柞水": "zha shui", "鄠邑": "hu yi",
    "略阳": "lue yang", "勉县": "mian xian", "隰县": "xi xian", "长子县": "zhang zi xian", "万荣": "wan rong", "芮城": "rui cheng",
    "井陉": "jing xing", "蠡县": "li xian", "任县": "ren xian", "任丘": "ren qiu", "冠县": "guan xian", "莒县": "ju xian",
    "郯城": "tan cheng", "临朐": "lin qu", "茌平": "chi ping", "鄄城": "juan cheng", "钜野": "ju ye", "曲阜": "qu fu",
    "喀什": "ka shi", "莎车": "sha che", "龟兹": "qiu ci", "噶尔": "ga er", "那曲": "na qu", "巴彦淖尔": "ba yan nao er",
    "磴口": "deng kou", "桦甸": "hua dian", "讷河": "ne he", "洮南": "tao nan", "瑷珲": "ai hui", "重庆": "chong qing",
}  # fmt: skip
PLACE = re.compile("(" + "|".join(sorted(PLACES, key=len, reverse=True)) + ")")


def search_letters(*names: str) -> str:
    """Full spelling and initials of each name, then the same from every later syllable on; each once, in small letters.

    A character's everyday reading stands beside the one that it has in this name: some type it.
    """
    whole: list[str] = []
    rest: list[str] = []
    for name in names:
        for syllables in _readings(name):
            whole += _spellings(syllables)
            for start in range(1, len(syllables)):
                rest += _spellings(syllables[start:])
    return " ".join(dict.fromkeys(whole + rest))


def syllables_of(name: str) -> list[str]:
    """The syllables of a Chinese name without tones, as it is read where it is a place."""
    # its dictionary takes half a second: only when a name is spelt, not at every start
    from pypinyin import lazy_pinyin

    # PLACES is not loaded into the library: codes are made of names by its own readings (imports/names.py)
    parts = PLACE.split(name)
    return [syllable for part in parts if part for syllable in (PLACES[part].split() if part in PLACES else lazy_pinyin(part))]


def spell_names(connection: Connection) -> int:
    """Write the pinyin of every name that has none yet. Returns how many; whatever writes names ends with it."""
    spelt = 0
    for table in TABLES:
        second = "short_name" if table == "area" else "name"
        rows = connection.execute(text(f"SELECT id, name, {second} AS second FROM {table} WHERE pinyin IS NULL")).all()
        if rows:
            spelt += len(rows)
            values = [{"id": row.id, "p": search_letters(row.name, row.second)} for row in rows]
            connection.execute(text(WRITE.format(table=table)), {"rows": orjson.dumps(values).decode()})
    return spelt


def _readings(name: str) -> Iterator[list[str]]:
    han = "".join(HAN.findall(name))
    if not han:
        return
    everyday = [syllable for character in han for syllable in syllables_of(character)]
    for syllables in (syllables_of(han), everyday):
        yield syllables
        if any("v" in syllable for syllable in syllables):
            yield [syllable.replace("v", "u") for syllable in syllables]


def _spellings(syllables: Iterable[str]) -> tuple[str, str]:
    return "".join(syllables)[:MAX_LETTERS].lower(), "".join(one[0] for one in syllables)[:MAX_LETTERS].lower()
