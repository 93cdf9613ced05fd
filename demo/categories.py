"""The demonstration's catalogue: categories with season, place and hour, and who may handle them.

`months`: relative frequency from January to December. `setting`: where it happens more, 0 remote, 1 in town.
`evening`: it is reported after dark more than in office hours. How cases are worded stands in matters.py.
"""

from __future__ import annotations

from dataclasses import dataclass

EVEN = (1.0,) * 12
RAIN = (0.3, 0.3, 0.4, 0.6, 1.2, 2.0, 2.6, 2.6, 1.8, 1.0, 0.5, 0.3)
DRY = (1.8, 2.2, 2.4, 1.8, 0.8, 0.3, 0.2, 0.2, 0.3, 0.6, 1.0, 1.4)
TOURISM = (1.6, 2.0, 1.0, 1.6, 0.8, 0.6, 0.9, 1.0, 0.7, 1.4, 0.8, 1.0)
HARVEST = (0.5, 0.5, 1.4, 1.8, 1.4, 1.0, 1.0, 1.0, 1.3, 1.6, 1.2, 0.6)
YEAR_END = (2.0, 1.2, 0.7, 0.7, 0.7, 0.7, 0.8, 0.8, 0.9, 1.0, 1.3, 2.0)
FESTIVE = (1.3, 1.6, 0.9, 1.5, 0.9, 0.9, 0.9, 0.9, 0.9, 1.1, 0.9, 1.0)


@dataclass(frozen=True)
class DemoCategory:
    code: str
    kind: str
    zh: str
    en: str
    weight: float
    organisations: tuple[str, ...]
    months: tuple[float, ...] = EVEN
    setting: float = 0.5
    three_class: bool = False
    evening: bool = False


