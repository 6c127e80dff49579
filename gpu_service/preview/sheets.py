"""Cut paper: sheets that lie on each other and throw small shadows, blobs, a scissor's margin."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.colour import blur, disc, shifted, wide_blur

Array = NDArray[Any]


def lay(picture: Array, mask: Array, sheet: Array, *, drop: tuple[float, float] = (5, 9), soft: float = 7) -> Array:
    """A sheet on a linear picture, with its shadow ``drop`` pixels away."""
    shadow = wide_blur(shifted(mask, *drop), soft) * (1 - mask)
    cover = mask[..., None]
    return np.asarray(picture * (1 - 0.42 * shadow)[..., None] * (1 - cover) + sheet * cover, np.float32)


def polygon(points: Array, size: tuple[int, int]) -> Array:
    """A filled polygon with smooth edges, 0..1."""
    mask = np.zeros((size[1] * 2, size[0] * 2), np.uint8)
    cv2.fillPoly(mask, [(points * 32).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return np.asarray(cv2.resize(mask, size, interpolation=cv2.INTER_AREA), np.float32) / 255


def blob(centre: tuple[float, float], radius: float, size: tuple[int, int], chance: np.random.Generator) -> Array:
    """A soft shape cut by hand."""
    angle = np.linspace(0, 2 * np.pi, 240)
    waves = sum(0.18 / (i + 1) * np.cos((i + 2) * angle + chance.uniform(0, 6.3)) for i in range(4))
    reach = radius * (1 + waves)
    points = np.c_[centre[0] + reach * np.cos(angle), centre[1] + reach * np.sin(angle) * 0.95]
    return polygon(points, size)


def scissor_margin(alpha: Array, margin: int) -> Array:
    """The outline of a figure with a margin, cut in short straight snips."""
    wide = (blur(cv2.dilate(alpha, disc(margin)), margin / 4) > 0.5).astype(np.uint8)
    outlines, _ = cv2.findContours(wide, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.zeros_like(alpha)
    outline = cv2.approxPolyDP(max(outlines, key=cv2.contourArea), 3.2, True)
    return polygon(outline.reshape(-1, 2).astype(np.float32), (alpha.shape[1], alpha.shape[0]))
