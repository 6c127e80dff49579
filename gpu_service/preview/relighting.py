"""Relighting: a height map of face and body, lights over it, shadows marched through it.

The captured light is flat, so the picture is multiplied by the light that the set would give.
All light is linear BGR. Directions point towards the light: x right, y down, z to the camera.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from gpu_service.preview.colour import blur, linear
from gpu_service.preview.framing import Frame

Array = NDArray[Any]
QUARTER = 4  # the height map is worked out at a quarter of the picture's size


@dataclass(frozen=True)
class Light:
    """``shadow`` 0..1 is how dark its marched shadows are; ``wrap`` softens the terminator."""

    towards: tuple[float, float, float]
    colour: tuple[float, float, float] = (1.0, 1.0, 1.0)
    power: float = 1.0
    shadow: float = 0.7
    wrap: float = 0.25

    def direction(self) -> Array:
        vector = np.array(self.towards, np.float32)
        return np.asarray(vector / np.linalg.norm(vector), np.float32)


@dataclass(frozen=True)
class Relief:
    """Height (in quarter pixels) and normals at a quarter of the picture's size."""

    height: Array
    normals: Array
    face_width: float

    def at_full_size(self, size: tuple[int, int]) -> Array:
        return np.asarray(cv2.resize(self.height, size)) * QUARTER


def relief(frame: Frame) -> Relief:
    """The relief of a frame: the body's inflated outline, the face's own depth let into it."""
    width, height = frame.size[0] // QUARTER, frame.size[1] // QUARTER
    alpha = cv2.resize(frame.alpha, (width, height), interpolation=cv2.INTER_AREA)
    face_width = max(6.0, frame.face_width / QUARTER)
    body = _inflated(alpha, 0.75 * face_width)
    body = blur(body, max(1.5, face_width * 0.05))
    if face_width > 14:
        body = _with_face(body, frame.face / QUARTER, face_width)
    body = body * (alpha > 0.02)
    return Relief(body, _normals(body), face_width)


def _inflated(alpha: Array, radius: float) -> Array:
    pad = 60
    wide = cv2.copyMakeBorder(alpha, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    distance = cv2.distanceTransform((wide > 0.5).astype(np.uint8), cv2.DIST_L2, 5)[pad:-pad, pad:-pad]
    near = np.minimum(distance, radius)
    return np.asarray(np.sqrt(np.maximum(near * (2 * radius - near), 0)) * 0.75, np.float32)


def _with_face(body: Array, points: Array, face_width: float) -> Array:
    """Blend the face's depth in band by band (a Laplacian pyramid), so that no line shows where it ends."""
    height, width = body.shape
    x0, y0 = (int(max(0, v)) for v in points[:, :2].min(0))
    x1, y1 = (int(v) for v in np.minimum(points[:, :2].max(0) + 1, (width, height)))
    if x1 - x0 < 5 or y1 - y0 < 5:
        return body
    step = max(1, round(face_width / 60))  # the depth is smooth: a coarse grid will do
    rows, columns = np.mgrid[y0:y1:step, x0:x1:step]
    coarse = LinearNDInterpolator(points[:, :2], -points[:, 2])(columns, rows).astype(np.float32)
    depth = cv2.resize(coarse, (x1 - x0, y1 - y0), interpolation=cv2.INTER_LINEAR)
    inside = np.isfinite(depth)
    known = np.zeros_like(body)
    known[y0:y1, x0:x1] = inside
    values = np.zeros_like(body)
    values[y0:y1, x0:x1] = np.where(inside, depth, 0)
    fine = blur(values, face_width * 0.016) / np.maximum(blur(known, face_width * 0.016), 0.05)
    broad = blur(values, face_width * 0.25) / np.maximum(blur(known, face_width * 0.25), 1e-3)
    near = blur(known, face_width * 0.016)
    face = np.where(near > 0.5, fine, broad)
    core = cv2.erode(known, np.ones((3, 3), np.uint8), iterations=max(1, int(face_width * 0.06)))
    ring = (core > 0) & (cv2.erode(core, np.ones((3, 3), np.uint8), iterations=3) == 0)
    if not ring.any():
        return body
    face = face + float(np.median((body - face)[ring]))
    return _pyramid_blend(body, face, core, levels=max(2, int(np.log2(face_width / 3))))


def _pyramid_blend(below: Array, above: Array, mask: Array, *, levels: int) -> Array:
    stack = []
    for _ in range(levels):
        size = (below.shape[1], below.shape[0])
        next_below, next_above = cv2.pyrDown(below), cv2.pyrDown(above)
        detail_below = below - cv2.pyrUp(next_below, dstsize=size)
        detail_above = above - cv2.pyrUp(next_above, dstsize=size)
        stack.append(detail_below * (1 - mask) + detail_above * mask)
        below, above, mask = next_below, next_above, cv2.pyrDown(mask)
    blended = below * (1 - mask) + above * mask
    for detail in reversed(stack):
        blended = cv2.pyrUp(blended, dstsize=(detail.shape[1], detail.shape[0])) + detail
    return np.asarray(blended, np.float32)


def _normals(height: Array) -> Array:
    across = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) / 8
    down = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) / 8
    normals = np.dstack([-across, -down, np.ones_like(across)])
    return np.asarray(normals / np.linalg.norm(normals, axis=2, keepdims=True), np.float32)


