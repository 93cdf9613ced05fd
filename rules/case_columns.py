"""Columns of the lists of cases: what there is, what is shown when nobody chose, and what is written of them on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rules.errors import Problem

#: What one line of a list says together: the mark, the case itself, its clock.
COMPOSED: dict[str, tuple[str, ...]] = {
    "mark": ("severity", "kind"),
    "case": ("case_no", "title", "area", "status"),
    "clock": ("due_at", "reported_at"),
}
FACTS = (
    "case_no", "title", "status", "severity", "kind", "category", "area", "holder", "reported_at", "due_at", "settled_at",
)  # fmt: skip
COLUMNS = (*COMPOSED, *FACTS)
DEFAULT = tuple(COMPOSED)
#: Files and paper when nobody chose.
WRITTEN = (
    "case_no", "title", "severity", "kind", "category", "area", "status", "holder", "reported_at", "due_at", "settled_at",
)  # fmt: skip
#: What a list may be sorted by from its headings: the name that the API knows it by.
SORTED_BY: dict[str, str] = {
    "mark": "severity",
    "case": "title",
    "clock": "due_at",
    **{name: name for name in FACTS if name not in ("area", "holder")},
}


#: The lists that a person sets up, by the set of cases that they show.
LISTS = ("open", "waiting")


@dataclass(frozen=True)
class ListSetting:
    """Columns in their order, and what the list is sorted by."""

    columns: tuple[str, ...] = DEFAULT
    sort: str = ""


def known(columns: Sequence[str], sort: str) -> ListSetting:
    """What is left of a setting of before: columns that are still there, the usual ones for none."""
    left = tuple(dict.fromkeys(column for column in columns if column in COLUMNS))
    return ListSetting(left or DEFAULT, sort if sort.removeprefix("-") in SORTED_BY.values() else "")


def checked(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns in their order. Raises Problem invalid for none, an unknown one and one named twice."""
    wrong = next((one for one in columns if one not in COLUMNS or columns.count(one) > 1), None)
    if wrong is not None or not columns:
        raise Problem("invalid", field="columns", value=wrong or "")
    return tuple(columns)


def check_sort(sort: str) -> str:
    """How a list is ordered from its headings, "" for its usual order. Raises Problem invalid."""
    if sort and sort.removeprefix("-") not in SORTED_BY.values():
        raise Problem("invalid", field="sort", value=sort)
    return sort


def written(columns: Sequence[str]) -> tuple[str, ...]:
    """The facts that these columns show, each once; one chosen by itself stands in its own place."""
    facts: list[str] = []
    for column in columns:
        shown = COMPOSED.get(column) or (column,)
        facts += [fact for fact in shown if fact not in facts and (fact == column or fact not in columns)]
    return tuple(facts)
