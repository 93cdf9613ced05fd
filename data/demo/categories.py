"""The demonstration's catalogue: categories with season and place, who may handle them, how they are worded.

`months`: relative frequency from January to December. `setting`: where it happens more, 0 remote, 1 in town.
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
    bodies: tuple[str, ...]
    titles: tuple[str, ...]
    months: tuple[float, ...] = EVEN
    setting: float = 0.5
    three_class: bool = False


# fmt: off
CATEGORIES = (
    DemoCategory("family", "dispute", "婚姻家庭", "Marriage and family", 9, ("m-family", "civil"), ("夫妻因家务琐事反复争吵", "婚后财产分割协商不成", "子女抚养费给付发生争议"), FESTIVE, 0.5, True),
    DemoCategory("neighbour", "dispute", "邻里关系", "Neighbours", 14, ("justice", "m-land", "m-property"), ("两户因排水沟走向发生争执", "宅基地边界认定不一致", "相邻建房遮挡采光起争议"), EVEN, 0.4, True),
    DemoCategory("lending", "dispute", "债务借贷", "Debts and lending", 6, ("justice", "court"), ("民间借款逾期未还引发争议", "合伙经营账目不清要求清算", "货款拖欠多次催要未果"), YEAR_END, 0.7, True),
    DemoCategory("land", "dispute", "土地承包", "Land contracts", 9, ("m-land", "agriculture"), ("承包地流转租金未按约支付", "土地承包期限认定有分歧", "胶林地块转包后界线不清"), HARVEST, 0.1),
    DemoCategory("forest", "dispute", "山林权属", "Forest rights", 6, ("m-land", "forestry"), ("两组集体林地界线存在争议", "林权证四至与现场不符", "护林通道占用引发纠纷"), DRY, 0.0),
    DemoCategory("demolition", "dispute", "征地拆迁", "Land acquisition", 4, ("resources", "housing"), ("项目征地青苗补偿标准有异议", "安置房交付时间未明确", "临时用地到期未复垦"), EVEN, 0.5),
    DemoCategory("labour", "dispute", "劳动争议", "Labour", 8, ("m-labour", "labour"), ("务工人员反映工资未按时结清", "餐饮企业拖欠加班工资", "临时用工受伤赔偿协商不成"), YEAR_END, 0.8),
    DemoCategory("property", "dispute", "物业服务", "Property management", 5, ("m-property", "housing"), ("业主与物业因停车收费起争议", "公共维修资金使用有异议", "小区电梯停运维修责任不清"), EVEN, 1.0),
    DemoCategory("traffic", "dispute", "道路交通事故", "Road accidents", 7, ("m-traffic", "traffic"), ("两车刮擦赔偿协商不成", "电动车碰撞后医疗费垫付争议", "乡村道路事故责任认定有异议"), TOURISM, 0.6),
    DemoCategory("medical", "dispute", "医疗服务", "Medical care", 2, ("m-medical", "health"), ("患者家属对诊疗费用有异议", "对护理服务不满要求说明"), EVEN, 0.9),
    DemoCategory("consumer", "dispute", "消费维权", "Consumers", 4, ("market",), ("购买普洱茶与宣传不符要求退货", "预付卡商户停业退款困难"), TOURISM, 0.9),
    DemoCategory("tourism", "dispute", "旅游服务", "Tourism", 4, ("m-tourism", "culture"), ("游客反映行程变更未告知", "民宿退订费用协商不成", "旅拍消费与约定不符"), TOURISM, 0.9),
    DemoCategory("produce", "dispute", "胶茶购销", "Rubber and tea trade", 4, ("agriculture", "market"), ("鲜叶收购计价方式有争议", "干胶收购款拖欠", "香蕉收购合同违约争议"), HARVEST, 0.1),
    DemoCategory("border", "dispute", "涉边往来", "Border matters", 1, ("m-border", "frontier"), ("边民互市货款结算有争议", "跨境务工报酬协商不成"), EVEN, 0.2),
    DemoCategory("fight", "incident", "打架滋事", "Affray", 3, ("police",), ("夜市摊点发生推搡口角", "酒后滋事影响周边经营"), FESTIVE, 0.9, True),
    DemoCategory("theft", "incident", "盗窃", "Theft", 3, ("police",), ("电动车被盗", "果园鲜果被盗采", "施工工地线缆被盗"), EVEN, 0.7),
    DemoCategory("fraud", "incident", "电信网络诈骗", "Telecom fraud", 3, ("police",), ("群众接到冒充客服电话险些转账", "网络刷单被骗求助"), EVEN, 0.8),
    DemoCategory("damage", "incident", "损毁财物", "Damage to property", 1.5, ("police",), ("公共座椅被损坏", "田间水管被人为破坏"), EVEN, 0.5),
    DemoCategory("fire", "hazard", "消防隐患", "Fire safety", 5, ("fire",), ("沿街商铺疏散通道堆放杂物", "自建房出租屋私拉电线", "消防栓无水需检修"), DRY, 0.9),
    DemoCategory("forest_fire", "hazard", "森林火险", "Forest fire", 2, ("forestry", "emergency"), ("林区农事用火未报备", "防火隔离带杂草未清理"), DRY, 0.0),
    DemoCategory("landslide", "hazard", "地质灾害", "Landslides", 4, ("resources", "emergency"), ("屋后边坡出现裂缝", "山体落石影响通行", "连续降雨致挡墙渗水"), RAIN, 0.1),
    DemoCategory("flood", "hazard", "河道防汛", "Rivers and floods", 3, ("water",), ("河道漂浮物堆积影响行洪", "涵洞堵塞积水漫路"), RAIN, 0.3),
    DemoCategory("road", "hazard", "道路安全", "Road safety", 4, ("transport", "traffic"), ("急弯路段缺少警示标志", "路面塌陷未设围挡", "学校门前无减速带"), RAIN, 0.4),
    DemoCategory("elephant", "hazard", "野象出没", "Wild elephants", 2, ("forestry", "emergency"), ("野象群进入甘蔗地需疏散提醒", "监测到野象靠近村寨道路"), HARVEST, 0.0),
    DemoCategory("site", "hazard", "在建工地", "Building sites", 2, ("housing", "emergency"), ("工地脚手架防护网破损", "塔吊作业半径内有人行通道"), EVEN, 0.8),
    DemoCategory("food", "hazard", "食品安全", "Food safety", 2, ("market",), ("野生菌销售点未设警示牌", "学校周边摊点无证经营"), RAIN, 0.8),
    DemoCategory("sanitation", "request", "环境卫生", "Sanitation", 18, ("city",), ("垃圾清运不及时", "农贸市场周边污水横流", "建筑垃圾偷倒需清理"), EVEN, 0.8),
    DemoCategory("utilities", "request", "供水供电", "Water and power", 12, ("water", "housing"), ("自来水水压偏低", "片区频繁停电", "村组水源管道破损"), DRY, 0.5),
    DemoCategory("noise", "request", "噪音扰民", "Noise", 10, ("city", "environment"), ("夜间施工噪音扰民", "广场音响音量过大", "商铺外放喇叭扰民"), TOURISM, 1.0),
    DemoCategory("welfare", "request", "救助帮扶", "Social assistance", 9, ("civil",), ("咨询临时救助申请办理", "低保动态调整进度查询", "困难家庭住房修缮求助"), EVEN, 0.3),
    DemoCategory("insurance", "request", "医保社保", "Insurance", 9, ("labour", "health"), ("异地就医备案办理咨询", "城乡居民养老保险缴费查询"), YEAR_END, 0.6),
    DemoCategory("repair", "request", "道路修缮", "Road repair", 9, ("transport", "city"), ("村道坑洼请求修补", "人行道地砖松动", "排水盖板缺失"), RAIN, 0.5),
    DemoCategory("lighting", "request", "路灯照明", "Street lighting", 7, ("city",), ("路灯不亮影响夜间出行", "新建道路请求增设路灯"), EVEN, 0.7),
    DemoCategory("papers", "request", "户籍证件", "Permits and papers", 6, ("police", "civil"), ("户口迁移材料咨询", "居住证续签办理咨询"), EVEN, 0.6),
    DemoCategory("farming", "request", "农技服务", "Farm services", 6, ("agriculture",), ("橡胶白粉病防治求助", "水稻种植补贴咨询", "茶园病虫害防治求助"), HARVEST, 0.0),
    DemoCategory("schooling", "request", "入学教育", "Schooling", 5, ("education",), ("随迁子女入学政策咨询", "校车线路调整建议"), (0.5, 0.5, 0.8, 1.0, 1.4, 2.0, 2.6, 3.0, 1.6, 0.6, 0.4, 0.4), 0.7),
    DemoCategory("animals", "request", "犬只管理", "Stray animals", 4, ("city", "police"), ("小区流浪犬较多请求处置", "犬只未拴绳惊扰行人"), EVEN, 0.8),
    DemoCategory("advice", "request", "政策咨询", "Advice", 5, ("petitions", "justice"), ("惠农补贴发放时间咨询", "法律援助申请条件咨询", "建房审批流程咨询"), EVEN, 0.4),
)
# fmt: on
BY_CODE = {category.code: category for category in CATEGORIES}