# fmt: off
CATEGORIES = (
    DemoCategory("family", "dispute", "婚姻家庭", "Marriage and family", 9, ("m-family", "civil"), FESTIVE, 0.5, True),
    DemoCategory("neighbour", "dispute", "邻里关系", "Neighbours", 14, ("justice", "m-land", "m-property"), EVEN, 0.4, True),
    DemoCategory("lending", "dispute", "债务借贷", "Debts and lending", 6, ("justice", "court"), YEAR_END, 0.7, True),
    DemoCategory("land", "dispute", "土地承包", "Land contracts", 9, ("m-land", "agriculture"), HARVEST, 0.1),
    DemoCategory("forest", "dispute", "山林权属", "Forest rights", 6, ("m-land", "forestry"), DRY, 0.0),
    DemoCategory("demolition", "dispute", "征地拆迁", "Land acquisition", 4, ("resources", "housing"), EVEN, 0.5),
    DemoCategory("labour", "dispute", "劳动争议", "Labour", 8, ("m-labour", "labour"), YEAR_END, 0.8),
    DemoCategory("property", "dispute", "物业服务", "Property management", 5, ("m-property", "housing"), EVEN, 1.0),
    DemoCategory("traffic", "dispute", "道路交通事故", "Road accidents", 7, ("m-traffic", "traffic"), TOURISM, 0.6),
    DemoCategory("medical", "dispute", "医疗服务", "Medical care", 2, ("m-medical", "health"), EVEN, 0.9),
    DemoCategory("consumer", "dispute", "消费维权", "Consumers", 4, ("market",), TOURISM, 0.9),
    DemoCategory("tourism", "dispute", "旅游服务", "Tourism", 4, ("m-tourism", "culture"), TOURISM, 0.9),
    DemoCategory("produce", "dispute", "胶茶购销", "Rubber and tea trade", 4, ("agriculture", "market"), HARVEST, 0.1),
    DemoCategory("border", "dispute", "涉边往来", "Border matters", 1, ("m-border", "frontier"), EVEN, 0.2),
    DemoCategory("fight", "incident", "打架滋事", "Affray", 3, ("police",), FESTIVE, 0.9, True, True),
    DemoCategory("theft", "incident", "盗窃", "Theft", 3, ("police",), EVEN, 0.7),
    DemoCategory("fraud", "incident", "电信网络诈骗", "Telecom fraud", 3, ("police",), EVEN, 0.8),
    DemoCategory("damage", "incident", "损毁财物", "Damage to property", 1.5, ("police",), EVEN, 0.5),
    DemoCategory("fire", "hazard", "消防隐患", "Fire safety", 5, ("fire",), DRY, 0.9),
    DemoCategory("forest_fire", "hazard", "森林火险", "Forest fire", 2, ("forestry", "emergency"), DRY, 0.0),
    DemoCategory("landslide", "hazard", "地质灾害", "Landslides", 4, ("resources", "emergency"), RAIN, 0.1),
    DemoCategory("flood", "hazard", "河道防汛", "Rivers and floods", 3, ("water",), RAIN, 0.3),
    DemoCategory("road", "hazard", "道路安全", "Road safety", 4, ("transport", "traffic"), RAIN, 0.4),
    DemoCategory("elephant", "hazard", "野象出没", "Wild elephants", 2, ("forestry", "emergency"), HARVEST, 0.0, evening=True),
    DemoCategory("site", "hazard", "在建工地", "Building sites", 2, ("housing", "emergency"), EVEN, 0.8),
    DemoCategory("food", "hazard", "食品安全", "Food safety", 2, ("market",), RAIN, 0.8),
    DemoCategory("sanitation", "request", "环境卫生", "Sanitation", 18, ("city",), EVEN, 0.8),
    DemoCategory("utilities", "request", "供水供电", "Water and power", 12, ("water", "housing"), DRY, 0.5),
    DemoCategory("noise", "request", "噪音扰民", "Noise", 10, ("city", "environment"), TOURISM, 1.0, evening=True),
    DemoCategory("welfare", "request", "救助帮扶", "Social assistance", 9, ("civil",), EVEN, 0.3),
    DemoCategory("insurance", "request", "医保社保", "Insurance", 9, ("labour", "health"), YEAR_END, 0.6),
    DemoCategory("repair", "request", "道路修缮", "Road repair", 9, ("transport", "city"), RAIN, 0.5),
    DemoCategory("lighting", "request", "路灯照明", "Street lighting", 7, ("city",), EVEN, 0.7),
    DemoCategory("papers", "request", "户籍证件", "Permits and papers", 6, ("police", "civil"), EVEN, 0.6),
    DemoCategory("farming", "request", "农技服务", "Farm services", 6, ("agriculture",), HARVEST, 0.0),
    DemoCategory("schooling", "request", "入学教育", "Schooling", 5, ("education",), (0.5, 0.5, 0.8, 1.0, 1.4, 2.0, 2.6, 3.0, 1.6, 0.6, 0.4, 0.4), 0.7),
    DemoCategory("animals", "request", "犬只管理", "Stray animals", 4, ("city", "police"), EVEN, 0.8),
    DemoCategory("advice", "request", "政策咨询", "Advice", 5, ("petitions", "justice"), EVEN, 0.4),
)
# fmt: on
#: What residents call it, in Chinese and English.
PLAIN_NAMES = {
    "family": ("夫妻、家人闹矛盾", "Trouble in the family"),
    "neighbour": ("跟邻居有纠纷", "Trouble with neighbours"),
    "lending": ("借钱不还", "Money lent and not paid back"),
    "land": ("承包地、地界有争议", "Whose field it is"),
    "forest": ("山林归谁有争议", "Whose forest it is"),
    "demolition": ("征地、拆迁补偿", "Land or house taken for building"),
    "labour": ("拖欠工资、工伤", "Wages not paid, hurt at work"),
    "property": ("小区物业服务不好", "Housing estate badly looked after"),
    "traffic": ("交通事故赔偿", "After a road accident"),
    "medical": ("看病引起的纠纷", "Trouble over medical treatment"),
    "consumer": ("买东西、消费被坑", "Bought and cheated"),
    "tourism": ("旅游消费纠纷", "Trouble on a holiday"),
    "produce": ("胶、茶买卖纠纷", "Rubber or tea not paid or weighed rightly"),
    "border": ("与境外往来的纠纷", "Matters across the border"),
    "fight": ("有人打架闹事", "People fighting"),
    "theft": ("东西被偷", "Something was stolen"),
    "fraud": ("被电话或网络诈骗", "Cheated by telephone or online"),
    "damage": ("东西被人弄坏", "Something was broken on purpose"),
    "fire": ("有火灾危险、通道被堵", "Danger of fire, exit blocked"),
    "forest_fire": ("山上有火情、有烟", "Smoke or fire in the forest"),
    "landslide": ("山体滑坡、有裂缝", "Slope moving, cracks"),
    "flood": ("河水上涨、积水", "River rising, flooding"),
    "road": ("路上有危险", "Danger on the road"),
    "elephant": ("看到野象", "Wild elephants seen"),
    "site": ("工地有危险", "Danger at a building site"),
    "food": ("吃的东西有问题", "Something wrong with food"),
    "sanitation": ("垃圾没人清、太脏", "Rubbish, dirt"),
    "utilities": ("停水、停电", "No water, no power"),
    "noise": ("太吵、噪音", "Too loud"),
    "welfare": ("生活困难、想申请救助", "In need of help"),
    "insurance": ("医保、社保怎么办", "Health insurance, pension"),
    "repair": ("路坏了、有坑", "Holes in the road"),
    "lighting": ("路灯不亮", "Street light out"),
    "papers": ("办户口、身份证", "Identity card, household register"),
    "farming": ("种养技术咨询", "Advice on crops and animals"),
    "schooling": ("孩子上学", "A place at school"),
    "animals": ("流浪狗、恶犬", "Stray or dangerous dogs"),
    "advice": ("问政策", "A question about rules"),
}


def plain_names(category: DemoCategory) -> dict[str, str]:
    return dict(zip(("zh_CN", "en"), PLAIN_NAMES[category.code], strict=True))
