"""Questions about twins."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from apps.integrations.faces.types import Vector
from apps.twins import gallery, vectors
from apps.twins.models import Twin, TwinVersion


@dataclass(frozen=True)
class Likeness:
    """Cosines of one face: `mean` to the middle of the twin's capture set, `nearest` to its most similar photograph,
    `other` to the middle of the most similar other twin (None where there is no other)."""

    mean: float
    nearest: float
    other: float | None
    other_twin: UUID | None


def likeness(vector: Vector, twin: Twin) -> Likeness:
    """How much a face looks like this twin and like the nearest other one. Raises ValueError where there is none."""
    own = vectors.of_twin(twin)
    if not own:
        raise ValueError(f"{twin} has no face vectors")
    references = np.stack(own)
    neighbour = gallery.current().nearest_other(vector, twin.pk)
    return Likeness(
        mean=float(vectors.mean(references) @ vector),
        nearest=float(np.max(references @ vector)),
        other=neighbour.score if neighbour else None,
        other_twin=neighbour.twin_id if neighbour else None,
    )


def approved_version(twin: Twin) -> TwinVersion | None:
    """The newest version that the talent approved, with its photographs ready to be read."""
    return (
        twin.versions.filter(state=TwinVersion.State.APPROVED)
        .select_related("capture_set")
        .prefetch_related("capture_set__photographs__file")
        .order_by("-number")
        .first()
    )