def unshadowed(
    height: Array, direction: Array, *, steps: int = 26, softness: float = 3.0, penumbra: float = 1.2
) -> Array:
    """1 where the light arrives, 0 behind nose, jaw and chin: a march over the height map."""
    across, down, up = (float(v) for v in direction)
    flat = float(np.hypot(across, down)) + 1e-6
    hidden = np.zeros_like(height)
    size = (height.shape[1], height.shape[0])
    for step in range(1, steps):
        t = step * 1.5 * (1 + step * 0.03)
        move = np.array([[1, 0, -across / flat * t], [0, 1, -down / flat * t]], np.float32)
        seen = cv2.warpAffine(height, move, size, flags=cv2.INTER_LINEAR)
        hidden = np.maximum(hidden, (seen - height - t * up / flat - 1.0) / (softness + 0.12 * t))
    return np.asarray(1 - np.clip(blur(hidden, penumbra), 0, 1), np.float32)


def lambert(shape: Relief, light: Light) -> Array:
    """How much of a light each place gets, 0..1, with its shadow, at a quarter size."""
    direction = light.direction()
    facing = np.clip((shape.normals @ direction + light.wrap) / (1 + light.wrap), 0, 1)
    if light.shadow:
        facing = facing * (
            1 - light.shadow * (1 - unshadowed(shape.height, direction, penumbra=max(1.2, shape.face_width * 0.02)))
        )
    return np.asarray(facing, np.float32)


def relight(
    frame: Frame,
    lights: list[Light],
    ambient: tuple[float, float, float],
    *,
    shape: Relief | None = None,
    rim: Light | None = None,
) -> Array:
    """The person in linear light under ``lights``; a grey card facing a light of power 1 keeps its value."""
    shape = shape or relief(frame)
    total = np.zeros(shape.normals.shape, np.float32) + np.array(ambient, np.float32)
    for light in lights:
        total += lambert(shape, light)[..., None] * np.array(light.colour, np.float32) * light.power
    flat = linear(frame.colours)
    lit = flat * cv2.resize(total, frame.size, interpolation=cv2.INTER_CUBIC)
    if rim is not None:
        facing = np.clip(shape.normals @ rim.direction(), 0, 1)
        edge = facing * np.clip(1 - shape.normals[..., 2], 0, 1) ** 1.6
        glow = cv2.resize(edge, frame.size, interpolation=cv2.INTER_CUBIC)[..., None]
        tint = np.sqrt(flat) + 0.02
        lit = lit + glow * np.array(rim.colour, np.float32) * rim.power * tint
    return np.asarray(lit, np.float32)
