"""468 face points and 33 body points, by MediaPipe's networks through OpenCV."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.preview import models
from gpu_service.preview.faces import Face

# Points of the face mesh that scenes use by name.
FOREHEAD, CHIN, NOSE = 10, 152, 1
LEFT_EYE, RIGHT_EYE = (33, 133), (362, 263)  # corners; left and right as seen in the picture
LEFT_TEMPLE, RIGHT_TEMPLE = 127, 356
# Points of the body.
SHOULDERS, HIPS, KNEES, ANKLES, FEET = (11, 12), (23, 24), (25, 26), (27, 28), (29, 30, 31, 32)

FACE_SIDE, BODY_SIDE = 192, 256
Points = NDArray[np.float32]


def _window(centre: Any, side: float, angle: float, size: int) -> NDArray[np.float32]:
    """The affine map from a turned square of the picture to a square of ``size`` pixels."""
    cos, sin = np.cos(angle) * size / side, np.sin(angle) * size / side
    turn = np.array([[cos, sin], [-sin, cos]], np.float32)
    move = size / 2 - turn @ np.asarray(centre, np.float32)
    return np.hstack([turn, move[:, None]]).astype(np.float32)


def _back(points: Points, window: NDArray[np.float32], scale: float) -> Points:
    inverse = cv2.invertAffineTransform(window)
    placed = points.copy()
    placed[:, :2] = points[:, :2] @ inverse[:, :2].T + inverse[:, 2]
    placed[:, 2] = points[:, 2] * scale
    return placed


def face_points(picture: NDArray[Any], face: Face) -> Points:
    """468 points (x, y, depth towards the back) in pixels of the picture.

    The network runs three times, each time on the window that the points before it give.
    """
    x, y, width, height = face.box
    centre = np.array([x + width / 2, y + height / 2], np.float32)
    side = 1.5 * max(width, height)
    eyes = face.eyes[1] - face.eyes[0]
    points = np.zeros((468, 3), np.float32)
    for _ in range(3):
        window = _window(centre, side, float(np.arctan2(eyes[1], eyes[0])), FACE_SIDE)
        crop = cv2.warpAffine(picture, window, (FACE_SIDE, FACE_SIDE), flags=cv2.INTER_AREA)
        raw = models.run("face_landmark.tflite", crop, FACE_SIDE, ("conv2d_21",))[0]
        points = _back(raw.reshape(-1, 3), window, side / FACE_SIDE)
        centre = (points[:, :2].min(0) + points[:, :2].max(0)) / 2
        side = 1.5 * float(np.ptp(points[:, :2], axis=0).max())
        eyes = (points[list(RIGHT_EYE), :2].mean(0) - points[list(LEFT_EYE), :2].mean(0)).astype(np.float32)
    return points


def body_points(picture: NDArray[Any], box: tuple[float, float, float, float]) -> tuple[Points, NDArray[np.float32]]:
    """33 points (x, y, visibility 0..1) and a soft mask of the figure, from its bounding box."""
    x0, y0, x1, y1 = box
    centre, side = np.array([(x0 + x1) / 2, (y0 + y1) / 2], np.float32), 1.25 * max(x1 - x0, y1 - y0)
    window = _window(centre, side, 0.0, BODY_SIDE)
    crop = cv2.warpAffine(picture, window, (BODY_SIDE, BODY_SIDE), flags=cv2.INTER_AREA)
    raw, mask = models.run("pose_landmark_lite.tflite", crop, BODY_SIDE, ("Identity", "Identity_2"))
    rows = raw.reshape(39, 5)[:33]
    points = _back(np.ascontiguousarray(rows[:, :3]), window, 1.0)
    points[:, 2] = 1 / (1 + np.exp(-np.clip(rows[:, 3], -30, 30)))
    soft = 1 / (1 + np.exp(-np.clip(mask.reshape(BODY_SIDE, BODY_SIDE), -30, 30)))
    size = (picture.shape[1], picture.shape[0])
    placed = cv2.warpAffine(soft, cv2.invertAffineTransform(window), size, flags=cv2.INTER_CUBIC)
    return points, np.clip(placed, 0, 1).astype(np.float32)
