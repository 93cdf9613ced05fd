"""Answers of gateways in every form that was met: the same code is recognised in all of them, and nothing else is."""

from __future__ import annotations

import pytest

from data.outbox.answers import Answer, Codes, checked_codes, fields_of, judge, read_answer, same, shown
from data.outbox.messages import Misdirected, Refusal, Rejected, RouteRefused, Unavailable, Unclear, Unsent
from data.outbox.smtp import failure_of

OK = checked_codes(ok={"code": 0})

SUCCESSES = [
    (b'{"code": 0}', None),
    (b'{"code": "0"}', None),
    (b'{"code": " 0 "}', None),
    (b'{"code": 0.0}', None),
    (b'{"code": "0.00"}', None),
    (b'{"code": "000000"}', None),
    (b'{"Code": 0}', None),
    (b'\xef\xbb\xbf{"code": 0}', None),
    (b'\xef\xbb\xbf\r\n {"code": 0}\r\n', "iso-8859-1"),
    ('{"code": 0, "msg": "成功"}'.encode("gb18030"), None),
    ('{"code": 0, "msg": "成功"}'.encode("gbk"), "gb2312"),
    ('{"code": 0, "msg": "成功"}'.encode("gbk"), "utf-8"),
    ('{"code": 0}'.encode("utf-16"), None),
    ('\ufeff{"code": 0}'.encode("utf-16-be"), None),
    (b'{"code": 0}\0', "no-such-charset"),
    (b'"{\\"code\\": 0}"', None),
    (b'callback({"code":"0"});', None),
    (b")]}',\n{\"code\":0}", None),
    (b'result: {"code": 0}', None),
    (b'<?xml version="1.0" encoding="utf-8"?><string xmlns="http://tempuri.example/">{"code":0}</string>', None),
    (b"<string>{&quot;code&quot;:&quot;0&quot;}</string>", None),
    (b"<response><code>0</code><msg>ok</msg></response>", None),
    (b'<r:response xmlns:r="urn:x"><r:code>0</r:code></r:response>', None),
    (b'<response code="0">fine</response>', None),
    ('<?xml version="1.0" encoding="GBK"?><returnsms><code>0</code><message>成功</message></returnsms>'.encode("gbk"), "gbk"),
    (b"code=0&msg=ok", None),
    (b"code=0\r\nmsg=ok\r\n", None),
    (b"code:0", None),
    (b'[{"code": 0}]', None),
]  # fmt: skip


@pytest.mark.parametrize(("content", "charset"), SUCCESSES)
def test_one_success_in_many_forms(content: bytes, charset: str | None):
    judge(Answer(200, content, charset), OK)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"  \r\n", b"{}", b"[]", b"null", b'{"code": null}', b'{"code": 1}', b'{"code": "1001"}', b'{"code": true}',
        b'{"code": false}', b'{"code": ""}', b'{"code": []}', b'{"code": {"code": 1}}', b"OK", b"<html><body>log in</body></html>",
        b"<p>unclosed", b'{"code": 0', b'{"msg": "code 0"}', b'{"code": "0x"}', b'[{"code": 0}, {"code": 1}]', b"\xff\xfe\x00",
        b'<!DOCTYPE a [<!ENTITY b "0">]><r><code>&b;</code></r>', b'{"code": "00:00"}', b'{"data": {"code": 0}}',
        b"<a>" * 9000 + b"</a>" * 9000, b"[" * 60000, b'{"a":' * 9000, b"=" * 60000, b"x@" * 30000,
        b'{"code": "' + b"x" * 60000 + b'"}',
    ],
)  # fmt: skip
def test_what_is_no_success_is_not_understood(content: bytes):
    with pytest.raises(Unclear) as unclear:
        judge(Answer(200, content), OK)
    assert unclear.value.field == "code" and unclear.value.expected == '"0"' and unclear.value.was


