"""Cutting the person out: coarse mask, three-way map, closed-form matte, clean foreground.

Done once per photograph (1 to 4 s on one core) and kept by the photograph's SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview import closed_form, models
from gpu_service.preview.colour import disc

Array = NDArray[Any]
STUDIO_ERROR = 14.0  # grey levels within which a studio backdrop follows its smooth model
BACKDROP_APART = 34.0  # grey levels from the backdrop at which a studio pixel may be all figure
BACKDROP_NOISE = 6.0  # grey levels within which a pixel is the backdrop itself
MATTE_SIDE = 1312  # longest side, in pixels, at which the matte is solved
FOREGROUND_SIDES = (91, 7)  # pixels over which foreground colours are averaged
CUT_FACE = 150  # pixels across a face at which a silhouette is cut
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Coarse:
    """A soft mask at full size, the figure's box, and the backdrop (None outside a studio)."""

    mask: Array
    box: Box
    backdrop: Array | None


def selfie_mask(picture: Array, box: Box | None = None) -> Array:
    """The segmentation network on the whole picture, or on a box of it, at the picture's size."""
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = box or (0, 0, width, height)
    found = models.run("selfie_segmentation.tflite", picture[y0:y1, x0:x1], 256)[0][0, 0]
    mask = np.zeros((height, width), np.float32)
    mask[y0:y1, x0:x1] = cv2.resize(found, (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC)
    return np.clip(mask, 0, 1)


def figure_box(mask: Array, *, level: float = 0.3, margin: float = 0.0) -> Box | None:
    """The box around everything above ``level``, widened by a share of its size."""
    small = mask[::8, ::8] > level
    if small.sum() < 12:
        return None
    rows, columns = np.where(small.any(1))[0] * 8, np.where(small.any(0))[0] * 8
    dx = int((columns[-1] - columns[0]) * margin) + 8
    dy = int((rows[-1] - rows[0]) * margin) + 8
    height, width = mask.shape
    return (
        max(0, int(columns[0]) - dx),
        max(0, int(rows[0]) - dy),
        min(width, int(columns[-1]) + 8 + dx),
        min(height, int(rows[-1]) + 8 + dy),
    )


def coarse(picture: Array) -> Coarse | None:
    """Find the figure in two passes, the second on its box; None where there is none."""
    first = figure_box(selfie_mask(picture), margin=0.12)
    if first is None:
        return None
    mask = selfie_mask(picture, first)
    box = figure_box(mask, level=0.5)
    if box is None:
        return None
    return Coarse(mask, box, studio_backdrop(picture, mask))


def _terms(x: Array, y: Array) -> Array:
    return np.stack([x**i * y**j for i in range(5) for j in range(5 - i)], -1)


def studio_backdrop(picture: Array, mask: Array) -> Array | None:
    """A smooth polynomial through the backdrop of a studio picture; None when it is no studio."""
    height, width = picture.shape[:2]
    samples = picture[::8, ::8].reshape(-1, 3).astype(np.float32)
    rows, columns = np.mgrid[0:height:8, 0:width:8]
    terms = _terms((columns / width - 0.5).ravel(), (rows / height - 0.5).ravel())
    near = cv2.dilate((mask > 0.04).astype(np.uint8), disc(41))[::8, ::8].ravel()
    far = near == 0
    if far.sum() < 200:
        return None
    fit = np.linalg.lstsq(terms[far], samples[far], rcond=None)[0]
    for _ in range(2):
        good = far & (np.abs(terms @ fit - samples).max(1) < STUDIO_ERROR)
        if good.sum() < 0.8 * far.sum():
            return None
        fit = np.linalg.lstsq(terms[good], samples[good], rcond=None)[0]
    small = (terms @ fit).reshape(*rows.shape, 3).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC))


def _silhouette(small: Array, mask: Array, backdrop: Array | None, face_width: float) -> Array:
    """Grab-cut around the figure; the largest piece, as 0 or 1 at the size of ``small``.

    Large figures are cut at a lower size: the matte finds their edge again. Small ones are not, or the
    gaps between arms and body would close.
    """
    scale = float(np.clip(CUT_FACE / face_width, 0.5, 1.0))
    unit = max(3, round(small.shape[0] * scale) // 260) | 1
    box = figure_box(mask, level=0.03, margin=0.05) or (0, 0, small.shape[1], small.shape[0])
    window = (slice(box[1], box[3]), slice(box[0], box[2]))
    ground = None if backdrop is None else _resized(backdrop[window], scale)
    inside = _grab_cut(_resized(small[window], scale), _resized(mask[window], scale), ground, unit).astype(np.float32)
    found = np.zeros(mask.shape, np.uint8)
    found[window] = cv2.resize(inside, (box[2] - box[0], box[3] - box[1]), interpolation=cv2.INTER_LINEAR) > 0.5
    return found


def _resized(picture: Array, scale: float) -> Array:
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA))


