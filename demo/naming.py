"""Names of the demonstration's areas in pinyin and English, and Chinese numerals for its grids."""

from __future__ import annotations

from pypinyin import lazy_pinyin

KINDS = {
    "自治州": "Autonomous Prefecture",
    "市": "City",
    "县": "County",
    "街道": "Subdistrict",
    "镇": "Town",
    "乡": "Township",
    "社区": "Community",
    "村": "Village",
}
PEOPLES = {
    "傣族": "Dai",
    "哈尼族": "Hani",
    "布朗族": "Blang",
    "基诺族": "Jino",
    "彝族": "Yi",
    "瑶族": "Yao",
    "拉祜族": "Lahu",
}
# Where letters strung together would not be a name in English.
SET_NAMES = {
    "云南勐海产业园区社区": "Yunnan Menghai Industrial Park Community",
    "曼听公园社区": "Manting Park Community",
    "关累港口社区": "Guanlei Port Community",
    "风情园社区": "Fengqing Garden Community",
    "口岸社区": "Border Port Community",
    "暖和村": "Nuanhe Village",
    "澜湄社区": "Lancang-Mekong Community",
}
DIGITS = "零一二三四五六七八九"


def english(name: str) -> str:
    """An area's English name: peoples and kind translated, the rest in pinyin ('勐龙镇' -> 'Menglong Town')."""
    if name in SET_NAMES:
        return SET_NAMES[name]
    stem, peoples, kind = taken_apart(name)
    words = [romanised(stem), " and ".join(PEOPLES[people] for people in peoples), KINDS.get(kind, "")]
    return " ".join(word for word in words if word)


def taken_apart(name: str) -> tuple[str, list[str], str]:
    """Stem, peoples and kind of an official name ('景哈哈尼族乡' -> '景哈', ['哈尼族'], '乡'); any may be empty."""
    kind = next((suffix for suffix in KINDS if name.endswith(suffix)), "")
    stem = name.removesuffix(kind)
    peoples: list[str] = []
    while people_name := next((people for people in PEOPLES if stem.endswith(people)), None):
        stem = stem.removesuffix(people_name)
        peoples.insert(0, people_name)
    return stem, peoples, kind


def romanised(text: str) -> str:
    """Pinyin without tones as one capitalised word, with an apostrophe where syllables would run together."""
    joined = ""
    for syllable in lazy_pinyin(text, v_to_u=True):
        joined += "'" + syllable if joined and syllable[0] in "aoe" else syllable
    return joined[:1].upper() + joined[1:]


def numeral(number: int) -> str:
    """1 to 99 as written out in Chinese."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")
