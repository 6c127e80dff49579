"""Putting figure over backdrop, and the one grade that all scenes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.backgrounds import grid
from gpu_service.preview.colour import blur, display, luma, wide_blur
from gpu_service.preview.noise import grain

Array = NDArray[Any]
Triple = tuple[float, float, float]


def over(figure: Array, backdrop: Array, alpha: Array, *, wrap: float = 0.18, reach: float = 14) -> Array:
    """Figure over backdrop in linear light; ``wrap`` lets the backdrop's light bleed over the edge."""
    cover = alpha[..., None]
    glow = wide_blur(backdrop, reach)
    edge = (blur(1 - alpha, reach * 0.6) * alpha)[..., None] * wrap
    return np.asarray((figure * (1 - edge) + glow * edge) * cover + backdrop * (1 - cover), np.float32)


@dataclass(frozen=True)
class Grade:
    """``shadows`` and ``highlights`` are display BGR added there (split toning)."""

    contrast: float = 1.1
    pivot: float = 0.42
    saturation: float = 1.0
    shadows: Triple = (0.025, 0.004, 0.0)
    highlights: Triple = (-0.02, 0.0, 0.008)
    halation: float = 0.0
    vignette: float = 0.14
    grain: float = 0.02
    grain_size: float = 0.75
    monochrome: bool = False
    sharpen: float = 0.35
    fade: float = 0.0


def finish(picture: Array, look: Grade, seed: int) -> Array:
    """Linear light to the finished display picture, 0..1."""
    picture = _rolled(picture.astype(np.float32), 0.8)
    if look.halation:
        bright = wide_blur(np.clip(luma(picture) - 0.55, 0, 1), 22)
        picture = picture + look.halation * bright[..., None] * np.array([0.15, 0.35, 1.0], np.float32)
    size = (picture.shape[1], picture.shape[0])
    rows, columns = grid(size)
    radius = ((columns / size[0] - 0.5) ** 2 + (rows / size[1] - 0.5) ** 2) * 2
    value = display(picture * (1 - look.vignette * radius)[..., None])
    grey = luma(value)[..., None]
    value = np.repeat(grey, 3, 2) if look.monochrome else grey + (value - grey) * look.saturation
    value = look.pivot + (value - look.pivot) * look.contrast
    value = _rolled(value.astype(np.float32), 0.86)
    value = np.where(value < 0.05, 0.05 * cv2.exp(np.minimum(value / np.float32(0.05), 1) - 1), value)
    tone = np.clip(luma(value), 0, 1)[..., None]
    value = value + (1 - tone) ** 2 * np.array(look.shadows, np.float32)
    value = value + tone**2 * np.array(look.highlights, np.float32)
    value = value * (1 - look.fade) + look.fade
    value = value + look.sharpen * (value - blur(value, 1.3))
    return _grained(value, look, seed)


def _rolled(picture: Array, knee: float) -> Array:
    """Values above ``knee`` bent so that they never reach 1; OpenCV's exponential is much quicker than numpy's."""
    room = 1 - knee
    above = np.maximum(picture - np.float32(knee), 0)
    return np.asarray(np.minimum(picture, np.float32(knee)) + room * (1 - cv2.exp(above / -room)), np.float32)


def _grained(value: Array, look: Grade, seed: int) -> Array:
    size = (value.shape[1], value.shape[0])
    tone = np.clip(luma(value), 0, 1)
    amount = (look.grain if look.monochrome else look.grain * 0.5) * (0.45 + 2.56 * tone * (1 - tone))
    value = value + (grain(size, seed, look.grain_size) * amount)[..., None]
    if not look.monochrome:
        for channel in range(3):
            value[..., channel] += look.grain * 0.18 * grain(size, seed + 1 + channel, look.grain_size)
    return np.asarray(np.clip(value, 0, 1), np.float32)
