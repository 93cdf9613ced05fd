"""Wording of invented cases: places and matters, never a person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from demo.categories import DemoCategory
from demo.matters import MATTERS, RURAL, SPOTS_TOWN, SPOTS_VILLAGE, TOWNISH
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
MATTERS_OF_KIND = {
    Kind.dispute: ("已现场劝导，暂无过激行为", "双方均有调解意愿", "前期自行协商未果", "网格员将持续关注事态"),
    Kind.incident: ("现场已初步处置，秩序正常", "需进一步核实情况", "已提醒周边群众注意防范"),
    Kind.hazard: (
        "已设置临时警示标识",
        "存在一定安全风险，需尽快整改",
        "已告知周边群众绕行",
        "建议组织专业人员现场评估",
    ),
    Kind.request: ("请核实情况", "希望尽快答复办理时限", "周边群众均有反映", "网格员已先行解释，需部门跟进"),
}
ASKS = {
    Kind.dispute: "请相关单位及时介入调处，防止矛盾升级。",
    Kind.incident: "请依法依规处理，结果及时反馈。",
    Kind.hazard: "请责任单位限期消除隐患，并反馈整改情况。",
    Kind.request: "请按职责办理，办结后回访。",
}
REASONS = {
    "reject": (
        "不属于本级受理范围，已告知办理途径",
        "与已受理事项重复，已告知当事方",
        "已进入诉讼程序，不再重复受理",
        "反映内容经核实不存在",
    ),
    "return": (
        "非本单位事权，建议另行派单",
        "涉及事项需行业部门先行认定",
        "地点不在本单位辖区",
        "材料不全，请补充现场情况后重新派单",
    ),
    "transfer": (
        "经研判需由专业调解组织介入",
        "主要矛盾属其他部门事权，转办处理",
        "当事方申请由县级单位办理",
        "需联合执法，转主办单位牵头",
    ),
    "reopen": ("回访反映问题反弹，重新办理", "履行期内未按协议落实，重新办理", "整改不彻底，要求继续办理"),
    "pause": ("当事方外出务工，约定返乡后继续", "等待司法鉴定意见", "雨季道路中断，待通行后勘验"),
    "supervise": ("超期未办结，发平安提示函督促", "办理进展缓慢，由责任领导包案督办", "超期较久，列入挂牌督办"),
}


def describe(
    rng: np.random.Generator, category: DemoCategory, area: str, short: str, source: Source
) -> tuple[str, str]:
    """Title and description of a case in an area (its name and the grid's own short one)."""
    kind = Kind(category.kind)
    matters, details = MATTERS[category.code]
    matter, detail, more, spot = (
        choices[int(draw * len(choices))]
        for choices, draw in zip(
            (matters, details, MATTERS_OF_KIND[kind], spots(category.code, area)), rng.random(4).tolist(), strict=True
        )
    )
    village = area.removesuffix(short)
    where = spot if matter.startswith("@") else ""
    matter = matter.removeprefix("@")
    return (
        f"{village}{where}{matter}",
        f"{FOUND[source]}：{area}{where}{matter}。{detail}。{more}。{ASKS[kind]}",
    )


def spots(category: str, area: str) -> tuple[str, ...]:
    """Where it can be: what grows or slides does so in the country, what is built or sold is in town."""
    if category in RURAL:
        return SPOTS_VILLAGE
    return SPOTS_TOWN if category in TOWNISH or "社区" in area else SPOTS_VILLAGE


def reason_for(act: str, draw: Callable[[], float]) -> str:
    """A reason as an office would give it for an act that needs one."""
    reasons = REASONS[act]
    return reasons[int(draw() * len(reasons))]
