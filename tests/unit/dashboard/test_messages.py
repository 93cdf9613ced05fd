"""What messages say, and why they did not leave, in both languages."""

from __future__ import annotations

import pytest

from dashboard.pages.messages import reason
from dashboard.words.messages import words
from dashboard.words.texts import text
from data.outbox.messages import TOPICS, Refusal

FACTS = {"case_no": "20260310-C1-0001", "body": "第一调解室", "kind": "dispute", "area": "朝阳社区"}


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_says_which_case_where_and_to_whom(topic: str, locale: str):
    facts = FACTS | {"status": "signed", "step": "sign", "due_at": "2026-03-10T04:00:00+00:00"}
    title, told = words(topic, facts, locale=locale, zone="Asia/Shanghai")
    assert title and "{" not in title + told and topic not in title
    for part in (FACTS["case_no"], FACTS["body"], FACTS["area"]):
        assert part in told


def test_a_clock_tells_its_deadline_in_the_zone_of_the_deployment():
    facts = FACTS | {"step": "sign", "due_at": "2026-03-10T04:00:00+00:00"}
    title, told = words("clock.passed", facts, locale="zh_CN", zone="Asia/Shanghai")
    assert title == "签收已超期"
    assert (
        told
        == "矛盾纠纷案件 20260310-C1-0001（朝阳社区）：签收已超期，时限 2026年3月10日 12:00，请及时办理。收件单位：第一调解室。"
    )


@pytest.mark.parametrize(
    ("recorded", "zh", "en"),
    [
        ("no address", "没有登记联系方式", "No address is on record"),
        ("no answer (timeout)", "网关没有应答（timeout）", "The gateway gave no answer (timeout)"),
        ("answered 404", "网关答复 404", "The gateway answered 404"),
        ("recipient refused 550", "邮箱拒收（550）", "The mailbox refused it (550)"),
        ("", "", ""),
        ("something of an older version", "something of an older version", "something of an older version"),
    ],
)
def test_a_reason_is_told_in_the_language_of_the_reader(recorded: str, zh: str, en: str):
    assert (reason(recorded, "zh_CN"), reason(recorded, "en")) == (zh, en)


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_paused_route_is_named_with_what_refused_it(refusal: Refusal, locale: str):
    title, told = words("route.paused", {"route": "sms", "refusal": refusal.value}, locale=locale, zone="Asia/Shanghai")
    assert "sms" in title and text(f"refusal.{refusal.value}", locale) in told


@pytest.mark.parametrize(("locale", "said"), [("zh_CN", "2026年3月6日 24:00"), ("en", "6 Mar 2026 24:00")])
def test_a_deadline_at_midnight_is_the_end_of_the_working_day(locale: str, said: str):
    facts = FACTS | {"status": "signed", "step": "settle", "due_at": "2026-03-06T16:00:00+00:00"}
    assert said in words("clock.reminder", facts, locale=locale, zone="Asia/Shanghai")[1]
