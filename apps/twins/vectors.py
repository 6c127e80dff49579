"""Face vectors at rest (encrypted under the twin's key) and in memory (128 × float32, length one)."""

from uuid import UUID

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from apps.integrations.faces.types import VECTOR_SIZE, Vector
from apps.media import vault
from apps.twins.models import CaptureSet, FaceVector, Photograph, Twin

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
    """Those that the guard compares with, the oldest first."""
    return list(_opened(twin, FaceVector.objects.in_use().filter(twin=twin)).values())


def of_set(capture_set: CaptureSet) -> dict[UUID, Vector]:
    """By photograph, the oldest first, whether the set is open or was handed over."""
    return _opened(capture_set.twin, FaceVector.objects.filter(photograph__capture_set=capture_set))


def _opened(twin: Twin, rows: QuerySet[FaceVector]) -> dict[UUID, Vector]:
    found = list(rows.order_by("created_at").values_list("photograph_id", "pk", "ciphertext"))
    plain = vault.decrypt_many([(twin.ref, str(pk), bytes(sealed)) for _, pk, sealed in found])
    return {row[0]: opened(data) for row, data in zip(found, plain, strict=True) if data is not None}


def mean(vectors: NDArray[np.float32]) -> Vector:
    """The direction in the middle of some vectors (rows), of length one."""
    middle = vectors.mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle), dtype=np.float32)
