"""Skin and hair of a face as colours, whatever the brightness of the light.

Skin is read on both cheeks, hair above the forehead. Each colour is brought to one brightness, so that a shadow or a
flash changes nothing; what is left is hue and strength of colour, as two numbers of CIE Lab (a*, b*). Coloured light
still changes them: `skin` is None where the picture has hardly any colour or the two cheeks do not agree, because then
nothing can be said.
"""

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from apps.integrations.faces.reader import main_face
from apps.integrations.faces.types import Vector

BRIGHTNESS = 0.4  # the luminance, 0 to 1, that every colour is brought to before it is compared
DARKEST = 0.015  # linear luminance below which a pixel has no colour worth reading
CHEEK = 0.16  # radius of the part of a cheek that is read, in distances between the eyes
GREY = 5.0  # a skin of less a* and b* than this was printed without colour: measured on monochrome pictures
CHEEKS_AGREE = 12.0  # beyond, the light on the two sides has two colours
LEAST_PIXELS = 40

Colour = NDArray[np.float64]


@dataclass(frozen=True)
class Colours:
    """a* and b* at one brightness; None where it cannot be read. `dark` is how dark the hair is beside the skin."""

    skin: Colour | None
    hair: Colour | None
    dark: float | None


def read_colours(data: bytes) -> Colours:
    """Of the main face. All None where there is no face."""
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"))
    row = main_face(pixels)
    if row is None:
        return Colours(None, None, None)
    light = _linear(pixels)
    cheeks = [_cheek(light, row, side) for side in (0, 1)]
    skin = _skin([cheek for cheek in cheeks if cheek is not None])
    hair_pixels = _hair(light, row)
    if skin is None or hair_pixels is None:
        return Colours(skin, None, None)
    both = np.concatenate([cheek for cheek in cheeks if cheek is not None])
    dark = float(np.median(_luminance(hair_pixels)) / max(1e-4, float(np.median(_luminance(both)))))
    return Colours(skin, _colour(hair_pixels), dark)


def difference(one: Colour, other: Colour) -> float:
    """Distance of two colours of one brightness, in the unit of CIE Lab (1 is hardly seen, 10 is another colour)."""
    return float(np.hypot(*(one - other)))


def _skin(cheeks: list[Colour]) -> Colour | None:
    colours = [colour for colour in map(_colour, cheeks) if colour is not None]
    if not colours:
        return None
    if len(colours) == 2 and difference(*colours) > CHEEKS_AGREE:
        return None
    mean: Colour = np.mean(colours, axis=0)
    return mean if float(np.hypot(*mean)) >= GREY else None


def _cheek(light: Colour, row: Vector, side: int) -> Colour | None:
    """Between eye and corner of the mouth, a little outwards."""
    eyes, mouth = row[4:8].reshape(2, 2), row[10:14].reshape(2, 2)
    apart = float(np.linalg.norm(eyes[0] - eyes[1]))
    outwards = (eyes[side] - eyes[1 - side]) * 0.08
    centre = eyes[side] * 0.4 + mouth[side] * 0.6 + outwards
    return _disc(light, centre, apart * CHEEK)


def _hair(light: Colour, row: Vector) -> Colour | None:
    """A band above the forehead: of the detector's box the top edge is the middle of the forehead or the hairline."""
    x, y, width, height = (float(value) for value in row[:4])
    return _disc(light, np.array([x + width / 2, y - 0.12 * height]), width * 0.16)


def _disc(light: Colour, centre: Any, radius: float) -> Colour | None:
    height, width = light.shape[:2]
    left, right = int(max(0, centre[0] - radius)), int(min(width, centre[0] + radius + 1))
    top, bottom = int(max(0, centre[1] - radius)), int(min(height, centre[1] + radius + 1))
    if right <= left or bottom <= top:
        return None
    rows, columns = np.mgrid[top:bottom, left:right]
    inside = (columns - centre[0]) ** 2 + (rows - centre[1]) ** 2 <= radius**2
    found = light[top:bottom, left:right][inside]
    return found if len(found) >= LEAST_PIXELS else None


def _colour(pixels: Colour) -> Colour | None:
    """Middle a* and b* at one brightness, without the darkest and the brightest pixels."""
    brightness = _luminance(pixels)
    low, high = np.quantile(brightness, [0.2, 0.9])
    kept = pixels[(brightness >= max(low, DARKEST)) & (brightness <= high)]
    if len(kept) < LEAST_PIXELS // 2:
        return None
    same = np.median(kept / _luminance(kept)[:, None], axis=0) * BRIGHTNESS
    lab = cv2.cvtColor(np.asarray(_display(same), np.float32).reshape(1, 1, 3), cv2.COLOR_RGB2Lab)[0, 0]
    return np.asarray(lab[1:], np.float64)


def _luminance(pixels: Colour) -> Colour:
    return np.asarray(pixels @ np.array([0.2126, 0.7152, 0.0722]) + 1e-6)


def _linear(pixels: NDArray[np.uint8]) -> Colour:
    value = np.asarray(pixels, np.float64) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def _display(value: Colour) -> Colour:
    cut = np.clip(value, 0, 1)
    return np.where(cut <= 0.0031308, cut * 12.92, 1.055 * cut ** (1 / 2.4) - 0.055)
