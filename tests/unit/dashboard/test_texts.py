"""Every word that is asked for exists in each language, and nothing is kept that nobody asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.pages import audit, displays, profile, users
from dashboard.pages.certificate import FAULTS
from dashboard.panels.case_lists import KINDS, SEVERITIES
from dashboard.panels.move_forms import fields_of
from dashboard.words.access_csv import HEADINGS
from dashboard.words.texts import LOCALES, MissingText, catalogue, known_locale, text, texts_for_client
from data.commands.tier_rules import Reason
from rules.access import Role
from rules.access_log import Access, Via
from rules.access_log import Outcome as AccessOutcome
from rules.cases import SKILLS, Source, Status
from rules.checks import CONDITIONS
from rules.effects import Rule
from rules.errors import CATALOGUE
from rules.mediation import Agreement, Attendee, Method, Outcome, Supervision
from rules.metrics import MEASURES, METRICS, Basis
from rules.moves import MOVES, OFFERED
from rules.ranking import BELOW, CHOICES, PARTS
from rules.sla import Step
from rules.tier_rule import FAULTS as RULE_FAULTS
from web.middleware.access_log import READINGS

ROOT = Path(__file__).parents[3]
ROOMS = ("dashboard", "callbacks", "layers", "web", "rules")
LITERAL = re.compile(r"""\b(?:text|text_or)\(\s*['"]([a-z][\w.-]+)['"]""")
#: What can be wrong with a field of a form (rules/errors.py).
FAULT = re.compile(r"""\bFault\([^,]+,\s*"(\w+)\"""")
FAMILY = re.compile(r"""\b(?:text|text_or)\(\s*(?:f"([a-z][\w.-]*)\{|`([a-z][\w.-]*)\$\{)""")


def faults_in(room: Path) -> set[str]:
    return {code for path in room.rglob("*.py") for code in FAULT.findall(path.read_text("utf-8"))}


# Families whose members are named in data, and texts that a grid or a calendar asks for by itself.
FAMILIES = {
    "kind.": KINDS,
    "severity.": SEVERITIES,
    "status.": [status.value for status in Status],
    "role.": [role.value for role in Role],
    "source.": [source.value for source in Source],
    "tier.": ("key", "watch", "normal"),
    "tier.mark.": ("key", "watch", "normal"),
    "metric.": list(METRICS),
    "measure.": [
        *(f"{name}.{part}" for name in METRICS for part in ("definition", "numerator")),
        *(f"{name}.denominator" for name in MEASURES),
    ],
    "measure.basis.": list(Basis),
    "brief.": [
        *(f"{what}.{way}" for what in ("reported", "settled") for way in ("unknown", "below", "usual", "above")),
        *("category.above", "child.above", "grave", "present"),
        *("on_time_signing", "first_mediation_success", "one_time_settlement", "return_rate", "repeat_rate"),
    ],
    "move.": sorted(MOVES),
    "act.": sorted(MOVES),
    "rule.": list(Rule),
    "step.": list(Step),
    "message.": [f"clock.{name}" for name in ("reminder", "passed", "passed_twice")],
    "method.": list(Method),
    "attendee.": list(Attendee),
    "outcome.": list(Outcome),
    "agreement.": list(Agreement),
    "supervision.": list(Supervision),
    "satisfaction.": list("12345"),
    "skill.": list(SKILLS),
    "choice.": list(CHOICES),
    "part.": list(PARTS),
    "below.": list(BELOW),
    "form.": sorted(
        {
            f"to.{name}" if field == "to" else field
            for name, move in MOVES.items()
            if name in OFFERED
            for field in fields_of(move)
        }
    ),
    "condition.": [*CONDITIONS, "not_centre", "not_below", "holder", "too_many", "same", "closed", "kind", "scope"],
    "error.": sorted(CATALOGUE),
    "audit.act.": list(Access),
    "audit.outcome.": list(AccessOutcome),
    "audit.via.": list(Via),
    "audit.part.": sorted({one.part for one in READINGS.values()} | {"mine", "conflict"}),
    "audit.field.": list(audit.FIELDS),
    "audit.column.": sorted({*audit.COLUMNS, *HEADINGS}),
    "certificate.fault.": sorted(set(FAULTS.values())),
    "field.": sorted({code for path in (ROOT / "rules", ROOT / "data", ROOT / "web") for code in faults_in(path)} | {*RULE_FAULTS}),
    "rule.reason.": list(Reason),
    "users.column.": list(users.COLUMNS),
    "users.search.": list(users.FIELDS),
    "users.state.": list(users.STATES),
    "displays.column.": list(displays.COLUMNS),
    "displays.state.": ["new", "live", "silent", "revoked"],
    "profile.": list(profile.FACTS),
    "stage.": [str(number) for number in range(1, 7)],
}
OPEN_FAMILIES = ("reason.", "js.list.", "js.live.", "tier.", "layer.", "place.")


def sources() -> list[str]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".mjs", ".html")]
    return [path.read_text("utf-8") for path in files]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_asked_for_by_name_exists(locale: str) -> None:
    asked = {key for source in sources() for key in LITERAL.findall(source)}
    assert sorted(asked - set(catalogue(locale))) == []


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_has_words(locale: str, family: str) -> None:
    missing = [name for name in FAMILIES[family] if family + name not in catalogue(locale)]
    assert missing == []


