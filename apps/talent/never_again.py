"""Never again: what she saw in a picture becomes a standing rule with one tap, and she can take it out again."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.depiction import Trait, is_known
from apps.common.errors import InvalidInput, NotAllowed
from apps.organizations.permissions import Permission
from apps.talent.models import Boundaries, NeverAgain, Talent

CATEGORY = "category"  # what the pictures sell: kept in the list of barred categories, which was there before


@transaction.atomic
def never_again(*, by: Actor, talent: Talent, trait: Trait) -> None:
    """Bar this scene, crop, light, these clothes or this category at once: in every open request and for each picture
    yet to be made.

    Done twice it is one rule. Raises NotAllowed for anybody but the model in person, InvalidInput for what is unknown.
    """
    _require_her(by, talent)
    if not is_known(trait.kind, trait.value):
        raise InvalidInput(f"“{trait.value}” is nothing we know.", field="never")
    Boundaries.objects.get_or_create(talent=talent)
    boundaries = Boundaries.objects.select_for_update().get(talent=talent)
    if trait.kind == CATEGORY:
        new = trait.value not in boundaries.barred_categories
        boundaries.barred_categories = sorted({*boundaries.barred_categories, trait.value})
        boundaries.save(update_fields=["barred_categories"])
    else:
        _, new = NeverAgain.objects.get_or_create(boundaries=boundaries, kind=trait.kind, value=trait.value)
    if new:
        _record("talent.never_again", trait, by, talent)


@transaction.atomic
def allow_again(*, by: Actor, rule: NeverAgain) -> None:
    """Take the rule out. What it stopped is not made by itself: it has to be asked for anew."""
    talent = rule.boundaries.talent
    _require_her(by, talent)
    _record("talent.allowed_again", rule.trait, by, talent)
    rule.delete()


def _require_her(by: Actor, talent: Talent) -> None:
    by.require(Permission.SIGN_CONSENT)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model in person sets these rules.")


def _record(kind: str, trait: Trait, by: Actor, talent: Talent) -> None:
    record(kind=kind, subject=talent.party, by=by.label, payload={"kind": trait.kind, "value": trait.value})
