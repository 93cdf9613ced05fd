"""How an invented case is worded: places and matters, never a person."""

from __future__ import annotations

import numpy as np

from data.demo.categories import DemoCategory
from rules.cases import Kind, Source

FOUND = {
    Source.grid_worker: "网格员日常走访发现",
    Source.resident: "群众通过手机端自报",
    Source.police_110: "110接处警流转",
    Source.civil_affairs: "民政窗口受理时发现",
    Source.court: "人民法院诉前委派",
    Source.justice_office: "司法所受理登记",
    Source.hotline_12345: "12345热线转办",
    Source.inspection: "专项排查发现",
    Source.imported: "历史数据导入",
}
MATTERS = {
    Kind.dispute: ("双方情绪较为激动，已现场劝导", "双方均有调解意愿", "前期自行协商未果", "涉及多户，需现场勘验"),
    Kind.incident: ("现场已初步处置，秩序正常", "需进一步核实情况", "已提醒周边住户注意防范"),
    Kind.hazard: (
        "已设置临时警示标识",
        "存在一定安全风险，需尽快整改",
        "已告知周边群众绕行",
        "建议组织专业人员现场评估",
    ),
    Kind.request: ("请核实办理并反馈", "希望尽快答复办理时限", "涉及周边多户群众", "已解释相关政策，需部门跟进"),
}
ASKS = {
    Kind.dispute: "请相关单位及时介入调处，防止矛盾升级。",
    Kind.incident: "请依法依规处理，结果及时反馈。",
    Kind.hazard: "请责任单位限期消除隐患，并反馈整改情况。",
    Kind.request: "请按职责办理，办结后回访。",
}


def describe(
    rng: np.random.Generator, category: DemoCategory, area: str, short: str, source: Source
) -> tuple[str, str]:
    """Title and description of a case in an area (its name and the grid's own short one)."""
    kind = Kind(category.kind)
    matter = category.titles[int(rng.integers(len(category.titles)))]
    title = f"{area.removesuffix(short)}{matter}"
    more = MATTERS[kind][int(rng.integers(len(MATTERS[kind])))]
    return title, f"{FOUND[source]}：{area}{matter}。{more}。{ASKS[kind]}"
