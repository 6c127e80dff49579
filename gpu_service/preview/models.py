"""The small networks, run by OpenCV. Files and licences: ``gpu_service/models/NOTICE.md``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).resolve().parent.parent / "models"
Picture = NDArray[Any]


@lru_cache(maxsize=4)
def network(name: str) -> cv2.dnn.Net:
    return cv2.dnn.readNetFromTFLite(str(FOLDER / name))


def run(name: str, picture: Picture, side: int, outputs: tuple[str, ...] = ()) -> list[NDArray[np.float32]]:
    """Feed a BGR picture, squeezed to ``side`` pixels square, as RGB in 0..1."""
    net = network(name)
    net.setInput(cv2.dnn.blobFromImage(picture, 1 / 255, (side, side), swapRB=True))
    if not outputs:
        return [np.asarray(net.forward(), np.float32)]
    return [np.asarray(value, np.float32) for value in net.forward(list(outputs))]
