"""What our signature says about a released picture (C2PA 2.x), from the same facts as the metadata."""

from typing import Any

from apps.provenance.facts import DigitalSourceType, ReleaseFacts
from apps.provenance.properties import SOURCE_TYPES

ACTIONS = "c2pa.actions.v2"
TRAINING = "cawg.training-mining"
LICENCE = "example.double.licence"
NOT_ALLOWED = ("cawg.ai_generative_training", "cawg.ai_training", "cawg.ai_inference", "cawg.data_mining")


def manifest_of(facts: ReleaseFacts) -> dict[str, Any]:
    """Every assertion is marked as created: a merely gathered one would not be our own statement."""
    return {
        "title": facts.deliverable_id,
        "claim_generator_info": [{"name": "Double"}],
        "assertions": [
            {"label": ACTIONS, "data": {"actions": [_action(facts)]}, "created": True},
            {
                "label": TRAINING,
                "data": {"entries": {use: {"use": "notAllowed"} for use in NOT_ALLOWED}},
                "created": True,
            },
            {"label": LICENCE, "data": licence_of(facts), "kind": "Json", "created": True},
        ],
    }


def licence_of(facts: ReleaseFacts) -> dict[str, Any]:
    """The licence as it is signed into the file; the public page tells whether it still runs."""
    return {
        "deliverable": facts.deliverable_id,
        "licence": facts.licence_id,
        "page": facts.licence_url,
        "model": facts.model_name,
        "agency": facts.agency_name,
        "brand": facts.brand_name,
        "usage": facts.usage_terms,
        "ends": facts.licence_ends.isoformat(),
        "consents": list(facts.release_ids),
        "crew": [{"did": did, "name": name} for did, name in facts.credits],
    }


def _action(facts: ReleaseFacts) -> dict[str, Any]:
    """`c2pa.created` for both source types: the picture did not exist before, its captures are not embedded."""
    description = DigitalSourceType(facts.digital_source_type).label
    return {
        "action": "c2pa.created",
        "digitalSourceType": SOURCE_TYPES + facts.digital_source_type,
        "softwareAgent": {"name": facts.engine} | ({"version": facts.engine_version} if facts.engine_version else {}),
        "description": f"{description}; a digital twin, with the model's consent",
    }
