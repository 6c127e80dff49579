"""Closed-form matting (Levin, Lischinski and Weiss 2008), solved exactly and only where it is unknown.

In each 3 x 3 window alpha is taken as a linear function of colour. That gives a sparse system for the
unknown pixels. They form a thin band, so a direct factorisation is quicker than iterating, and needs
no compiler at run time.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import NDArray

Array = NDArray[Any]
EPSILON = 1e-7  # of the colour variance in a window, colours 0..1
AT_ONCE = 32768  # windows worked out together: bounds the memory
REACH = tuple((dy, dx) for dy in range(-2, 3) for dx in range(-2, 3))  # pixels that share a window with one
WINDOW = tuple((dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1))


def solve(picture: Array, known: Array) -> Array:
    """Alpha 0..1 (float32). ``picture`` has colours 0..1; ``known`` is 0 outside, 1 inside, else unknown."""
    unknown = (known > 0) & (known < 1)
    alpha = known.astype(np.float32)
    if not unknown.any():
        return alpha
    matrix, right = _system(picture, known, unknown)
    factors = scipy.sparse.linalg.splu(
        matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True}
    )
    alpha[unknown] = np.clip(factors.solve(right), 0, 1)
    return alpha


def _system(picture: Array, known: Array, unknown: Array) -> tuple[scipy.sparse.csc_matrix, Array]:
    """The matting Laplacian of the unknown pixels, and what the known ones contribute."""
    width = known.shape[1]
    pixels = np.flatnonzero(unknown)
    index = np.full(known.size, -1, np.int32)
    index[pixels] = np.arange(len(pixels), dtype=np.int32)
    weights = _weights(picture, unknown, index, len(pixels))
    near = pixels[:, None] + np.array([dy * width + dx for dy, dx in REACH])
    outside = (near < 0) | (near >= known.size)
    near[outside] = 0  # their weights are 0: no window reaches over the border
    column = index[near]
    right = -(weights * (known.ravel()[near] == 1)).sum(1)
    kept = (column >= 0) & (weights != 0)
    starts = np.concatenate([[0], np.cumsum(kept.sum(1))])
    matrix = scipy.sparse.csc_matrix((weights[kept], column[kept], starts), (len(pixels),) * 2)  # symmetric
    # Regular also where no known pixel is near.
    return matrix + scipy.sparse.identity(len(pixels), format="csc") * EPSILON, right


def _weights(picture: Array, unknown: Array, index: Array, count: int) -> Array:
    """Per unknown pixel the 25 entries of its row, in the order of REACH."""
    width = unknown.shape[1]
    windows = cv2.dilate(unknown.astype(np.uint8), np.ones((3, 3), np.uint8))
    windows[[0, -1]] = 0
    windows[:, [0, -1]] = 0
    centres = np.flatnonzero(windows)
    steps = np.array([dy * width + dx for dy, dx in WINDOW])
    colours = picture.reshape(-1, 3).astype(np.float64)
    weights = np.zeros((count, len(REACH)))
    for start in range(0, len(centres), AT_ONCE):
        members = centres[start : start + AT_ONCE] + steps[:, None]
        _add(weights, _affinities(colours[members]), index[members])
    return weights


def _affinities(colours: Array) -> Array:
    """What each pair of a window's nine pixels contributes: (9, 9, windows) from (9, windows, 3)."""
    centred = (colours - colours.mean(0)).transpose(1, 0, 2)
    covariance = (centred.transpose(0, 2, 1) @ centred + EPSILON * np.eye(3)) / 9
    likeness = centred @ np.linalg.solve(covariance, centred.transpose(0, 2, 1))
    return np.asarray((np.eye(9) - (1 + likeness) / 9).transpose(1, 2, 0))


def _add(weights: Array, values: Array, rows: Array) -> None:
    """Add the pairs of some windows to the rows of their unknown pixels (``rows`` is -1 for the known)."""
    for one, (y, x) in enumerate(WINDOW):
        wanted = rows[one] >= 0
        row = rows[one][wanted]
        for other, (other_y, other_x) in enumerate(WINDOW):
            # Each pixel has one window in which it stands at this place, so no row comes twice.
            weights[row, REACH.index((other_y - y, other_x - x))] += values[one, other][wanted]
