"""The contract that every layer keeps, whichever it is: a module of its name, words, an icon, both themes."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from dashboard.words.texts import LOCALES, text
from layers import LAYERS, Entry, Layer
from rules.access import Act

ASSETS = Path(__file__).resolve().parents[3] / "dashboard" / "assets"
each_layer = pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)


def test_ids_are_unique_and_fit_into_an_address():
    ids = [layer.id for layer in LAYERS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z_]*", one) for one in ids)


@each_layer
def test_its_module_has_its_id_for_a_name(layer: Layer):
    script = (ASSETS / "app" / "map" / "layers" / f"{layer.id}.mjs").read_text("utf-8")
    assert "export default class" in script and "extends MapLayer" in script


@each_layer
def test_its_icon_is_there(layer: Layer):
    assert (ASSETS / "icons" / f"{layer.icon}.svg").is_file()


@each_layer
@pytest.mark.parametrize("locale", LOCALES)
def test_it_has_words(layer: Layer, locale: str):
    assert text(layer.text, locale)
    assert all(text(entry.text, locale) for entry in layer.legend)


@each_layer
def test_it_can_be_drawn_in_both_themes(layer: Layer):
    assert set(layer.style) == {"dark", "light"}
    assert set(layer.style["dark"]) == set(layer.style["light"])


@each_layer
def test_it_travels_as_json_and_names_who_may_see_it(layer: Layer):
    assert isinstance(layer.act, Act)
    assert json.loads(json.dumps(dataclasses.asdict(layer)))["id"] == layer.id


@each_layer
def test_legend_lines_are_told_apart(layer: Layer):
    assert all(isinstance(entry, Entry) for entry in layer.legend)
    assert len({entry.id for entry in layer.legend}) == len(layer.legend)


def test_tiers_are_not_told_by_colour_alone():
    style = next(layer for layer in LAYERS if layer.id == "boundaries").style["dark"]
    assert {"hatch", "watch_line", "key_line", "key_letter", "watch_letter"} <= set(style)
