from __future__ import annotations

import numpy as np
import shapely

from geo.crs import to_mercator
from geo.simplify import band_at, simplify_level, zoom_bands


def wavy_cells(columns: int = 6, rows: int = 4, detail: int = 40) -> list[shapely.Polygon]:
    """A tiling whose borders wave, with far more vertices than a distant zoom can show."""
    steps = np.linspace(0, 1, detail)

    def across(column: int, row: int) -> list[tuple[float, float]]:
        return [(100 + 0.02 * (column + t), 22 + 0.02 * row + 0.002 * np.sin(6.2831853 * (column + t))) for t in steps]

    def up(column: int, row: int) -> list[tuple[float, float]]:
        low, high = across(column, row)[0], across(column, row + 1)[0]
        return [(low[0] + 0.002 * np.sin(6.2831853 * t), low[1] + (high[1] - low[1]) * t) for t in steps[1:-1]]

    return [
        shapely.Polygon([*across(c, r), *up(c + 1, r), *across(c, r + 1)[::-1], *up(c, r)[::-1]])
        for c in range(columns)
        for r in range(rows)
    ]


def test_bands_cover_every_zoom_once_and_get_finer():
    bands = zoom_bands()
    zooms = [zoom for band in bands for zoom in range(band.min_zoom, band.max_zoom + 1)]
    assert zooms == list(range(23))
    assert [band.number for band in bands] == list(range(len(bands)))
    tolerances = [band.tolerance_m for band in bands]
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[-1] == 0
    assert all(band_at(zoom).min_zoom <= zoom <= band_at(zoom).max_zoom for zoom in zooms)
    assert band_at(30) == bands[-1]


def test_neighbours_keep_their_common_border_in_every_band():
    cells = wavy_cells()
    for band in zoom_bands():
        drawn = simplify_level(cells, band)
        assert len(drawn) == len(cells)
        assert all(shape.is_valid and not shape.is_empty for shape in drawn)
        assert shapely.coverage_is_valid(drawn)


def test_far_bands_have_fewer_vertices_and_the_last_is_exact():
    cells = wavy_cells()
    counts = [int(shapely.get_num_coordinates(simplify_level(cells, band)).sum()) for band in zoom_bands()]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] / 4
    assert all(a.equals(b) for a, b in zip(simplify_level(cells, zoom_bands()[-1]), to_mercator(cells), strict=True))


def test_a_polygon_smaller_than_the_tolerance_survives():
    speck = shapely.box(100.5, 22.5, 100.50001, 22.50001)
    drawn = simplify_level([*wavy_cells(), speck], zoom_bands()[0])
    assert drawn[-1].area > 0


def test_overlapping_input_loses_nothing():
    drawn = simplify_level([shapely.box(0, 0, 1, 1), shapely.box(0.9, 0, 2, 1)], zoom_bands()[1])
    assert len(drawn) == 2
    assert all(shape.is_valid and shape.area > 0 for shape in drawn)


def test_no_polygons_is_no_error():
    assert simplify_level([], zoom_bands()[0]) == []
