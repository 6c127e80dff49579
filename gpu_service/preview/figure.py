"""What two segmentation networks and the body points say together about a standing figure."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview import landmarks
from gpu_service.preview.colour import blur

Array = NDArray[Any]
THIGH, CALF = 0.17, 0.13  # half the width of a bare leg, in shoulder widths
SURE = 0.85


def fused(mask: Array, second: Array, chin: float, body: Array) -> Array:
    """One soft mask out of two: both must agree on the body, hair needs one, feet follow the second.

    ``second`` comes with the body points and knows shoes better; ``mask`` knows hair better.
    """
    head = int(chin)
    ankle = int(body[list(landmarks.ANKLES), 1].min())
    joined = np.sqrt(mask * second)
    joined[:head] = (mask[:head] + second[:head]) / 2
    joined[ankle:] = (mask[ankle:] + 2 * second[ankle:]) / 3
    unsure = np.minimum(mask, second) < SURE
    return np.asarray(np.where(unsure & _beside_legs(mask.shape, body), joined * 0.4, joined), np.float32)


def _beside_legs(shape: tuple[int, ...], body: Array) -> Array:
    """Places below the crotch that are further from the bones of both legs than a leg is wide."""
    shoulders, hips, knees, ankles = (
        body[list(joint), :2] for joint in (landmarks.SHOULDERS, landmarks.HIPS, landmarks.KNEES, landmarks.ANKLES)
    )
    unit = float(np.linalg.norm(shoulders[1] - shoulders[0]))
    legs = np.zeros(shape[:2], np.uint8)
    for hip, knee, ankle in zip(hips, knees, ankles, strict=True):
        for start, end, width in ((hip, knee, THIGH), (knee, ankle, CALF)):
            points = (tuple(int(v) for v in start), tuple(int(v) for v in end))
            cv2.line(legs, points[0], points[1], 1, max(1, int(2 * width * unit)))
    crotch = int(hips[:, 1].mean() + 0.3 * (knees[:, 1].mean() - hips[:, 1].mean()))
    beside = legs == 0
    beside[:crotch] = False
    beside[int(ankles[:, 1].min() - 0.1 * unit) :] = False
    return np.asarray(beside)


def smooth_outline(alpha: Array, chin: float) -> Array:
    """The body's outline without the teeth that grass and leaves bite into it; hair stays as it is."""
    height = alpha.shape[0]
    calm = np.clip((blur(alpha, 0.0016 * height) - 0.5) * 1.7 + 0.5, 0, 1)
    rows = np.arange(height, dtype=np.float32)[:, None]
    low = np.clip((rows - chin - 0.05 * height) / (0.08 * height), 0, 1)
    return np.asarray(alpha * (1 - low) + calm * low, np.float32)
