"""Backdrops in linear light: seamless paper, plaster, paper sheets, a window's pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.colour import blur, light
from gpu_service.preview.noise import clouds

Array = NDArray[Any]
Size = tuple[int, int]


def grid(size: Size) -> tuple[Array, Array]:
    """Rows and columns of every pixel, as float32."""
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return rows, columns


def seamless(
    colour: str, size: Size, *, at: tuple[float, float] = (0.5, 0.38), falloff: float = 0.55,
    horizon: float | None = None, floor: float = 1.0, seed: int = 3,
) -> Array:  # fmt: skip
    """A paper roll, brightest at ``at`` (shares of the size); ``horizon`` is where it bends to the floor."""
    rows, columns = grid(size)
    x, y = columns / size[0], rows / size[1]
    glow = np.exp(-((x - at[0]) ** 2 + ((y - at[1]) * 0.95) ** 2) * falloff * 3.2)
    if horizon is not None:
        below = 1 / (1 + np.exp(-(y - horizon) * 38))
        lit = 0.72 + 0.42 * np.exp(-(((y - horizon - 0.16) / 0.2) ** 2))
        glow = glow * (1 - below) + below * floor * lit * np.exp(-((x - at[0]) ** 2) * falloff * 2)
    glow = glow * (1 + 0.006 * clouds(size, seed, octaves=5, gain=0.6, first=2))
    return np.asarray(light(colour)[None, None] * glow[..., None], np.float32)


def plaster(colour: str, size: Size, *, seed: int, bump: float = 0.03, side: float = -1.0) -> Array:
    """A hand-finished wall, raked by a light from ``side`` (-1 left, 1 right)."""
    height = clouds(size, seed, octaves=7, first=4, gain=0.5) + 0.9 * np.abs(
        clouds(size, seed + 7, octaves=6, first=3, gain=0.5)
    )
    height = blur(height, 1.0)
    slope = -side * 0.7 * cv2.Sobel(height, cv2.CV_32F, 1, 0) + 0.7 * cv2.Sobel(height, cv2.CV_32F, 0, 1)
    value = 1 + bump * np.clip(slope / slope.std(), -2.5, 2.5)
    value += 0.05 * clouds(size, seed + 9, octaves=4, first=2, gain=0.5)
    warmth = 0.02 * clouds(size, seed + 11, octaves=5)[..., None] * np.array([1, 0.3, -0.6], np.float32)
    return np.asarray(light(colour)[None, None] * value[..., None] * (1 + warmth), np.float32)


def paper(colour: str, size: Size, *, seed: int, tooth: float = 0.02) -> Array:
    return np.asarray(
        light(colour)[None, None] * (1 + tooth * clouds(size, seed, octaves=8, first=7, gain=0.75))[..., None],
        np.float32,
    )


def raked(size: Size, side: float, *, strength: float = 0.35) -> Array:
    """Light falling off across a wall, away from the side that the key is on; about 1 in the middle."""
    rows, columns = grid(size)
    away = columns / size[0] if side < 0 else 1 - columns / size[0]
    return np.asarray(1 + strength * (0.5 - away) - 0.12 * (rows / size[1] - 0.4), np.float32)


@dataclass(frozen=True)
class Window:
    """A window thrown on a wall: centre and pane in pixels, angle in degrees."""

    centre: tuple[float, float]
    pane: tuple[float, float]
    angle: float
    across: int = 2
    down: int = 3
    bar: float = 0.075
    soft: float = 16.0

    def pattern(self, columns: Array, rows: Array, *, soft: float | None = None) -> Array:
        """1 where light falls; coordinates may be displaced by the relief that it falls on."""
        x = columns - self.centre[0]
        y = rows - self.centre[1] + np.tan(np.radians(self.angle)) * x
        x = x + 0.175 * y
        u, v = x / self.pane[0] + self.across / 2, y / self.pane[1] + self.down / 2
        edge = (soft or self.soft) / self.pane[0]

        def step(t: Array) -> Array:
            return np.asarray(np.clip(t / edge + 0.5, 0, 1))

        lit = step(u) * step(self.across - u) * step(v) * step(self.down - v)
        for t, count in ((u, self.across), (v, self.down)):
            nearest = np.round(t)
            within = (nearest > 0) & (nearest < count)
            lit = lit * np.where(within, step(np.abs(t - nearest) - self.bar / 2), 1)
        return np.asarray(lit, np.float32)
