"""Free texts of a file without hidden letters and personal numbers."""

from __future__ import annotations

from rules.personal_data import contains_personal_data, redacted
from rules.texts import has_visible, without_hidden

HIDDEN = "texts with letters that cannot be seen, taken out"
PERSONAL = "texts with an identity number, a telephone or a bank card, replaced by ***"


def clean_words(text: str | None, notes: list[str], *, lines: bool = True) -> str:
    """The text as it may come in; `notes` gets what was changed. Empty when nothing in it can be seen."""
    given = text or ""
    words = without_hidden(given, lines=lines)
    if words != given:
        notes.append(HIDDEN)
    if contains_personal_data(words):
        notes.append(PERSONAL)
        words = redacted(words)
    return words if has_visible(words) else ""
