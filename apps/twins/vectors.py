"""Face vectors at rest (encrypted under the twin's key) and in memory (128 × float32, length one)."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from apps.integrations.faces.types import VECTOR_SIZE, Vector
from apps.media import vault
from apps.twins.models import FaceVector, Photograph, Twin

STORED = np.dtype("<f4")


def sealed(twin: Twin, photograph: Photograph, vector: Vector) -> FaceVector:
    """An unsaved row that holds this vector, readable only with the twin's key."""
    row = FaceVector(photograph=photograph, twin=twin)
    row.ciphertext = vault.encrypt(twin.ref, str(row.pk), vector.astype(STORED).tobytes())
    return row


def opened(plain: bytes) -> Vector:
    vector = np.frombuffer(plain, dtype=STORED)
    if vector.shape != (VECTOR_SIZE,):
        raise ValueError(f"a face vector has {VECTOR_SIZE} numbers, not {vector.size}")
    return vector


def of_twin(twin: Twin) -> list[Vector]:
    rows: Iterable[FaceVector] = twin.face_vectors.order_by("created_at")
    return [opened(vault.decrypt(twin.ref, str(row.pk), bytes(row.ciphertext))) for row in rows]


def mean(vectors: NDArray[np.float32]) -> Vector:
    """The direction in the middle of some vectors (rows), of length one."""
    middle = vectors.mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), dtype=np.float32)
