from __future__ import annotations

import pytest
import shapely

from demo.basemap import OWN_PREFECTURE, REGION, BaseFeature, base_features
from demo.units import read_features


@pytest.fixture(scope="module")
def features() -> list[BaseFeature]:
    return base_features()


def of_kind(features: list[BaseFeature], kind: str) -> list[BaseFeature]:
    return [feature for feature in features if feature.kind == kind]


def test_there_are_rivers_outlines_and_names_within_the_region(features):
    assert {feature.kind for feature in features} == {"river", "outline", "place_name"}
    region = REGION.buffer(1e-6)
    assert all(feature.geom.is_valid and not feature.geom.is_empty for feature in features)
    assert all(region.covers(feature.geom) for feature in features)


def test_the_lancang_is_one_river_through_the_prefecture(features):
    (lancang,) = [feature for feature in of_kind(features, "river") if feature.rank == 1]
    assert lancang.name == "澜沧江"
    assert lancang.geom.length > 3
    assert [feature.name for feature in features].count("澜沧江") == 1


def test_outlines_draw_neither_our_own_border_nor_the_edge_of_the_region(features):
    own = next(g for row, g in read_features("basemap/china_prefectures.geojson") if row["code"] == OWN_PREFECTURE)
    lines = shapely.union_all([feature.geom for feature in of_kind(features, "outline")])
    assert lines.intersection(shapely.union_all([own.exterior, REGION.exterior]).buffer(1e-5)).length < 1e-3
    assert {feature.rank for feature in of_kind(features, "outline")} == {1, 2}


def test_towns_stand_once_under_their_right_names(features):
    names = [feature.name for feature in of_kind(features, "place_name")]
    assert {"景洪", "勐海", "勐腊", "勐旺", "勐往", "大荒坝", "缅甸", "老挝"} <= set(names)
    assert [names.count(name) for name in ("景洪", "勐海", "勐腊", "勐阿", "勐旺")] == [1] * 5
    assert names.count("勐满") == 2  # a town of that name in each of two counties
    jinghong = next(feature for feature in features if feature.name == "景洪" and feature.kind == "place_name")
    assert jinghong.rank == 1
    assert jinghong.geom.x > 100.79


def test_every_name_has_an_english_form(features):
    assert all(feature.names.get("en") for feature in of_kind(features, "place_name"))
