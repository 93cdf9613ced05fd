"""Quick phrases for the result of a settlement, by category, in Chinese and English."""

from __future__ import annotations

# fmt: off
RESULT_PHRASES: dict[str, tuple[tuple[str, str], ...]] = {
    "family": (("经调解双方和解", "Reconciled after mediation"), ("达成协议，依协议履行", "Agreement reached and being kept"), ("已告知依法诉讼途径", "Informed of the way to court")),
    "neighbour": (("经调解双方和解", "Reconciled after mediation"), ("达成协议并已履行", "Agreement reached and carried out"), ("现场排除妨碍，双方认可", "Obstruction removed on site, both sides content")),
    "lending": (("达成分期还款协议", "Repayment by instalments agreed"), ("欠款已还清", "Debt paid"), ("引导依法起诉", "Referred to the court")),
    "land": (("现场勘界，双方签字确认", "Boundary surveyed on site and signed by both"), ("达成协议并已履行", "Agreement reached and carried out"), ("引导申请仲裁", "Referred to arbitration")),
    "forest": (("现场勘界，双方签字确认", "Boundary surveyed on site and signed by both"), ("依权属凭证调处，双方认可", "Settled by the title documents, both sides content"), ("引导申请确权", "Referred for registration of title")),
    "demolition": (("补偿方案已说明，签订协议", "Compensation explained, agreement signed"), ("补偿款已兑付", "Compensation paid"), ("引导依法救济", "Referred to legal remedy")),
    "labour": (("拖欠工资已足额支付", "Wages owed paid in full"), ("达成分期支付协议", "Payment by instalments agreed"), ("引导申请劳动仲裁", "Referred to labour arbitration")),
    "property": (("物业已整改，业主认可", "Management has put it right, owners content"), ("达成协议并已履行", "Agreement reached and carried out")),
    "traffic": (("达成赔偿协议并已履行", "Compensation agreed and paid"), ("达成分期赔偿协议", "Compensation by instalments agreed"), ("引导依法起诉", "Referred to the court")),
    "medical": (("达成协议并已履行", "Agreement reached and carried out"), ("引导申请医疗损害鉴定", "Referred for an expert opinion")),
    "consumer": (("商家已退款或换货", "Trader has refunded or exchanged"), ("达成赔偿协议并已履行", "Compensation agreed and paid")),
    "tourism": (("商家已退款", "Trader has refunded"), ("达成赔偿协议并已履行", "Compensation agreed and paid")),
    "produce": (("货款已结清", "Purchase price paid"), ("重新计量，双方认可", "Weighed again, both sides content")),
    "border": (("经调解双方和解", "Reconciled after mediation"), ("已移交主管部门办理", "Handed to the competent authority")),
    "fight": (("已制止，双方接受处理", "Stopped, both sides accept the outcome"), ("达成治安调解协议", "Settled by police mediation"), ("已立案查处", "Case opened by the police")),
    "theft": (("财物已追回", "Property recovered"), ("已立案侦查，并告知报案人", "Investigation opened, the reporter informed")),
    "fraud": (("已止付并立案", "Payment stopped, case opened"), ("已开展劝阻和反诈宣传", "Dissuaded and advised")),
    "damage": (("达成赔偿协议并已履行", "Compensation agreed and paid"), ("已立案查处", "Case opened by the police")),
    "fire": (("隐患已当场整改", "Put right on the spot"), ("已限期整改并复查合格", "Put right within the time set, re-inspected")),
    "forest_fire": (("火情已扑灭，现场看守", "Fire out, site watched"), ("核查无火情", "Checked, no fire")),
    "landslide": (("已设警示并转移避险，险情解除", "Warned and moved to safety, danger over"), ("已纳入监测点", "Taken into the monitoring list"), ("已完成工程治理", "Engineering works done")),
    "flood": (("险情已排除", "Danger removed"), ("已疏通清淤", "Cleared and dredged")),
    "road": (("隐患已排除，恢复通行", "Danger removed, road open"), ("已设警示标志", "Warning signs set up")),
    "elephant": (("象群已离开，解除预警", "Elephants gone, warning lifted"), ("损失已登记理赔", "Damage recorded for compensation")),
    "site": (("隐患已整改，复查合格", "Put right and re-inspected"), ("已责令停工整改", "Work stopped until put right")),
    "food": (("问题食品已下架处理", "Goods taken off the shelf"), ("已立案查处", "Case opened"), ("抽检合格", "Sample passed")),
    "sanitation": (("已清运干净", "Cleared away"), ("已落实日常保洁", "Regular cleaning arranged")),
    "utilities": (("已恢复供水供电", "Supply restored"), ("属计划检修，已告知恢复时间", "Planned works, time of restoration told")),
    "noise": (("已劝停，现场安静", "Asked to stop, quiet now"), ("已责令整改", "Ordered to put it right")),
    "welfare": (("已纳入救助", "Taken into assistance"), ("已发放临时救助", "Temporary assistance paid"), ("经核不符合条件，已说明政策", "Not eligible, the rules were explained")),
    "insurance": (("已办理完成", "Done"), ("已说明政策和办理途径", "Rules and the way explained")),
    "repair": (("已修复，恢复通行", "Repaired, road open"), ("已列入维修计划并告知", "On the repair plan, told so")),
    "lighting": (("已修复，恢复照明", "Repaired, light on"), ("已列入新装计划并告知", "On the installation plan, told so")),
    "papers": (("已办理完成", "Done"), ("已一次性告知所需材料", "Told once and for all what is needed")),
    "farming": (("已现场指导", "Advised on site"), ("已提供技术资料", "Material handed out")),
    "schooling": (("已协调入学", "A place was found"), ("已说明招生政策", "Admission rules explained")),
    "animals": (("已处置，隐患消除", "Dealt with, danger over"), ("已督促规范饲养", "Keeper told to keep to the rules")),
    "advice": (("已答复，咨询人无异议", "Answered, no objection"), ("已转主管部门答复", "Passed to the department for an answer")),
}
# fmt: on


def result_phrases(category: str) -> dict[str, list[str]]:
    zh, en = zip(*RESULT_PHRASES[category], strict=True)
    return {"zh_CN": list(zh), "en": list(en)}
