"""Noise for surfaces and grain; every array follows from its seed."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.colour import blur

Array = NDArray[Any]


def clouds(
    size: tuple[int, int], seed: int, *, octaves: int = 6, first: int = 3, gain: float = 0.55, stretch: float = 1.0
) -> Array:
    """Fractal noise of mean 0 and deviation 1. ``first`` is the number of cells over the width."""
    width, height = size
    source = np.random.default_rng(seed)
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    for octave in range(octaves):
        cells = first * 2**octave
        rows = max(2, int(cells * height / width * stretch)) + 3
        if rows > height or cells + 3 > width:
            break
        grid = source.standard_normal((rows, cells + 3)).astype(np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        weight *= gain
    return np.asarray((total - total.mean()) / total.std(), np.float32)


def grain(size: tuple[int, int], seed: int, sigma: float) -> Array:
    """Film grain of deviation 1; a square tile is repeated, which no eye sees."""
    width, height = size
    side = 640
    tile = blur(np.random.default_rng(seed).standard_normal((side, side)).astype(np.float32), sigma)
    repeated = np.tile(tile / tile.std(), (height // side + 1, width // side + 1))
    return np.asarray(repeated[:height, :width], np.float32)
