"""E-mail by SMTP, plain or with STARTTLS or TLS."""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from data.outbox.deadline import Deadline, checked_timeout
from data.outbox.messages import (
    Failure,
    Message,
    Refusal,
    Rejected,
    RouteRefused,
    Unanswered,
    Unavailable,
    Unreached,
    Unsent,
)

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


AUTHENTICATION = frozenset({530, 534, 535, 538})
FULL = frozenset({422, 452, 552})
ENHANCED = re.compile(rb"\b[245]\.(\d{1,3}\.\d{1,3})\b")
#: RFC 3463: the mailbox is full; the system is; a limit of the sender's; a sender that is not taken.
MAILBOX_FULL, SYSTEM_FULL, SENDER = frozenset({"2.2"}), frozenset({"3.1", "4.5"}), frozenset({"1.7", "1.8", "7.3"})
LIMIT = re.compile(rb"quota|\blimit|too many|\brate\b|frequency", re.IGNORECASE)
RELAY = re.compile(rb"relay", re.IGNORECASE)


def failure_of(error: Exception, *, timeout: bool = False) -> Failure:
    """What a mail server's refusal means: of this message or its address, for now, or of the sender."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values(), default=(550, b""))
        return _recipient(code, _bytes(words))
    if isinstance(error, smtplib.SMTPResponseException):
        return _answered(error, error.smtp_code, _bytes(error.smtp_error))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        if "UTF8" in str(error):
            return Rejected("recipient refused (SMTPUTF8)")
        return RouteRefused(f"refused ({type(error).__name__})", Refusal.credentials)
    return Unanswered(f"no answer ({'timeout' if timeout else type(error).__name__})")


def _recipient(code: int, words: bytes) -> Failure:
    said = f"recipient refused {code}"
    if code in AUTHENTICATION:
        return RouteRefused(f"answered {code}", Refusal.credentials)
    if RELAY.search(words):
        return RouteRefused(f"answered {code}", Refusal.sender)
    if _enhanced(words) in SYSTEM_FULL and code >= 500:
        return RouteRefused(f"answered {code}", Refusal.quota)
    if code < 500 or code in FULL or _enhanced(words) in MAILBOX_FULL:
        return Unsent(said)
    return Rejected(said)


def _answered(error: smtplib.SMTPResponseException, code: int, words: bytes) -> Failure:
    """A refusal before or after the recipients: of the login, the sender, or the message itself."""
    said = f"answered {code}"
    if code in AUTHENTICATION or (isinstance(error, smtplib.SMTPAuthenticationError) and code >= 500):
        return RouteRefused(said, Refusal.credentials)
    if code in FULL or _enhanced(words) in SYSTEM_FULL | MAILBOX_FULL or (code >= 500 and LIMIT.search(words)):
        return RouteRefused(said, Refusal.quota)
    if code < 500:
        return (Unavailable if code == 421 else Unsent)(said)
    if isinstance(error, smtplib.SMTPDataError) and _enhanced(words) not in SENDER:
        return Rejected(said)
    return RouteRefused(said, Refusal.sender)


def _enhanced(words: bytes) -> str:
    match = ENHANCED.search(words)
    return match[1].decode() if match else ""


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode("utf-8", "replace")


class _Watched:
    """Hands each connection to the deadline as soon as there is one: before the greeting, which may drip as well."""

    def __init__(self, deadline: Deadline, *said: Any, **named: Any) -> None:
        self.deadline = deadline
        super().__init__(*said, **named)

    def _get_socket(self, host: str, port: int, timeout: float) -> Any:
        made = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        self.deadline.cuts(made)
        return made


class _Plain(_Watched, smtplib.SMTP):
    pass


class _Tls(_Watched, smtplib.SMTP_SSL):
    pass


class SmtpAdapter:
    """One connection a message: a desk gets few. `security`: none, starttls or tls; `timeout_s` for the whole exchange."""

    def __init__(
        self, host: str, *, sender: str, port: int = 25, security: str = "none", username: str = "", password: str = "",
        timeout_s: float = 20.0,
    ) -> None:  # fmt: skip
        if security not in ("none", "starttls", "tls"):
            raise ValueError("security has to be none, starttls or tls")
        if username and security == "none" and host not in LOOPBACK:
            raise ValueError("a password does not travel in the clear: security has to be starttls or tls")
        if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536:
            raise ValueError("port has to be a number from 1 to 65535")
        if not isinstance(host, str) or not host or not isinstance(sender, str) or "@" not in sender:
            raise ValueError("host and sender (an address) are needed")
        self.host, self.port, self.sender, self.security = host, port, sender, security
        self.username, self.password, self.timeout_s = username, password, checked_timeout(timeout_s)

    def send(self, message: Message) -> None:
        mail = self._mail(message)
        with Deadline(self.timeout_s) as deadline:
            server = self._connected(deadline)
            try:
                if self.username:
                    server.login(self.username, self.password)
                server.send_message(mail)
                # it is accepted: what the server says to the farewell changes nothing
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    server.quit()
            except (smtplib.SMTPException, OSError) as error:
                raise failure_of(error, timeout=deadline.passed) from None
            finally:
                server.close()

    def _connected(self, deadline: Deadline) -> smtplib.SMTP:
        try:
            return self._connect(deadline)
        except smtplib.SMTPResponseException as error:
            raise failure_of(error) from None
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Unreached(f"no answer ({'timeout' if deadline.passed else type(error).__name__})") from None
        except smtplib.SMTPException as error:
            # no STARTTLS where it is asked for
            raise RouteRefused(f"refused ({type(error).__name__})") from None

    def _connect(self, deadline: Deadline) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return _Tls(deadline, self.host, self.port, timeout=self.timeout_s, context=context)
        server = _Plain(deadline, self.host, self.port, timeout=self.timeout_s)
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
            deadline.cuts(server.sock)
        return server

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.address, message.title
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.key}@gridboard>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("\n\n".join(part for part in (message.text, message.link) if part))
        return mail
