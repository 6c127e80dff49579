"""Measuring the guard's thresholds again over the capture sets at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import Exists, OuterRef

from apps.integrations.faces.types import Vector
from apps.twins import gallery, vectors
from apps.twins.models import FaceVector, Twin


@dataclass(frozen=True)
class Measured:
    """Cosines of one photograph to the middle of the others of its twin (`own`) and of the nearest other twin."""

    twin_id: UUID
    own: float
    other: float | None


@dataclass(frozen=True)
class Summary:
    """How the thresholds would judge photographs that certainly show the right person."""

    photographs: int
    lowest_own: float
    highest_other: float | None
    passed: int
    to_a_person: int
    refused: int


def measure() -> list[Measured]:
    """Leave each photograph out once. Twins with fewer than two vectors say nothing."""
    faces = gallery.current()
    return [
        Measured(twin.pk, own, neighbour.score if (neighbour := faces.nearest_other(vector, twin.pk)) else None)
        for twin in Twin.objects.filter(Exists(FaceVector.objects.in_use().filter(twin=OuterRef("pk"))))
        for own, vector in _left_out(vectors.of_twin(twin))
    ]


def summarise(measured: Sequence[Measured], *, pass_at: float, margin: float, person_at: float) -> Summary:
    """Raises ValueError when nothing was measured."""
    if not measured:
        raise ValueError("there are no capture sets to measure")
    passed = sum(m.own >= pass_at and (m.other is None or m.own - m.other >= margin) for m in measured)
    refused = sum(m.own < person_at or (m.other is not None and m.other >= m.own) for m in measured)
    others = [m.other for m in measured if m.other is not None]
    return Summary(
        photographs=len(measured),
        lowest_own=min(m.own for m in measured),
        highest_other=max(others) if others else None,
        passed=passed,
        to_a_person=len(measured) - passed - refused,
        refused=refused,
    )


def _left_out(own: Sequence[Vector]) -> list[tuple[float, Vector]]:
    if len(own) < 2:
        return []
    return [
        (float(vector @ vectors.mean(np.stack([v for place, v in enumerate(own) if place != number]))), vector)
        for number, vector in enumerate(own)
    ]