def test_no_text_is_kept_that_nobody_asks_for() -> None:
    everything = "\n".join(sources())
    families = (
        {part for pair in FAMILY.findall(everything) for part in pair if part} | set(FAMILIES) | set(OPEN_FAMILIES)
    )
    unused = [
        key
        for key in catalogue("zh_CN")
        if not key.startswith(tuple(families)) and f'"{key}"' not in everything and f"'{key}'" not in everything
    ]
    assert unused == []


def test_languages_say_the_same_things() -> None:
    first, second = (catalogue(locale) for locale in LOCALES)
    assert sorted(first) == sorted(second)
    places = {key: [set(re.findall(r"\{(\w+)\}", str(words[key]))) for words in (first, second)] for key in first}
    assert [key for key, (one, other) in places.items() if one != other] == []


def test_english_is_complete() -> None:
    marks = ("tier.mark.", "language.")
    chinese = [
        key
        for key, words in catalogue("en").items()
        if re.search(r"[\u4e00-\u9fff]", str(words)) and not key.startswith(marks)
    ]
    assert chinese == []


@pytest.mark.parametrize(
    ("n", "words"),
    [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (21, "21 cases"), ("1", "1 case"), ("1,001", "1,001 cases")],
)
def test_a_count_takes_its_plural_form(n: int | str, words: str) -> None:
    assert text("js.map.cluster", "en", n=n) == words
    assert text("js.map.cluster", "zh_CN", n=n).startswith(str(n))


def test_every_english_text_with_plural_forms_says_its_number_by_n() -> None:
    plural = {key: words for key, words in catalogue("en").items() if isinstance(words, tuple)}
    assert plural and all(len(forms) == 2 and all("{n}" in form for form in forms) for forms in plural.values())


def test_the_browser_gets_all_plural_forms() -> None:
    assert texts_for_client("en")["js.map.cluster"] == ("{n} case", "{n} cases")


def test_a_missing_text_is_an_error() -> None:
    with pytest.raises(MissingText):
        text("no.such.key", "en")


def test_unknown_locale_falls_back_to_the_default() -> None:
    assert known_locale("fr") == known_locale(None) == "zh_CN"
    assert text("metric.open", "fr") == text("metric.open", "zh_CN")


def test_the_browser_gets_its_own_words_and_those_of_codes() -> None:
    given = texts_for_client("en")
    assert given["status.waiting"] == "Waiting"
    assert not any(key.startswith("case.") for key in given)
