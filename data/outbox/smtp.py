"""E-mail by SMTP, plain or with STARTTLS or TLS."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

from data.outbox.messages import Message, Rejected, Unsent


class SmtpAdapter:
    """One connection a message: a desk gets few. `security`: none, starttls or tls."""

    def __init__(
        self, host: str, *, port: int = 25, sender: str, security: str = "none", username: str = "", password: str = "",
        timeout_s: float = 10.0,
    ) -> None:  # fmt: skip
        self.host, self.port, self.sender, self.security = host, port, sender, security
        self.username, self.password, self.timeout_s = username, password, timeout_s

    def send(self, message: Message) -> None:
        try:
            with self._connect() as server:
                if self.username:
                    server.login(self.username, self.password)
                server.send_message(self._mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (Rejected if all(code >= 500 for code in codes) else Unsent)(f"recipient refused {codes}") from None
        except smtplib.SMTPResponseException as error:
            raise (Rejected if error.smtp_code >= 500 else Unsent)(f"answered {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unsent(f"no answer ({type(error).__name__})") from None

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout_s, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        if self.security == "starttls":
            server.starttls(context=context)
        return server

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, message.address, message.title
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = f"<{message.key}@gridboard>"
        mail.set_content("\n\n".join(part for part in (message.text, message.link) if part))
        return mail
