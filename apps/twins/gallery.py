"""The mean face of every twin, in the memory of each worker, to find who else a picture may show.

It is read again when the stored vectors change: two figures about the table tell whether they did, and then only the
twins concerned are decrypted. Searching 10,000 twins is one matrix product.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

import numpy as np
from django.db.models import Count, Max

from apps.common.refs import ref
from apps.integrations.faces.types import VECTOR_SIZE, Vector
from apps.media import vault
from apps.twins import vectors
from apps.twins.models import FaceVector

Stamp = tuple[int, datetime]  # how many vectors, and since when the youngest is in use


@dataclass(frozen=True)
class Neighbour:
    """The most similar other twin: `score` is the cosine to its mean face."""

    twin_id: UUID
    score: float


class Gallery:
    """All mean faces as of one reading. Never changed once made, so that threads may share it."""

    def __init__(self, stamp: Stamp | None, faces: dict[UUID, tuple[Stamp, Vector]]) -> None:
        self.stamp = stamp
        self.faces = faces
        self._ids = list(faces)
        self._places = {twin_id: place for place, twin_id in enumerate(self._ids)}
        means = [face for _, face in faces.values()]
        self._means = np.stack(means) if means else np.zeros((0, VECTOR_SIZE), dtype=np.float32)

    def nearest_other(self, vector: Vector, twin_id: UUID) -> Neighbour | None:
        """The most similar twin except this one; None where there is no other."""
        scores = self._means @ vector
        if twin_id in self._places:
            scores[self._places[twin_id]] = -np.inf
        if not np.isfinite(scores).any():
            return None
        nearest = int(np.argmax(scores))
        return Neighbour(self._ids[nearest], float(scores[nearest]))


_lock = threading.Lock()
_current = Gallery(None, {})


def current() -> Gallery:
    """The gallery as the database has it now."""
    global _current
    figures = FaceVector.objects.in_use().aggregate(count=Count("pk"), youngest=Max("used_from"))
    stamp: Stamp = (figures["count"], figures["youngest"])
    with _lock:
        if _current.stamp != stamp:
            _current = _read_again(_current, stamp)
        return _current


def _read_again(old: Gallery, stamp: Stamp) -> Gallery:
    rows = FaceVector.objects.in_use().values_list("twin_id").annotate(Count("pk"), Max("used_from")).order_by()
    stamps: dict[UUID, Stamp] = {twin_id: (count, youngest) for twin_id, count, youngest in rows}
    kept = {twin_id: face for twin_id, face in old.faces.items() if stamps.get(twin_id) == face[0]}
    changed = [twin_id for twin_id in stamps if twin_id not in kept]
    fresh = {twin_id: (stamps[twin_id], face) for twin_id, face in _means_of(changed)}
    return Gallery(stamp, kept | fresh)


def _means_of(twin_ids: Sequence[UUID]) -> Iterable[tuple[UUID, Vector]]:
    rows = list(
        FaceVector.objects.in_use()
        .filter(twin_id__in=twin_ids)
        .order_by("twin_id")
        .values_list("twin_id", "pk", "ciphertext")
    )
    plain = vault.decrypt_many([(ref("twin", twin_id), str(pk), bytes(sealed)) for twin_id, pk, sealed in rows])
    readable = [(row[0], data) for row, data in zip(rows, plain, strict=True) if data is not None]
    for twin_id, group in groupby(readable, key=lambda pair: pair[0]):
        yield twin_id, vectors.mean(np.stack([vectors.opened(data) for _, data in group]))
