"""Sunglasses drawn in the face's own frame from mesh points: acetate rim, tinted lenses, their shadow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview.backgrounds import grid
from gpu_service.preview.colour import blur, light, shifted
from gpu_service.preview.framing import Frame
from gpu_service.preview.landmarks import LEFT_EYE, LEFT_TEMPLE, RIGHT_EYE, RIGHT_TEMPLE

Array = NDArray[Any]
LET_THROUGH = (0.20, 0.62)  # of the light, at the top and at the bottom of a lens
TWICE = 2  # masks are drawn at twice the size and reduced


@dataclass(frozen=True)
class Style:
    """Sizes in distances between the eyes' middles; ``squareness`` 2 is round, 4 nearly square."""

    wide: float
    high: float
    squareness: float
    rim: float
    frame: str
    lens_top: str
    lens_bottom: str


STYLES = (
    Style(0.84, 0.62, 3.1, 0.068, "#0b0a0a", "#1a1210", "#8a5630"),
    Style(0.78, 0.68, 2.3, 0.050, "#3a2013", "#2a1c12", "#a3683a"),
    Style(0.88, 0.56, 3.8, 0.075, "#101418", "#12181c", "#5d7f86"),
    Style(0.80, 0.64, 2.6, 0.060, "#6b1220", "#241014", "#94505a"),
)


@dataclass(frozen=True)
class Spectacles:
    """Masks 0..1 at the picture's size, and coordinates in eye distances from the bridge."""

    rim: Array
    lens: Array
    temple: Array
    bevel: Array
    x: Array
    y: Array
    eye_distance: float


def fit(frame: Frame, style: Style) -> Spectacles:
    """Place a pair on the face: turned with the eyes, temples running to the ears."""
    left, right = (frame.face[list(eye), :2].mean(0) for eye in (LEFT_EYE, RIGHT_EYE))
    distance = float(np.linalg.norm(right - left))
    across = (right - left) / distance
    down = np.array([-across[1], across[0]], np.float32)
    bridge = (left + right) / 2 + down * distance * 0.05

    def drawn(shapes: list[Array]) -> Array:
        mask = np.zeros((frame.size[1] * TWICE, frame.size[0] * TWICE), np.uint8)
        for shape in shapes:
            placed = bridge + shape[:, :1] * distance * across + shape[:, 1:] * distance * down
            cv2.fillPoly(mask, [(placed * TWICE * 16).round().astype(np.int32)], 255, cv2.LINE_AA, 4)
        return cv2.resize(mask, frame.size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255

    bar = np.array([[-0.16, -0.20], [0.16, -0.20], [0.15, -0.06], [0.06, -0.12], [-0.06, -0.12], [-0.15, -0.06]])
    outer = drawn([_outline(style, side, style.rim) for side in (-1, 1)] + [bar])
    lens = drawn([_outline(style, side, 0.0) for side in (-1, 1)])
    ends = [frame.face[i, :2] - bridge for i in (LEFT_TEMPLE, RIGHT_TEMPLE)]
    arms = [_arm(style, side, end, across, down, distance) for side, end in zip((-1, 1), ends, strict=True)]
    rim = np.clip(outer - lens, 0, 1)
    rows, columns = grid(frame.size)
    x = ((columns - bridge[0]) * across[0] + (rows - bridge[1]) * across[1]) / distance
    y = ((columns - bridge[0]) * down[0] + (rows - bridge[1]) * down[1]) / distance
    return Spectacles(rim, lens, np.clip(drawn(arms) - outer, 0, 1), _bevel(rim, distance), x, y, distance)


def _outline(style: Style, side: int, grow: float) -> Array:
    angle = np.linspace(0, 2 * np.pi, 160)
    half_wide, half_high = style.wide / 2 + grow, style.high / 2 + grow * 0.9
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / style.squareness) * half_wide
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / style.squareness) * half_high
    x = x * (1 - 0.16 * y / half_high)
    y = y - 0.05 * (x / half_wide) * (y < 0)
    return np.c_[side * (0.525 + x), y + 0.03]


def _arm(style: Style, side: int, end: Array, across: Array, down: Array, distance: float) -> Array:
    hinge = np.array([side * (0.525 + style.wide / 2 + 0.04), -style.high * 0.36])
    ear = np.array([float(end @ across), float(end @ down)]) / distance
    reach = side * max(abs(ear[0]) + 0.02, abs(hinge[0]) + 0.01)
    return np.array([hinge, [reach, ear[1] - 0.07], [reach, ear[1] + 0.03], hinge + np.array([0, 0.15])])


def _bevel(rim: Array, distance: float) -> Array:
    """How much of the key each place of the rounded rim throws back, 0..1."""
    depth = cv2.distanceTransform((rim > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    radius = distance * 0.034
    near = np.minimum(depth, radius)
    height = blur(np.sqrt(np.maximum(near * (2 * radius - near), 0)).astype(np.float32), 1.6)
    across, down = -cv2.Sobel(height, cv2.CV_32F, 1, 0) / 8, -cv2.Sobel(height, cv2.CV_32F, 0, 1) / 8
    facing = (across * -0.45 + down * -0.62 + 0.64) / np.sqrt(1 + across**2 + down**2)
    return np.asarray(np.clip(facing, 0, 1), np.float32)


def wear(
    picture: Array, pair: Spectacles, style: Style, *, side: float, key: tuple[float, float, float], clearer: float
) -> Array:
    """Put the pair on a linear picture. Lenses are graduated; ``clearer`` (0..0.3) lets more of the eyes through."""
    whole = np.clip(pair.rim + pair.lens + pair.temple, 0, 1)
    unit = pair.eye_distance
    shadow = blur(shifted(whole, -side * unit * 0.06, unit * 0.10), unit * 0.045) * (1 - whole)
    picture = picture * (1 - 0.55 * shadow)[..., None]
    grade = np.clip((pair.y + 0.30) / 0.62, 0, 1)[..., None]
    tint = light(style.lens_top) * (1 - grade) + light(style.lens_bottom) * grade
    low, high = LET_THROUGH[0] + 1.6 * clearer, LET_THROUGH[1] + clearer
    through = tint / tint.max(-1, keepdims=True) * (low + (high - low) * grade)
    lens = picture * through + tint * 0.03
    local = np.where(pair.x < 0, pair.x + 0.525, pair.x - 0.525)
    window = np.clip(1 - np.abs((local - side * 0.14 - 0.35 * pair.y) / 0.15) ** 8, 0, 1)
    window = window * np.clip((pair.y + 0.25) / 0.05, 0, 1) * np.clip((0.02 - pair.y) / 0.08, 0, 1)
    sky = np.clip(0.5 - pair.y * 1.6, 0, 1) ** 2 * 0.02
    lens = lens + (window * 0.022 + sky * 0.6)[..., None] * np.array(key, np.float32)
    inner = np.clip(1 - blur(pair.lens, unit * 0.02), 0, 1) * pair.lens
    lens = lens * (1 - 0.6 * inner[..., None])
    picture = picture * (1 - pair.lens[..., None]) + lens * pair.lens[..., None]
    acetate = light(style.frame)
    shine = (pair.bevel[..., None] ** 34) * np.array(key, np.float32) * 0.4 + (pair.bevel[..., None] ** 5) * 0.02
    rim = acetate * (0.6 + 0.8 * pair.bevel[..., None]) + shine
    picture = picture * (1 - pair.temple[..., None]) + acetate * 0.8 * pair.temple[..., None]
    return np.asarray(picture * (1 - pair.rim[..., None]) + rim * pair.rim[..., None], np.float32)
