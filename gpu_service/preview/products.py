"""A brand's product picture: its cut-out, from its own transparency or from a plain ground."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gpu_service.errors import JobFailed
from gpu_service.preview.colour import blur, disc, shifted, wide_blur
from gpu_service.preview.grade import over

Array = NDArray[Any]
MOST_PIXELS = 40_000_000
SIDE = 1200
GROUND_SPREAD = 9.0  # grey levels within which the border of a picture counts as a plain ground


@dataclass(frozen=True)
class Product:
    """Display BGR 0..1 and alpha 0..1, trimmed to the product."""

    colours: Array
    alpha: Array


def read(path: Path) -> Product:
    """The cut-out; raises JobFailed (invalid_input) when the picture has no transparency and no plain ground."""
    try:
        image = Image.open(io.BytesIO(path.read_bytes()), formats=("JPEG", "PNG", "WEBP", "TIFF"))
        if image.width * image.height > MOST_PIXELS:
            raise JobFailed("invalid_input", "the product picture is too large")
        rgba = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise JobFailed("invalid_input", "the product picture cannot be opened") from error
    rgba.thumbnail((SIDE, SIDE))
    pixels = np.asarray(rgba).astype(np.float32) / 255
    colours, alpha = np.ascontiguousarray(pixels[..., 2::-1]), np.ascontiguousarray(pixels[..., 3])
    if alpha.min() > 0.98:
        alpha = _from_plain_ground(colours)
    rows, columns = np.where(alpha > 0.05)
    if len(rows) < 400:
        raise JobFailed("invalid_input", "nothing is left of the product picture once its ground is taken away")
    window = (slice(rows.min(), rows.max() + 1), slice(columns.min(), columns.max() + 1))
    return Product(colours[window], alpha[window])


def _from_plain_ground(colours: Array) -> Array:
    edge = np.concatenate([colours[:6].reshape(-1, 3), colours[-6:].reshape(-1, 3),
                           colours[:, :6].reshape(-1, 3), colours[:, -6:].reshape(-1, 3)])  # fmt: skip
    ground = np.median(edge, axis=0)
    if np.percentile(np.abs(edge - ground).max(1), 90) * 255 > GROUND_SPREAD:
        raise JobFailed("invalid_input", "the product picture needs a transparent or a plain ground")
    apart = np.abs(colours - ground).max(2)
    solid = (apart > 0.06).astype(np.uint8)
    filled = np.zeros((solid.shape[0] + 2, solid.shape[1] + 2), np.uint8)
    outside = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, disc(5))
    cv2.floodFill(outside, filled, (0, 0), 2)
    inside = (outside != 2).astype(np.uint8)
    return np.asarray(blur(cv2.erode(inside, disc(3)).astype(np.float32), 0.9))


def place(
    picture: Array, product: Product, lit: Array, *, centre: float, base: float, tall: float, side: float
) -> Array:
    """Stand a product in a linear picture: ``base`` is the row it stands on, ``tall`` its height in pixels.

    ``lit`` is the light on it (linear BGR factor). Its shadow falls away from ``side``.
    """
    height, width = picture.shape[:2]
    scale = tall / product.alpha.shape[0]
    move = np.array([[scale, 0, centre - product.alpha.shape[1] * scale / 2], [0, scale, base - tall]], np.float32)
    how = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_CUBIC
    alpha = np.clip(cv2.warpAffine(product.alpha, move, (width, height), flags=how), 0, 1)
    colours = cv2.warpAffine(product.colours, move, (width, height), flags=how, borderMode=cv2.BORDER_REPLICATE)
    laid = np.array([[1, side * 0.9, -side * 0.9 * base], [0, 0.22, base * 0.78 + 1]], np.float32)
    cast = cv2.warpAffine(alpha, laid, (width, height))
    touch = cv2.warpAffine(alpha, np.array([[1, 0, 0], [0, 0.06, base * 0.94 + 2]], np.float32), (width, height))
    dark = np.clip(wide_blur(cast, 10) * 0.5 + blur(touch, 4) * 0.55, 0, 0.85)
    soft = wide_blur(shifted(alpha, -side * 30, 10), 30) * 0.25
    picture = picture * (1 - dark)[..., None] * (1 - soft)[..., None]
    return over(np.power(np.clip(colours, 0, 1), 2.2) * lit, picture, alpha, wrap=0.12, reach=10)
