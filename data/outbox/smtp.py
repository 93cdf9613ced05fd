"""E-mail by SMTP, plain or with STARTTLS or TLS."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from data.outbox.deadline import Deadline, checked_timeout
from data.outbox.messages import Message, Rejected, Unsent

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


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
            try:
                server = self._connect(deadline)
                try:
                    if self.username:
                        server.login(self.username, self.password)
                    server.send_message(mail)
                    # it is accepted: what the server says to the farewell changes nothing
                    with contextlib.suppress(smtplib.SMTPException, OSError):
                        server.quit()
                finally:
                    server.close()
            except smtplib.SMTPRecipientsRefused as error:
                codes = sorted(code for code, _ in error.recipients.values())
                words = f"recipient refused {' '.join(map(str, codes))}"
                raise (Rejected if all(code >= 500 for code in codes) else Unsent)(words) from None
            except smtplib.SMTPResponseException as error:
                raise (Rejected if error.smtp_code >= 500 else Unsent)(f"answered {error.smtp_code}") from None
            except (smtplib.SMTPException, OSError) as error:
                raise Unsent(f"no answer ({'timeout' if deadline.passed else type(error).__name__})") from None

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
