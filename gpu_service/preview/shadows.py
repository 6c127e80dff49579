"""Shadows of the figure on walls and floors, from its own outline, in agreement with the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.backgrounds import grid
from gpu_service.preview.colour import blur, shifted, wide_blur
from gpu_service.preview.framing import Frame
from gpu_service.preview.landmarks import ANKLES, KNEES

Array = NDArray[Any]


def on_wall(alpha: Array, dx: float, dy: float, *, soft: float = 10.0) -> Array:
    """The outline thrown on a wall behind, 0..1. What leaves the frame at the bottom goes on."""
    return blur(shifted(alpha, dx, dy, border=cv2.BORDER_REPLICATE), soft)


def on_floor(frame: Frame, foot: float, *, lean: float, flat: float, strength: float) -> Array:
    """The figure laid on the floor: sheared by ``lean``, flattened to ``flat``, softer with distance.

    Each leg's shadow begins at its own foot, wherever that stands.
    """
    laid = np.zeros_like(frame.alpha)
    for leg in legs(frame, foot):
        laid = np.maximum(laid, _laid(leg, foot, lean, flat))
    rows, _ = grid(frame.size)
    far = np.clip((foot - rows) / max(1.0, foot * flat * 0.9), 0, 1)
    near, middle, distant = blur(laid, 2), blur(laid, 9), wide_blur(laid, 28)
    mixed = np.where(
        far < 0.35,
        near * (1 - far / 0.35) + middle * far / 0.35,
        middle * (1 - (far - 0.35) / 0.65) + distant * (far - 0.35) / 0.65,
    )
    return np.asarray(mixed * strength * (1 - 0.55 * far), np.float32)


@dataclass(frozen=True)
class Leg:
    """The figure without the other leg; ``foot`` is the row where this one stands, ``knee`` its knee's."""

    alpha: Array
    foot: float
    knee: float


def legs(frame: Frame, foot: float) -> list[Leg]:
    """The two legs of a figure, split between its ankles; one figure when the feet are not in sight."""
    ankles, knees = frame.body[list(ANKLES)], frame.body[list(KNEES)]
    height = frame.size[1]
    if ankles[:, 2].min() < 0.5 or ankles[:, 1].max() > height:
        return [Leg(frame.alpha, foot, foot - 0.2 * height)]
    rows, columns = grid(frame.size)
    upper, lower = knees[:, :2].mean(0), ankles[:, :2].mean(0)
    middle = upper[0] + (rows - upper[1]) * (lower[0] - upper[0]) / max(1.0, lower[1] - upper[1])
    found = []
    for knee, ankle in zip(knees, ankles, strict=True):
        side = np.sign(float(ankle[0] - lower[0])) or 1.0
        own = (rows < float(knees[:, 1].mean())) | ((columns - middle) * side >= 0)
        alpha = np.where(own, frame.alpha, 0).astype(np.float32)
        standing = np.where((alpha > 0.5).sum(1) > 3)[0]
        stands = float(standing.max()) if len(standing) else foot
        found.append(Leg(alpha, stands, float(knee[1])))
    return found


def _laid(leg: Leg, foot: float, lean: float, flat: float) -> Array:
    """A leg and the body above it on the floor; from the knee up, the ground is that of the lower foot."""
    height, width = leg.alpha.shape
    source = np.arange(height, dtype=np.float32)
    up = np.clip((leg.foot - source) / max(1.0, leg.foot - leg.knee), 0, 1)
    ground = leg.foot + (foot - leg.foot) * up
    target = flat * source + ground * (1 - flat)
    rows = np.arange(height, dtype=np.float32)
    y = np.interp(rows, target, source, left=-1, right=height).astype(np.float32)
    shift = lean * (np.interp(y, source, ground) - y)
    x = np.arange(width, dtype=np.float32)[None] - shift[:, None]
    lay_y = np.repeat(y[:, None], width, 1)
    return np.asarray(cv2.remap(leg.alpha, x.astype(np.float32), lay_y, cv2.INTER_LINEAR))


def contact(frame: Frame, foot: float, *, strength: float = 0.75, band: float = 46) -> Array:
    """The dark line where each foot meets the floor."""
    dark = np.zeros_like(frame.alpha)
    for leg in legs(frame, foot):
        alpha = leg.alpha.copy()
        alpha[: int(leg.foot - band)] = 0
        under = leg.foot
        tight = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 0.35, under * 0.65 + 3]], np.float32), frame.size)
        loose = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 0.45, under * 0.55 + 6]], np.float32), frame.size)
        dark = np.maximum(dark, blur(tight, 5) * 0.9 + wide_blur(loose, 16) * 0.7)
    return np.asarray(np.clip(dark * strength, 0, 0.92), np.float32)


def darken(picture: Array, shadow: Array, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Array:
    """Take light away: ``tint`` says how much of each channel goes where the shadow is full."""
    return np.asarray(picture * (1 - shadow[..., None] * np.array(tint, np.float32)), np.float32)
