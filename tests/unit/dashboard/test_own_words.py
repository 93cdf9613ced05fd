"""A deployment's own words stand wherever the catalogues' would; English needs no Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from dash import html
from dash.development.base_component import Component

from dashboard.pages.frame import Deployment, offered_of
from dashboard.panels.report_dialog import SOURCES, report_dialog
from dashboard.view_models import Reader
from dashboard.words import texts
from dashboard.words.texts import text, texts_for_client
from rules.own_words import KEYS, NAMED, fault_of

HAN = re.compile(r"[\u3400-\u9fff]")
#: Names of one country's services: a number that is dialled, a kind of body that others do not have.
ONE_COUNTRY = re.compile(r"\b(12345|110)\b")


def offered(form: Component, name: str) -> dict[str, str]:
    """Values and words of the choices of a field."""
    choices = [part for part in form._traverse() if getattr(part, "name", None) == name]
    labels = [part for part in form._traverse() if isinstance(part, html.Label)]
    said = {part.children[0].value: part.children[1].children for part in labels if part.children[0] in choices}
    assert list(said) == [part.value for part in choices]
    return said


def form_of(**deployment: tuple[str, ...]) -> Component:
    reader = Reader(locale="en", zone="UTC", now=datetime(2026, 3, 1, tzinfo=UTC), role="dispatcher", username="d")
    return report_dialog(reader, offered_of(Deployment("X", False, **deployment)))


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    texts.use_own_words({})


def test_own_words_take_the_place_of_the_catalogue_s_in_their_language() -> None:
    texts.use_own_words({"source.grid_worker": {"en": "Field crew"}, "tier.mark.key": {"en": "!", "zh_CN": "急"}})
    assert text("source.grid_worker", "en") == "Field crew"
    assert text("source.grid_worker", "zh_CN") == "网格员"
    assert texts_for_client("en")["tier.mark.key"] == "!"
    assert texts_for_client("zh_CN")["tier.mark.key"] == "急"
    texts.use_own_words({})
    assert text("tier.mark.key", "en") == "K"


@pytest.mark.parametrize("locale", texts.LOCALES)
def test_whatever_can_be_renamed_is_said_somewhere(locale: str) -> None:
    assert {key for key in KEYS if key not in texts.catalogue(locale)} == set()


@pytest.mark.parametrize(
    ("key", "said", "wrong"),
    [("source.resident", "Neighbour", False), ("source.nobody", "x", True), ("js.stale", "x", True), ("tier.mark.key", "KEY", True),
     ("stage.4", "", True), ("stage.4", "Clean {n}", True), ("stage.4", "x" * 41, True)],
)  # fmt: skip
def test_own_words_are_short_plain_and_of_what_has_a_name(key: str, said: str, wrong: bool) -> None:
    assert bool(fault_of(key, said)) == wrong


def test_english_stands_alone() -> None:
    said = {key: one for key, many in texts.catalogue("en").items() for one in ([many] if isinstance(many, str) else many)}
    assert {key for key, one in said.items() if HAN.search(one)} == set()
    assert {key for key, one in said.items() if ONE_COUNTRY.search(one)} == set()
    assert text("stage.4", "en") == "Handle"


def test_a_report_offers_the_deployment_s_sources_and_needs() -> None:
    usual, own = form_of(), form_of(sources=("resident", "inspection"), needs=("law", "welding"))
    assert list(offered(usual, "source")) == list(SOURCES)
    assert offered(usual, "needs") == {}, "no body here speaks a language of another city"
    assert list(offered(own, "source")) == ["resident", "inspection"]
    assert offered(own, "needs") == {"law": "law", "welding": "welding"}


def test_every_name_is_one_of_the_rules() -> None:
    assert set(NAMED) >= {"tier", "tier.mark", "source", "stage", "skill", "attendee", "method"}
