"""Terrain-like curves: no straight edge, no right angle."""

from __future__ import annotations

import numpy as np

from geo.crs import Floats

ROUGHNESS = 0.75
WAVE = 0.15
# Less along the line than across it, or it would fold over itself.
LAG = 0.4
SMOOTHING = 0.6


def wander(start: Floats, end: Floats, *, pieces: int, amplitude: float, random: np.random.Generator) -> Floats:
    """A curve from start to end: midpoint displacement (each halving moves less), then corners cut once.

    `pieces` is a power of two; `amplitude` 1 bends about an eighth of the length, 0 is straight. Returns (n, 2) with
    both ends exactly as given.
    """
    points = np.vstack((start, end)).astype(np.float64)
    reach = WAVE * amplitude * float(np.hypot(*(points[1] - points[0])))
    while len(points) <= pieces:
        middles = (points[:-1] + points[1:]) / 2
        along = np.diff(points, axis=0)
        along /= np.maximum(np.hypot(*along.T), 1e-300)[:, None]
        sway = np.clip(random.normal(size=middles.shape), -1.8, 1.8) * reach
        middles += along * sway[:, :1] * LAG + along[:, ::-1] * (-1.0, 1.0) * sway[:, 1:]
        points = np.insert(points, np.arange(1, len(points)), middles, axis=0)
        reach *= 2.0**-ROUGHNESS * 0.9
    return cut_corners(points)


def cut_corners(points: Floats) -> Floats:
    """One round of Chaikin's scheme with both ends kept."""
    if len(points) < 3:
        return points
    near, far = points[:-1] * 0.75 + points[1:] * 0.25, points[:-1] * 0.25 + points[1:] * 0.75
    between = np.stack((near, far), axis=1).reshape(-1, 2)
    return np.vstack((points[:1], between[1:-1], points[-1:]))


def resample(points: Floats, spacing: float) -> Floats:
    """Points every `spacing` along the line (a little less, so that they come out even), both ends kept."""
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))))
    count = max(int(np.ceil(along[-1] / spacing)), 1)
    stops = np.linspace(0.0, along[-1], count + 1)
    line = np.column_stack((np.interp(stops, along, points[:, 0]), np.interp(stops, along, points[:, 1])))
    line[0], line[-1] = points[0], points[-1]
    return line


def densify(points: Floats, spacing: float) -> Floats:
    """All vertices kept and each longer edge cut evenly, so that nothing moves."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    pieces = np.maximum(np.ceil(lengths / spacing).astype(int), 1)
    runs = [
        a + (b - a) * np.linspace(0.0, 1.0, count, endpoint=False)[:, None]
        for a, b, count in zip(points[:-1], points[1:], pieces, strict=True)
    ]
    return np.vstack((*runs, points[-1:]))


def smooth(points: Floats, width: float, spacing: float) -> Floats:
    """The line without the steps of a raster whose cells are `width` wide: a Gaussian along it, ends kept."""
    line = resample(points, spacing)
    sigma = SMOOTHING * width / spacing
    reach = min(int(np.ceil(3 * sigma)), len(line) - 1)
    if reach < 1:
        return line
    # Mirrored through the end points, so that the filter cannot move them.
    head, tail = 2 * line[0] - line[reach:0:-1], 2 * line[-1] - line[-2 : -reach - 2 : -1]
    padded = np.vstack((head, line, tail))
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    weights /= weights.sum()
    soft = np.column_stack([np.convolve(padded[:, axis], weights, mode="valid") for axis in (0, 1)])
    soft[0], soft[-1] = points[0], points[-1]
    return soft


def calm(points: Floats, share: float) -> Floats:
    """The line drawn towards the straight way between its ends, keeping `share` of its bends (a third to all)."""
    straight = np.linspace(points[0], points[-1], len(points))
    return np.asarray(straight + (points - straight) * np.clip(share, 1 / 3, 1.0))


def roughen(points: Floats, reach: float, random: np.random.Generator) -> Floats:
    """Small irregular bends on top of a smooth line: noise of several lengths, fading out towards the ends."""
    count = len(points)
    if count < 4:
        return points
    noise = np.zeros((count, 2))
    for octave in range(5):
        knots = max(count // 24, 1) * 2**octave + 2
        values = random.normal(size=(knots, 2)) * reach * 2.0 ** (-ROUGHNESS * octave)
        at = np.linspace(0, knots - 1, count)
        noise += np.column_stack([np.interp(at, np.arange(knots), values[:, axis]) for axis in (0, 1)])
    ends = np.minimum(np.arange(count), np.arange(count)[::-1]) / max(count / 8.0, 1.0)
    return points + noise * np.clip(ends, 0.0, 1.0)[:, None]
