"""Framing: which part of a photograph fills the picture, and what is known in its pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview import landmarks
from gpu_service.preview.captures import Capture, CutOut
from gpu_service.preview.colour import blur, wide_blur

Array = NDArray[Any]


@dataclass(frozen=True)
class Crop:
    """Rows ``top``..``bottom`` of the photograph fill the height; column ``x`` lands at ``at`` of the width.

    ``tilt`` in degrees, anticlockwise.
    """

    top: float
    bottom: float
    x: float
    at: float = 0.5
    tilt: float = 0.0


@dataclass
class Frame:
    """The person at the size of the picture: display BGR 0..1, alpha 0..1, points in pixels."""

    colours: Array
    alpha: Array
    face: Array
    body: Array
    scale: float
    studio: bool
    cut: CutOut
    matrix: Array

    @property
    def size(self) -> tuple[int, int]:
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def face_width(self) -> float:
        return float(np.ptp(self.face[:, 0]))

    @property
    def foot(self) -> int:
        """The lowest row of the figure."""
        rows = np.where((self.alpha > 0.5).sum(1) > 3)[0]
        return int(rows.max()) if len(rows) else self.alpha.shape[0] - 1

    @property
    def chin(self) -> float:
        return float(self.face[landmarks.CHIN, 1])

    @property
    def hips(self) -> float:
        return float(self.body[list(landmarks.HIPS), 1].mean())

    @property
    def centre(self) -> float:
        """The column of the body's middle."""
        return float(self.body[list(landmarks.SHOULDERS + landmarks.HIPS), 0].mean())


ALL_EDGES = frozenset({"left", "top", "right", "bottom"})


def keep_inside(crop: Crop, capture: Capture, size: tuple[int, int], touches: frozenset[str] | None = None) -> Crop:
    """Shrink and move a crop so that no edge at which the photograph cuts the figure comes into view.

    ``touches`` are other edges to keep out, such as all of them when the place itself is shown.
    """
    width, height = size
    tall = crop.bottom - crop.top
    wide = tall * width / height
    slack = 1 + 2.2 * abs(np.sin(np.radians(crop.tilt))) * max(width / height, height / width)
    touches = capture.touches if touches is None else touches
    if "left" in touches and "right" in touches:
        tall *= min(1.0, capture.width / (wide * slack))
    if "top" in touches and "bottom" in touches:
        tall *= min(1.0, capture.height / (tall * slack))
    top = crop.top
    if tall < crop.bottom - crop.top:  # keep the eyes where they were asked to be
        eyes = float(capture.face.eyes[:, 1].mean())
        top = eyes - (eyes - crop.top) * tall / (crop.bottom - crop.top)
    wide = tall * width / height
    spare = tall * (slack - 1) / 2
    if "bottom" in touches:
        top = min(top, capture.height - spare - 2 - tall)
    if "top" in touches:
        top = max(top, spare + 2)
    left = crop.x - crop.at * wide
    spare = wide * (slack - 1) / 2
    if "right" in touches:
        left = min(left, capture.width - spare - wide)
    if "left" in touches:
        left = max(left, spare)
    return Crop(top, top + tall, crop.x, (crop.x - left) / wide, crop.tilt)


def matrix_of(crop: Crop, size: tuple[int, int]) -> tuple[Array, float]:
    width, height = size
    scale = height / (crop.bottom - crop.top)
    middle = (crop.top + crop.bottom) / 2
    matrix = cv2.getRotationMatrix2D((crop.x, middle), crop.tilt, scale)
    matrix[0, 2] += width * crop.at - crop.x
    matrix[1, 2] += height / 2 - middle
    return matrix, scale


