"""Dyeing and printing the white capture clothes, in linear light, with their own folds."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.colour import blur, disc, display, light, linear, luma, wide_blur
from gpu_service.preview.framing import Frame

Array = NDArray[Any]


def dye(frame: Frame, mask: Array, cloth: str | Array, *, gamma: float = 1.05, folds: float = 1.6,
        sheen: float = 0.01) -> Array:  # fmt: skip
    """Dye the cloth under ``mask`` with a colour or a printed pattern (linear BGR); returns display BGR.

    The cloth keeps its own shading. Capture clothes are nearly overexposed, so folds are made
    stronger, but only well inside: at its edge that would turn hair into dark spikes.
    """
    flat = linear(frame.colours)
    bright = luma(flat)
    if float((mask > 0.8).mean()) < 0.002:
        return frame.colours
    white = float(np.percentile(bright[mask > 0.8], 82))
    around = wide_blur(bright * mask, 14) / np.maximum(wide_blur(mask, 14), 1e-3)
    inside = blur(cv2.erode((mask > 0.9).astype(np.uint8), disc(9)).astype(np.float32), 4)
    # OpenCV's powers take a tenth of the time of numpy's.
    fold = cv2.exp(cv2.log(np.clip(bright / np.maximum(around, 1e-3), 0.5, 1.6)) * np.float32(folds) * inside)
    shade = cv2.pow(np.clip(bright / white, 0.02, 1.35), gamma) * fold
    colour = light(cloth)[None, None] if isinstance(cloth, str) else cloth
    gloss = cv2.pow(np.clip(bright / white, 0, 1.2), 3)
    dyed = colour * shade[..., None] + sheen * gloss[..., None]
    cover = mask[..., None]
    return display(flat * (1 - cover) + dyed * cover)


def fold_shift(frame: Frame, mask: Array, *, gain: float = 60.0, most: float = 13.0) -> tuple[Array, Array]:
    """How far folds move a print, in pixels, from the slope of the cloth's own brightness."""
    grey = cv2.cvtColor(frame.colours, cv2.COLOR_BGR2GRAY)
    smooth = blur(grey * mask, 3) / np.maximum(blur(mask, 3), 0.05)
    inside = blur(cv2.erode((mask > 0.6).astype(np.uint8), disc(13)).astype(np.float32), 4)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0) * gain
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1) * gain
    return np.clip(across, -most, most) * inside, np.clip(down, -most, most) * inside
