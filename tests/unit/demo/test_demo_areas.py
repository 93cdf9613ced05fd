from __future__ import annotations

from collections import Counter, defaultdict
from statistics import median

import pytest
import shapely

from demo.areas import AreaSeed, build_areas
from demo.coverage import tiles_exactly
from demo.units import read_features, read_seats
from geo.labels import label_of

FULL, SMALL = (7, 1.0), (7, 0.05)


@pytest.fixture(scope="module")
def full() -> list[AreaSeed]:
    return build_areas(*FULL)


@pytest.fixture(scope="module")
def small() -> list[AreaSeed]:
    return build_areas(*SMALL)


@pytest.fixture(params=["full", "small"])
def areas(request) -> list[AreaSeed]:
    return request.getfixturevalue(request.param)


def children_of(areas: list[AreaSeed]) -> dict[str | None, list[AreaSeed]]:
    children = defaultdict(list)
    for area in areas:
        children[area.parent_code].append(area)
    return children


def test_the_real_units_are_all_there_and_the_pseudo_ones_are_not(areas):
    counts = Counter(area.level for area in areas)
    assert (counts["prefecture"], counts["county"], counts["township"], counts["village"]) == (1, 3, 35, 321)
    assert not [area.name for area in areas if "农场" in area.name or "监狱" in area.name]


def test_there_are_about_2200_grids_and_few_in_a_small_demonstration(full, small):
    assert abs(sum(area.level == "grid" for area in full) - 2200) <= 60
    assert 321 < sum(area.level == "grid" for area in small) < 600
    assert all(children_of(full)[area.code] for area in full if area.level == "village")


def test_every_level_tiles_its_parent_without_gap_or_overlap(areas):
    children = children_of(areas)
    for parent in areas:
        parts = [child.geom for child in children[parent.code]]
        if parts:
            assert tiles_exactly(parent.geom, parts), parent.code
            assert sum(part.area for part in parts) == pytest.approx(parent.geom.area, rel=1e-9)


def test_whole_levels_fit_across_the_borders_of_their_parents(areas):
    for level in ("county", "township", "village", "grid"):
        assert shapely.coverage_is_valid([area.geom for area in areas if area.level == level]), level


def test_every_outline_is_one_valid_polygon_with_room_for_its_label(areas):
    for area in areas:
        assert area.geom.is_valid, area.code
        assert len(area.geom.geoms) == 1, area.code
        label = label_of(area.geom)
        assert area.geom.contains(shapely.Point(label.lon, label.lat)), area.code


def test_parents_come_first_and_their_code_begins_the_code(areas):
    seen = {None: ""}
    for area in areas:
        assert area.parent_code in seen
        assert area.code.startswith((area.parent_code or "5328")[:4])
        seen[area.code] = area.code
    assert len(seen) == len(areas) + 1


def test_households_add_up(areas):
    children = children_of(areas)
    for parent in areas:
        if children[parent.code]:
            assert parent.households == sum(child.households for child in children[parent.code])
    assert min(area.households for area in areas) >= 12


def test_towns_have_fuller_grids_than_mountains(full):
    grids = children_of(full)
    town = [grid.households for area in full if area.parent_code == "532801001" for grid in grids[area.code]]
    mountain = [grid.households for area in full if area.parent_code == "532822204" for grid in grids[area.code]]
    assert sum(town) / len(town) > 240
    assert sum(mountain) / len(mountain) < 130


def test_grids_are_numbered_from_north_to_south_and_named_after_their_village(full):
    village = next(area for area in full if area.short_name == "曼飞龙村")
    grids = children_of(full)[village.code]
    assert [grid.code for grid in grids] == [f"{village.code}{serial:03d}" for serial in range(1, len(grids) + 1)]
    assert grids[0].name == "曼飞龙村第一网格"
    assert grids[0].short_name == "第一网格"
    assert grids[0].names["en"] == "Manfeilong Village Grid 1"
    assert grids[0].geom.centroid.y > grids[-1].geom.centroid.y


def test_outlines_stay_close_to_the_source(small):
    by_code = {area.code: area.geom for area in small}
    for row, source in read_features("counties.geojson"):
        assert by_code[row["code"]].symmetric_difference(source).area < 1e-6 * source.area
    kept = []
    for row, source in read_features("synthetic/villages_synthetic.geojson"):
        village = by_code[row["code"]]
        kept.append(village.intersection(source).area / village.union(source).area)
    assert min(kept) > 0.6
    assert median(kept) > 0.9


def test_the_seat_of_each_township_lies_in_it(small):
    seats = read_seats()
    assert all(area.geom.contains(shapely.Point(seats[area.code])) for area in small if area.level == "township")


def test_invented_outlines_say_so(areas):
    assert {area.level for area in areas if not area.synthetic} == {"prefecture", "county"}


def test_the_same_seed_gives_the_same_areas_and_another_seed_other_grids(small):
    again, other = build_areas(*SMALL), build_areas(8, 0.05)
    assert all(a.geom.equals_exact(b.geom, 0) for a, b in zip(small, again, strict=True))
    assert [area.households for area in again] == [area.households for area in small]
    villages = [[area.geom for area in areas if area.level == "village"] for areas in (small, other)]
    assert all(a.equals_exact(b, 0) for a, b in zip(*villages, strict=True))
    assert [area.households for area in other] != [area.households for area in small]