@pytest.mark.parametrize(
    ("path", "content", "found"),
    [
        ("result.0.code", b'{"result": [{"code": 0}, {"code": 7}]}', [0]),
        ("result[1].code", b'{"result": [{"code": 0}, {"code": 7}]}', [7]),
        ("result[].code", b'{"result": [{"code": 0}, {"code": 7}]}', [0, 7]),
        ("result.code", b'{"result": [{"code": 0}, {"code": 7}]}', [0, 7]),
        ("result.9.code", b'{"result": [{"code": 0}]}', []),
        ("code", b'{"code": [0]}', [0]),
        ("Response.SendStatusSet[0].Code", b'{"Response": {"SendStatusSet": [{"Code": "Ok"}]}}', ["Ok"]),
        ("data.code", b'{"data": "{\\"code\\": 3}"}', [3]),
        ("returnsms.code", b"<returnsms><code>0</code></returnsms>", ["0"]),
        ("sms.code", b"<r><sms><code>0</code></sms><sms><code>5</code></sms></r>", ["0", "5"]),
        (".", b"OK", ["OK"]),
        (".", b"0", [0]),
        ("0", b"0,20261125,881", ["0"]),
        ("1", b"success|88", ["88"]),
        ("0", b"1 rejected", ["1"]),
        (".", b'{"code": 0}', []),
        (".", b"", []),
    ],
)
def test_a_code_is_found_wherever_it_stands(path: str, content: bytes, found: list):
    assert fields_of(read_answer(content), path) == found


@pytest.mark.parametrize(
    ("value", "wanted", "alike"),
    [
        ("0", 0, True), (0, "0", True), (0.0, 0, True), ("OK", "ok", True), (True, "true", True), ("True", True, True),
        (1, True, True), (True, 1, False), (False, 0, False), (0, False, True), ("01", 1, False), ("-1", -1, True),
        ("10", 1, False), (None, None, True), ("", 0, False), ([0], 0, False), (200.0, "200", True), ("1.5", 1.5, True),
    ],
)  # fmt: skip
def test_codes_are_compared_as_text(value, wanted, alike: bool):
    assert same(value, wanted) is alike


def test_a_body_that_broke_off_counts_only_where_it_is_read():
    judge(Answer(200, b'{"co', whole=False, broke="timeout"), Codes())
    with pytest.raises(Unclear, match="answered code None") as unclear:
        judge(Answer(200, b'{"co', whole=False, broke="timeout"), OK)
    assert unclear.value.was == "the answer was cut off"


@pytest.mark.parametrize(
    ("content", "failure"),
    [(b'{"code": "4001"}', Rejected), (b'{"code": 5}', Unsent), (b'{"code": 66}', RouteRefused), (b'{"code": 67}', Unclear)],
)
@pytest.mark.parametrize("status", [200, 400, 503])
def test_the_codes_of_a_route_say_what_is_final(content: bytes, failure: type, status: int):
    codes = checked_codes(ok={"code": 0}, final={"code": [4001, 4002]}, again={"code": 5}, pause={"code": [66, "QUOTA"]})
    if failure is Unclear and status != 200:
        failure = Rejected if status == 400 else Unavailable
    with pytest.raises(failure) as failed:
        judge(Answer(status, content), codes)
    assert type(failed.value) is failure


@pytest.mark.parametrize(
    ("status", "failure", "refusal"),
    [
        (401, RouteRefused, Refusal.credentials), (403, RouteRefused, Refusal.credentials),
        (407, RouteRefused, Refusal.credentials), (511, RouteRefused, Refusal.credentials),
        (402, RouteRefused, Refusal.quota), (429, RouteRefused, Refusal.quota), (400, Rejected, None),
        (422, Rejected, None), (404, Misdirected, None), (302, Misdirected, None), (405, Misdirected, None),
        (408, Unsent, None), (500, Unavailable, None), (503, Unavailable, None),
    ],
)  # fmt: skip
def test_a_status_says_who_is_refused(status: int, failure: type, refusal: Refusal | None):
    with pytest.raises(failure) as failed:
        judge(Answer(status, b'{"code": 0}'), OK)
    assert type(failed.value) is failure and getattr(failed.value, "refusal", None) == refusal


