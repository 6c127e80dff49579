"""Shadows of the figure on walls and floors, from its own outline, in agreement with the key."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.backgrounds import grid
from gpu_service.preview.colour import blur, shifted, wide_blur
from gpu_service.preview.framing import Frame

Array = NDArray[Any]


def on_wall(alpha: Array, dx: float, dy: float, *, soft: float = 10.0) -> Array:
    """The outline thrown on a wall behind, 0..1. What leaves the frame at the bottom goes on."""
    return blur(shifted(alpha, dx, dy, border=cv2.BORDER_REPLICATE), soft)


def on_floor(frame: Frame, foot: float, *, lean: float, flat: float, strength: float) -> Array:
    """The figure laid on the floor: sheared by ``lean``, flattened to ``flat``, softer with distance."""
    width, height = frame.size
    lay = np.array([[1, -lean, lean * foot], [0, flat, foot * (1 - flat)]], np.float32)
    laid = cv2.warpAffine(frame.alpha, lay, (width, height))
    rows, _ = grid(frame.size)
    far = np.clip((foot - rows) / max(1.0, foot * flat * 0.9), 0, 1)
    near, middle, distant = blur(laid, 2), blur(laid, 9), wide_blur(laid, 28)
    mixed = np.where(
        far < 0.35,
        near * (1 - far / 0.35) + middle * far / 0.35,
        middle * (1 - (far - 0.35) / 0.65) + distant * (far - 0.35) / 0.65,
    )
    return np.asarray(mixed * strength * (1 - 0.55 * far), np.float32)


def contact(frame: Frame, foot: float, *, strength: float = 0.75, band: float = 46) -> Array:
    """The dark line where feet meet the floor."""
    alpha = frame.alpha.copy()
    alpha[: int(foot - band)] = 0
    size = frame.size
    tight = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 0.35, foot * 0.65 + 3]], np.float32), size)
    loose = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 0.45, foot * 0.55 + 6]], np.float32), size)
    return np.asarray(np.clip((blur(tight, 5) * 0.9 + wide_blur(loose, 16) * 0.7) * strength, 0, 0.92), np.float32)


def darken(picture: Array, shadow: Array, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Array:
    """Take light away: ``tint`` says how much of each channel goes where the shadow is full."""
    return np.asarray(picture * (1 - shadow[..., None] * np.array(tint, np.float32)), np.float32)
