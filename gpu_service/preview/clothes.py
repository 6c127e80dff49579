"""Where the white capture clothes are: worked out once per photograph.

A rough mask by colour, a closed-form matte so that hair lies over the cloth strand by strand,
and the line of the shirt's hem.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview import closed_form
from gpu_service.preview.colour import blur, disc

Array = NDArray[Any]
SIDE = 1100  # longest side at which the masks are worked out
LEAST_SHARE = 0.03  # of the figure: less white cloth than this is not worth dyeing


def masks(colours: Array, alpha: Array, collar: float, hips: float | None) -> Array | None:
    """Shirt and shorts as a uint8 picture (channels 0 and 1) at full size; None without white cloth.

    ``colours`` and ``alpha`` are uint8; ``hips`` is None where the photograph ends above them.
    """
    scale = min(1.0, SIDE / max(alpha.shape))
    small = cv2.resize(colours, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cover = cv2.resize(alpha, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA) / 255
    rough = _rough(small, cover, collar * scale)
    if rough.sum() < LEAST_SHARE * (cover > 0.5).sum():
        return None
    cloth = _refined(small, cover, rough)
    shirt, shorts = cloth, np.zeros_like(cloth)
    if hips is not None:
        below = _below_hem(small, cloth, hips * scale)
        shirt, shorts = cloth * (1 - below), cloth * below
    both = np.dstack([shirt, shorts, np.zeros_like(shirt)]) * 255
    size = (alpha.shape[1], alpha.shape[0])
    return np.asarray(cv2.resize(both.round().astype(np.uint8), size, interpolation=cv2.INTER_LINEAR))


def _rough(small: Array, cover: Array, collar: float) -> Array:
    """Bright, colourless, not skin, below the row where collars begin: the larger pieces, holes filled."""
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    saturation, value = hsv[..., 1] / 255.0, hsv[..., 2] / 255.0
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    skin = (lab[..., 1] > 7) & (lab[..., 2] > 9)
    mask: Array = ((saturation < 0.24) & (value > 0.36) & (cover > 0.5) & ~skin).astype(np.uint8)
    mask[: max(0, int(collar))] = 0
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc(5))
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        return np.zeros_like(mask)
    areas = stats[1:, cv2.CC_STAT_AREA]
    beside = cv2.dilate((pieces == 1 + np.argmax(areas)).astype(np.uint8), disc(41)) > 0
    near = set(np.unique(pieces[beside]))
    kept = [
        i for i in range(1, count)
        if areas[i - 1] > 0.12 * areas.max() or (i in near and areas[i - 1] > 0.002 * areas.max())
    ]  # fmt: skip
    mask = cv2.morphologyEx(np.isin(pieces, kept).astype(np.uint8), cv2.MORPH_CLOSE, disc(13))
    count, pieces, stats, _ = cv2.connectedComponentsWithStats(1 - mask)
    for i in range(1, count):
        if stats[i, cv2.CC_STAT_AREA] < 900:
            mask[pieces == i] = 1
    fringe = (cv2.dilate(mask, disc(9)) > 0) & ~skin & (saturation < 0.33) & (value > 0.2) & (cover > 0.05)
    return np.asarray(np.maximum(mask, fringe.astype(np.uint8)))


def _refined(small: Array, cover: Array, rough: Array) -> Array:
    """A closed-form matte of the cloth: sure well inside, unsure at its edge and where hair hangs over it."""
    other = (cover > 0.5) & (rough == 0) & (cv2.dilate(rough, disc(31)) > 0)
    beside = cv2.dilate(other.astype(np.uint8), disc(9))
    sure = cv2.erode(rough, disc(7)) * (1 - beside)
    out = cv2.dilate(rough, disc(9)) == 0
    known = np.where(out & (beside == 0), 0.0, np.where(sure > 0, 1.0, 0.5))
    # Outside the figure lie the cleaned colours of its edge: nothing is known of cloth there.
    known[(cover < 0.05) & (cv2.dilate(rough, disc(25)) > 0)] = 0.5
    known[cv2.dilate(rough, disc(51)) == 0] = 0.0
    rows, columns = np.where(known > 0)
    window = (
        slice(max(0, rows.min() - 6), rows.max() + 7),
        slice(max(0, columns.min() - 6), columns.max() + 7),
    )
    solved = np.zeros(known.shape)
    solved[window] = closed_form.solve(small[window] / 255.0, known[window])
    return np.clip((solved - 0.05) / 0.68, 0, 1).astype(np.float32)


def _below_hem(small: Array, cloth: Array, hips: float) -> Array:
    """1 below the shirt's hem: the cheapest path along the strongest edge near the hips."""
    height, width = cloth.shape
    reach = int(height * 0.055)
    y0, y1 = max(0, int(hips) - reach), min(height, int(hips) + reach)
    columns = np.where(cloth[y0:y1].mean(0) > 0.3)[0]
    if len(columns) < 8 or y1 - y0 < 8:
        return np.zeros_like(cloth)
    x0, x1 = int(columns.min()), int(columns.max())
    grey = blur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(np.float32) / 255, 1.0)[y0:y1, x0 : x1 + 1]
    edge = np.abs(cv2.Sobel(grey, cv2.CV_32F, 0, 1, ksize=3)) + 0.8 * np.clip(blur(grey, 6) - grey, 0, 1)
    path = _cheapest_path(-edge) + y0
    line = np.full(width, float(path.mean()), np.float32)
    line[x0 : x1 + 1] = blur(path.astype(np.float32)[None], 4)[0]
    line[:x0], line[x1 + 1 :] = line[x0], line[x1]
    rows = np.arange(height, dtype=np.float32)[:, None]
    return np.asarray(np.clip((rows - line[None] - 1.5) / 1.5 + 0.5, 0, 1), np.float32)


def _cheapest_path(cost: Array) -> Array:
    """Row per column of the path from left to right that moves at most one row a step."""
    total = cost.copy()
    high = np.float32(9)
    for x in range(1, cost.shape[1]):
        before = total[:, x - 1]
        sideways = np.minimum(np.r_[before[1:], high], np.r_[high, before[:-1]]) + 0.02
        total[:, x] = cost[:, x] + np.minimum(before, sideways)
    path = np.zeros(cost.shape[1], int)
    path[-1] = int(total[:, -1].argmin())
    for x in range(cost.shape[1] - 2, -1, -1):
        low = max(0, path[x + 1] - 1)
        path[x] = low + int(total[low : path[x + 1] + 2, x].argmin())
    return path
