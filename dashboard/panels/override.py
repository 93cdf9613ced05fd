"""The form by which a person holds a grid in a tier; which grid it is about comes with the button that opens it."""

from __future__ import annotations

from dash import html

from dashboard import ids
from dashboard.panels import api_forms
from dashboard.panels.api_forms import Sending
from dashboard.panels.options import Input
from dashboard.view_models import Reader
from dashboard.words.texts import text
from rules.access import Act, Role, may

TIERS = ("key", "watch", "normal")
LONGEST_REASON = 500


def override_dialogs(reader: Reader) -> list[html.Dialog]:
    """Setting it, and the question before it is ended; none for who may do neither."""
    if not may(Role(reader.role), Act.override_tier):
        return []
    name, locale = ids.OVERRIDE_DIALOG, reader.locale
    until = Input(id=f"{name}-until", name="until", type="datetime-local", className="input")
    fields = [
        api_forms.one_of(
            name, "tier", text("override.tier", locale), [(tier, text(f"tier.{tier}", locale)) for tier in TIERS]
        ),
        api_forms.typed(
            name,
            "reason",
            text("override.reason", locale),
            hint=text("override.reason.hint", locale),
            most=LONGEST_REASON,
        ),
        api_forms.field(name, "until", text("override.until", locale), until, hint=text("override.until.hint", locale)),
    ]
    sending = Sending("PUT", refresh=ids.WHY_REFRESH, told=text("override.done", locale))
    form = api_forms.form_dialog(
        name,
        text("override.title", locale),
        fields,
        sending,
        locale,
        submit=text("override.submit", locale),
        keeps=True,
    )
    return [form, api_forms.confirm_dialog(locale)]
