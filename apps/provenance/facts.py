"""What is written on and into a released picture. Plain values: provenance knows no licence and no booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models

from apps.common.errors import InvalidInput

ADULT = 18


class DigitalSourceType(models.TextChoices):
    """The two values of IPTC's list that are true of what Double delivers (IPTC NewsCodes, digitalsourcetype)."""

    GENERATED = "trainedAlgorithmicMedia", "Made by generative AI"
    COMPOSITE = "compositeWithTrainedAlgorithmicMedia", "Captured photographs composed with generative AI"


class Corner(models.TextChoices):
    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"


@dataclass(frozen=True)
class ReleaseFacts:
    """Facts of one deliverable. `licence_url` is the public page; `release_ids` are the consents it rests on.

    `label_text` is burnt into the picture, in the language of its market. `model_age` is her age in the reference
    photographs, where it is known; `credits` name the crew, each as (what they did, name).

    Raises InvalidInput for a source type outside the list, an empty label (EU AI Act
    art. 50 and the New York synthetic performer disclosure: consent does not remove it), no consent, or a minor.
    """

    deliverable_id: str
    licence_id: str
    licence_url: str
    model_name: str
    agency_name: str
    brand_name: str
    usage_terms: str
    licence_ends: date
    release_ids: Sequence[str]
    digital_source_type: str
    engine: str
    label_text: str
    label_corner: str = Corner.BOTTOM_LEFT
    engine_version: str = ""
    model_age: int | None = None
    credits: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        if self.digital_source_type not in DigitalSourceType.values:
            raise InvalidInput("This is no source type that Double releases.", field="digital_source_type")
        if self.label_corner not in Corner.values:
            raise InvalidInput("The label goes into a corner of the picture.", field="label_corner")
        if not self.label_text.strip():
            raise InvalidInput("A released picture carries a visible label.", field="label_text")
        if not self.release_ids:
            raise InvalidInput("A released picture rests on the model's consent.", field="release_ids")
        if self.model_age is not None and self.model_age < ADULT:
            raise InvalidInput("Only adults can be pictured.", field="model_age")