@pytest.mark.parametrize("wrong", [[1], {"code": []}, {"code": {"a": 1}}, {"code": [[0]]}, "code"])
def test_codes_have_to_be_fields_and_values(wrong):
    with pytest.raises(ValueError, match="ok has to name"):
        checked_codes(ok=wrong)


@pytest.mark.parametrize(
    "secret", ["13800138000", "+86 138 0013 8000", "0691-2123456", "duty@centre.example", "a 1234567 b", "KEYKEY"]
)
def test_what_is_shown_holds_no_number_and_no_address(secret: str):
    told = shown(f"x {secret} y", ["KEYKEY"])
    assert secret not in told and "***" in told
    assert len(shown("x" * 500)) < 50


def mail_errors():
    import aiosmtplib as s

    def rcpt(code: int, words: str = "") -> Exception:
        return s.SMTPRecipientsRefused([s.SMTPRecipientRefused(code, words, "a@b")])

    credentials, quota, sender = Refusal.credentials, Refusal.quota, Refusal.sender
    return [
        (s.SMTPAuthenticationError(535, "5.7.8 bad"), RouteRefused, credentials),
        (s.SMTPAuthenticationError(534, "5.7.9 use a token"), RouteRefused, credentials),
        (s.SMTPAuthenticationError(550, "no"), RouteRefused, credentials),
        (s.SMTPAuthenticationError(454, "4.7.0 later"), Unsent, None),
        (s.SMTPException("The SMTP AUTH extension is not supported by this server."), RouteRefused, credentials),
        (s.SMTPNotSupported("SMTPUTF8 not supported by server"), Rejected, None),
        (s.SMTPSenderRefused(530, "5.7.0 authenticate first", "g@x"), RouteRefused, credentials),
        (s.SMTPSenderRefused(553, "5.7.1 not yours", "g@x"), RouteRefused, sender),
        (s.SMTPSenderRefused(450, "4.7.1 greylisted", "g@x"), Unsent, None),
        (s.SMTPSenderRefused(452, "4.3.1 full", "g@x"), RouteRefused, quota),
        (s.SMTPSenderRefused(552, "", "g@x"), RouteRefused, quota),
        (s.SMTPDataError(550, "5.4.5 Daily user sending quota exceeded"), RouteRefused, quota),
        (s.SMTPDataError(451, "4.7.1 greylisted"), Unsent, None),
        (s.SMTPDataError(554, "5.7.1 looks like spam"), Rejected, None),
        (s.SMTPDataError(552, "5.2.2 over quota"), RouteRefused, quota),
        (s.SMTPConnectResponseError(554, "no service for you"), RouteRefused, sender),
        (s.SMTPConnectResponseError(421, "too busy"), Unavailable, None),
        (rcpt(550, "5.1.1 unknown"), Rejected, None),
        (rcpt(551), Rejected, None),
        (rcpt(450, "4.2.0 greylisted"), Unsent, None),
        (rcpt(451), Unsent, None),
        (rcpt(452, "4.2.2 mailbox full"), Unsent, None),
        (rcpt(552, "5.2.2 mailbox full"), Unsent, None),
        (rcpt(550, "5.2.2 mailbox full"), Unsent, None),
        (rcpt(554, "5.7.1 Relay access denied"), RouteRefused, sender),
        (rcpt(530, "5.7.0 authenticate first"), RouteRefused, credentials),
        (rcpt(550, "5.4.5 daily limit"), RouteRefused, quota),
    ]


@pytest.mark.parametrize(("error", "failure", "refusal"), mail_errors(), ids=lambda one: str(one)[:40])
def test_a_mail_server_says_who_is_refused(error: Exception, failure: type, refusal: Refusal | None):
    found = failure_of(error)
    assert type(found) is failure and getattr(found, "refusal", None) == refusal
    assert "unknown" not in str(found) and "@" not in str(found)