def _grab_cut(small: Array, mask: Array, backdrop: Array | None, unit: int) -> Array:
    labels = np.full(mask.shape, cv2.GC_PR_BGD, np.uint8)
    labels[mask > 0.5] = cv2.GC_PR_FGD
    labels[mask < 0.03] = cv2.GC_BGD
    labels[cv2.erode((mask > 0.97).astype(np.uint8), disc(2 * unit + 1)) > 0] = cv2.GC_FGD
    if backdrop is None:
        # Outside a studio colours mislead: the cut may only move a little way from the mask's own edge.
        reach = cv2.dilate((mask > 0.5).astype(np.uint8), disc(2 * unit + 1))
        labels[reach == 0] = cv2.GC_BGD
        labels[cv2.erode((mask > 0.6).astype(np.uint8), disc(2 * unit + 1)) > 0] = cv2.GC_FGD
    else:
        near = cv2.dilate((mask > 0.03).astype(np.uint8), disc(3 * unit))
        labels[(near > 0) & (labels == cv2.GC_BGD)] = cv2.GC_PR_BGD
        apart = np.abs(small.astype(np.float32) - backdrop).max(2) > 45
        unsure = (labels == cv2.GC_PR_BGD) | (labels == cv2.GC_PR_FGD)
        labels[apart & (mask > 0.02) & unsure] = cv2.GC_PR_FGD
    whole = (0, 0, small.shape[1], small.shape[0])  # OpenCV does not read it in this mode
    cv2.grabCut(small, labels, whole, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    inside = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(inside)
    if count < 2:
        return inside
    return (pieces == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.uint8)


def _three_way(
    small: Array, inside: Array, head: tuple[float, float, float], unit: int, apart: Array | None, face: Array
) -> tuple[Array, Array]:
    """1 inside, 0 outside, 0.5 unknown: a thin band on the body, a wide one round the hair; and where hair is.

    ``head`` is the face's centre and width in pixels of ``small``; ``apart`` is each pixel's distance
    from a studio backdrop, which is how gaps between curls are told from hair. Within ``face`` there are
    none, however much the white of an eye looks like the backdrop.
    """
    x, y, width = head
    inner = cv2.erode(inside, disc(unit))
    outer = cv2.dilate(inside, disc(unit + 2))
    rows, columns = np.mgrid[0 : inside.shape[0], 0 : inside.shape[1]]
    crown = (np.abs(columns - x) < 1.6 * width) & (rows < y + 1.6 * width)
    dark = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY) < 105
    hair = cv2.morphologyEx((dark & crown & (inside > 0)).astype(np.uint8), cv2.MORPH_OPEN, disc(2 * unit + 1))
    band = max(5, int(width * 0.13)) | 1
    zone = cv2.dilate(hair, disc(2 * band + 1)) > 0
    edge = cv2.dilate(inside, disc(band)) - cv2.erode(inside, disc(max(3, band // 2)))
    unknown = ((outer > 0) & (inner == 0)) | (zone & (edge > 0) & crown)
    if apart is not None:
        unknown |= zone & crown & (inside > 0) & (apart < BACKDROP_APART) & (rows < y + 0.9 * width)
    unknown &= ~face
    known = np.where(unknown, 0.5, inside.astype(np.float64))
    if apart is not None:  # gaps wide enough to be sure of need no solving
        gaps = (unknown & zone & crown & (apart < BACKDROP_NOISE)).astype(np.uint8)
        known[cv2.morphologyEx(gaps, cv2.MORPH_OPEN, disc(7)) > 0] = 0
    return known, zone & crown


def _foreground(picture: Array, alpha: Array) -> Array:
    """The figure's own colours where it is mixed with the background (Forte 2021), 0..255.

    The colours around are averaged with alpha as weight, widely, then closely.
    """
    figure, rest = picture, picture
    for side in FOREGROUND_SIDES:
        figure, rest = _unmixed(picture, alpha, figure, rest, side)
    return figure


def _unmixed(picture: Array, alpha: Array, figure: Array, rest: Array, side: int) -> tuple[Array, Array]:
    box = (side, side)
    cover = alpha[..., None]
    near_alpha = cv2.blur(alpha, box)[..., None]
    figure = cv2.blur(figure * cover, box) / (near_alpha + 1e-5)
    rest = cv2.blur(rest * (1 - cover), box) / (1 - near_alpha + 1e-5)
    own = figure + cover * (picture - cover * figure - (1 - cover) * rest)
    return np.asarray(np.clip(own, 0, 255)), rest


def _hull(points: Array, size: tuple[int, int]) -> Array:
    """Whether a pixel lies in the hull of the points."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(points.astype(np.int32)), 1)
    return mask > 0


def matte(picture: Array, found: Coarse, points: Array, mask: Array) -> tuple[Array, Array]:
    """Alpha (0..1) and clean foreground colours (0..255), both at the picture's size.

    ``points`` are those of the face.
    """
    height, width = picture.shape[:2]
    scale = min(1.0, MATTE_SIDE / max(height, width))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    size = (small.shape[1], small.shape[0])
    unit = max(3, small.shape[0] // 260) | 1
    backdrop = None if found.backdrop is None else cv2.resize(found.backdrop, size)
    face = points[:, :2] * scale
    (x, y), face_width = (face.max(0) + face.min(0)) / 2, float(np.ptp(face[:, 0]))
    inside = _silhouette(small, cv2.resize(mask, size, interpolation=cv2.INTER_AREA), backdrop, face_width)
    apart = None if backdrop is None else np.abs(small.astype(np.float32) - backdrop).max(2)
    known, hair = _three_way(small, inside, (x, y, face_width), unit, apart, _hull(face, size))
    alpha = np.clip((closed_form.solve(small / 255.0, known) - 0.04) / 0.92, 0, 1)
    if apart is not None:
        alpha = np.where(
            (known == 0.5) & hair, np.minimum(alpha, np.clip((apart - BACKDROP_NOISE) / BACKDROP_APART, 0, 1)), alpha
        )
    colours = _foreground(small.astype(np.float32), alpha)
    large = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    clean = cv2.resize(colours, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    solid = np.clip((large - 0.90) / 0.08, 0, 1)[..., None]
    return large, picture * solid + clean * (1 - solid)
