"""E-mail by SMTP, plain or with STARTTLS or TLS."""

from __future__ import annotations

import asyncio
import re
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from data.outbox.deadline import checked_timeout
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
ENHANCED = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
#: RFC 3463: the mailbox is full; the system is; a limit of the sender's; a sender that is not taken.
MAILBOX_FULL, SYSTEM_FULL, SENDER = frozenset({"2.2"}), frozenset({"3.1", "4.5"}), frozenset({"1.7", "1.8", "7.3"})
LIMIT = re.compile(r"quota|\blimit|too many|\brate\b|frequency", re.IGNORECASE)
RELAY = re.compile(r"relay", re.IGNORECASE)


def failure_of(error: Exception, *, connected: bool = True) -> Failure:
    """What a mail server's refusal means: of this message or its address, for now, or of the sender."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        [refused, *_] = error.recipients
        return _recipient(refused.code, refused.message)
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return _answered(error, error.code, error.message)
    if isinstance(error, aiosmtplib.SMTPNotSupported):
        return Rejected("recipient refused (SMTPUTF8)")
    if isinstance(error, OSError):
        name = "timeout" if isinstance(error, TimeoutError) else type(error.__cause__ or error).__name__
        return (Unanswered if connected else Unreached)(f"no answer ({name})")
    if connected:
        return RouteRefused("refused (AUTH is not supported)", Refusal.credentials)
    return RouteRefused("refused (STARTTLS is not supported)")


def _recipient(code: int, words: str) -> Failure:
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


def _answered(error: Exception, code: int, words: str) -> Failure:
    """A refusal before or after the recipients: of the login, the sender, or the message itself."""
    said = f"answered {code}"
    if code in AUTHENTICATION or (isinstance(error, aiosmtplib.SMTPAuthenticationError) and code >= 500):
        return RouteRefused(said, Refusal.credentials)
    if code in FULL or _enhanced(words) in SYSTEM_FULL | MAILBOX_FULL or (code >= 500 and LIMIT.search(words)):
        return RouteRefused(said, Refusal.quota)
    if code < 500:
        return (Unavailable if code == 421 else Unsent)(said)
    if isinstance(error, aiosmtplib.SMTPDataError) and _enhanced(words) not in SENDER:
        return Rejected(said)
    return RouteRefused(said, Refusal.sender)


def _enhanced(words: str) -> str:
    match = ENHANCED.search(words)
    return match[1] if match else ""


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
        asyncio.run(self._deliver(self._mail(message)))

    async def _deliver(self, mail: EmailMessage) -> None:
        tls, starttls = self.security == "tls", self.security == "starttls"
        server = aiosmtplib.SMTP(hostname=self.host, port=self.port, timeout=None, use_tls=tls, start_tls=starttls)
        connected = accepted = False
        try:
            async with asyncio.timeout(self.timeout_s):
                await server.connect()
                connected = True
                if self.username:
                    await server.login(self.username, self.password)
                await server.send_message(mail)
                accepted = True
                await server.quit()
        except (aiosmtplib.SMTPException, OSError) as error:
            # what the server says to the farewell changes nothing
            if not accepted:
                raise failure_of(error, connected=connected) from None
        finally:
            server.close()

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.address, message.title
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.key}@gridboard>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content("\n\n".join(part for part in (message.text, message.link) if part))
        return mail
