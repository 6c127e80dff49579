"""Colour and blur helpers. Pictures are float32 BGR, 0..1; "linear" means linear light."""

from __future__ import annotations

import colorsys
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
LUMA = np.array([0.114, 0.587, 0.299], np.float32)
GAMMA = 2.2


def linear(picture: Array) -> Array:
    return _power(np.clip(picture, 0, None), GAMMA)


def display(picture: Array) -> Array:
    """Linear light to display values, clipped to 0..1."""
    return _power(np.clip(picture, 0, 1), 1 / GAMMA)


def _power(values: Array, exponent: float) -> Array:
    return np.asarray(cv2.pow(values.astype(np.float32), exponent), np.float32).reshape(values.shape)


def bgr(colour: str) -> Array:
    """``#rrggbb`` as display BGR."""
    return np.array([int(colour[i : i + 2], 16) for i in (5, 3, 1)], np.float32) / 255


def light(colour: str) -> Array:
    """``#rrggbb`` as linear BGR."""
    return linear(bgr(colour))


def luma(picture: Array) -> Array:
    return np.asarray(picture @ LUMA, np.float32)


def shift_hue(colour: str, *, degrees: float = 0.0, value: float = 1.0, saturation: float = 1.0) -> str:
    """A relative of a colour: turned in hue, scaled in value and saturation."""
    b, g, r = (float(v) for v in bgr(colour))
    h, s, v = colorsys.rgb_to_hsv(r, g, b)
    red, green, blue = colorsys.hsv_to_rgb((h + degrees / 360) % 1, min(1.0, s * saturation), min(1.0, v * value))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def blur(picture: Array, sigma: float) -> Array:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma))


def wide_blur(picture: Array, sigma: float) -> Array:
    """A Gaussian for large sigmas, worked out at low resolution."""
    factor = max(1, int(sigma / 4))
    if factor == 1:
        return blur(picture, sigma)
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (max(2, width // factor), max(2, height // factor)), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(blur(small, sigma / factor), (width, height), interpolation=cv2.INTER_LINEAR))


def disc(size: int) -> Array:
    """An elliptical structuring element of odd size."""
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size | 1, size | 1)))


def shifted(picture: Array, dx: float, dy: float, *, border: int = cv2.BORDER_CONSTANT) -> Array:
    """Move a picture; what comes in from outside is zero unless ``border`` says otherwise."""
    height, width = picture.shape[:2]
    move = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(picture, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=border))


def smoothstep(x: Array, low: float, high: float) -> Array:
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