def _placed(points: Array, matrix: Array, scale: float, *, depth: bool) -> Array:
    placed = points.astype(np.float32).copy()
    placed[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    if depth:
        placed[:, 2] *= scale
    return placed


def take(cut: CutOut, crop: Crop, size: tuple[int, int]) -> Frame:
    """Cut a frame out of a photograph."""
    matrix, scale = matrix_of(crop, size)
    how = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_CUBIC
    colours = cv2.warpAffine(cut.colours, matrix, size, flags=how, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.warpAffine(cut.alpha, matrix, size, flags=how).astype(np.float32) / 255
    alpha = np.clip((alpha - 0.07) / 0.88, 0, 1)
    capture = cut.capture
    return Frame(
        colours=colours.astype(np.float32) / 255,
        alpha=alpha,
        face=_placed(capture.points, matrix, scale, depth=True),
        body=_placed(capture.body, matrix, scale, depth=False),
        scale=scale,
        studio=capture.studio,
        cut=cut,
        matrix=matrix,
    )


def _light_ratio(frame: Frame) -> Array | None:
    """Studio picture over its clean backdrop: the real shadow on the floor; NaN where it is not seen."""
    cut, matrix, size = frame.cut, frame.matrix, frame.size
    if cut.backdrop is None:
        return None
    picture = cv2.warpAffine(cut.picture, matrix, size, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    clean = cv2.warpAffine(cut.backdrop, matrix, size, borderMode=cv2.BORDER_REPLICATE)
    seen = cv2.warpAffine(np.full(cut.alpha.shape, 255, np.uint8), matrix, size)
    ratio = picture.mean(2) / np.maximum(clean.mean(2), 1)
    return np.where((frame.alpha > 0.02) | (seen < 252), np.nan, ratio).astype(np.float32)


def floor_shadow(frame: Frame, *, darkest: float = 0.3) -> Array | None:
    """The studio's own shadow on the floor as a factor 0..1; the person's hole is filled smoothly."""
    ratio = _light_ratio(frame)
    if ratio is None:
        return None
    known = ~np.isnan(ratio)
    values = np.where(known, ratio, 0).astype(np.float32)
    weight = known.astype(np.float32)
    fine = blur(values, 2) / np.maximum(blur(weight, 2), 1e-3)
    broad = wide_blur(values, 24) / np.maximum(wide_blur(weight, 24), 1e-3)
    filled = np.where(blur(weight, 2) > 0.05, fine, np.where(wide_blur(weight, 24) > 0.02, broad, 1))
    return np.asarray(np.clip(filled, darkest, 1.0), np.float32)


# How much of the figure each crop shows, by format: share of its height for figures seen in full.
_THREE_QUARTER = {"4:5": 0.60, "1:1": 0.50, "9:16": 0.78, "16:9": 0.46}
# Height of the picture in face heights (hairline to chin) for portraits.
_PORTRAIT = {"4:5": 2.75, "1:1": 2.35, "9:16": 3.1, "16:9": 2.0}
# The same out of a figure seen in full: wider, for it is small, and its shoulders are not cut off.
_WIDER_PORTRAIT = {"4:5": 3.5, "1:1": 3.1, "9:16": 4.4, "16:9": 3.0}


def standard(
    capture: Capture, crop: str, picture_format: str, *, head_room: float = 0.08, foot_room: float = 0.1,
    at: float = 0.5, tilt: float = 0.0, closer: float = 1.0,
) -> Crop:  # fmt: skip
    """The usual crop of its kind. ``closer`` above 1 comes nearer."""
    x0, y0, x1, y1 = capture.box
    tall = y1 - y0
    middle = (x0 + x1) / 2
    if crop == "full":
        return Crop(y0 - head_room * tall, y1 + foot_room * tall, middle, at, tilt)
    face = capture.points
    face_height = float(face[landmarks.CHIN, 1] - face[landmarks.FOREHEAD, 1])
    nose = float(face[landmarks.NOSE, 0])
    if crop == "three_quarter" and capture.kind == "full":
        seen = _THREE_QUARTER[picture_format] * tall / closer
        return Crop(y0 - head_room * tall, y0 - head_room * tall + seen, middle, at, tilt)
    heights = _WIDER_PORTRAIT if capture.kind == "full" else _PORTRAIT
    seen = heights[picture_format] * face_height / closer
    hair = max(float(y0), face[landmarks.FOREHEAD, 1] - 0.55 * face_height)
    top = hair - head_room * face_height * 1.6
    eyes = float(capture.face.eyes[:, 1].mean())
    if "bottom" in capture.touches:  # no lower than the photograph goes, and the head stays at the top: nearer
        seen = min(seen, max(0.8 * seen, capture.height - top))
    top = max(top, eyes - 0.52 * seen)
    return Crop(top, top + seen, nose, at, tilt)
