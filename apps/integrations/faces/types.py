"""What is known about the faces in one picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
VECTOR_SIZE = 128  # SFace


@dataclass(frozen=True)
class Quality:
    """Of the main face: `sharpness` is the Laplacian's variance on the 112 px crop, `brightness` 0 to 255,
    `width` in pixels, `yaw` and `roll` in degrees."""

    sharpness: float
    brightness: float
    width: float
    yaw: float
    roll: float


@dataclass(frozen=True)
class FaceReport:
    """`vector` is the main (largest) face's embedding, of length one; `others` those of the further faces."""

    faces: int
    vector: Vector | None
    quality: Quality | None
    others: tuple[Vector, ...] = ()

    @property
    def vectors(self) -> tuple[Vector, ...]:
        """Of all faces, the main one first."""
        return () if self.vector is None else (self.vector, *self.others)
