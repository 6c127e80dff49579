"""The agency's side of a mandate on its way: offering it, taking it back.

Nothing binds before the model's signature: a proposal is a row of its own and counts nowhere as a mandate.
"""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.common.refs import ref
from apps.common.territories import COUNTRIES, WORLD
from apps.common.wording import say
from apps.organizations.models import Organization
from apps.talent.mandate_news import tell_model
from apps.talent.mandate_rules import answer, facts, require_agency, waiting
from apps.talent.models import HIGHEST_COMMISSION_BP, Mandate, MandateProposal, Talent, three_years_after


@transaction.atomic
def propose(
    *, by: Actor, agency: Organization, talent: Talent, kind: str, territories: Sequence[str], commission_bp: int,
    starts_on: date, ends_on: date, mother_bp: int = 0, covers_twins: bool = False,
) -> MandateProposal:  # fmt: skip
    """Offer her a mandate. Exit: waiting; she is told. Rates in basis points of F, dates inclusive.

    Whether this agency has to do with her is the caller's question. Raises NotAllowed for others than the agency's
    own people with the roster in their hands, Refused for an unchecked agency and while an offer of this kind waits,
    InvalidInput(field=…) for what no mandate may say.
    """
    require_agency(by, agency)
    if agency.checked_at is None:
        raise Refused("Your agency is not checked yet. Proposals can be sent from then on.")
    _check_places(territories)
    _check_days(starts_on, ends_on)
    _check_rates(commission_bp, mother_bp)
    if kind not in Mandate.Kind.values:
        raise InvalidInput("Choose what you would be to her.", field="kind")
    try:
        with transaction.atomic():
            proposal = MandateProposal.objects.create(
                talent=talent, agency=agency, kind=kind, covers_twins=covers_twins,
                territories=sorted(set(territories)), commission_bp=commission_bp, mother_bp=mother_bp,
                starts_on=starts_on, ends_on=ends_on,
            )  # fmt: skip
    except IntegrityError as error:
        if "proposal_one_waiting" not in str(error):
            raise
        raise Refused("A proposal of yours waits for her already. Take it back first.") from error
    tell_model(proposal, say("mandate.proposed", agency=agency.name))
    record(kind="mandate.proposed", subject=ref("proposal", proposal.pk), by=by.label, payload=facts(proposal))
    return proposal


@transaction.atomic
def take_back(*, by: Actor, proposal: MandateProposal) -> None:
    """The agency's own, before she answered. Raises NotAllowed for others, StaleState once she has answered."""
    require_agency(by, proposal.agency)
    locked = waiting(proposal)
    answer(locked, MandateProposal.State.TAKEN_BACK)
    tell_model(locked, say("mandate.taken_back", agency=locked.agency.name))
    record(kind="mandate.taken_back", subject=ref("proposal", locked.pk), by=by.label, payload={})


def _check_places(territories: Sequence[str]) -> None:
    if not territories:
        raise InvalidInput("Choose where you would represent her.", field="territories")
    if unknown := sorted(set(territories) - COUNTRIES - {WORLD}):
        raise InvalidInput(f"“{unknown[0]}” is no country that we know.", field="territories")


def _check_days(starts_on: date, ends_on: date) -> None:
    """New York Fashion Workers Act: at most three years."""
    if starts_on < timezone.now().date():
        raise InvalidInput("A mandate begins today or later: nothing binds before her signature.", field="starts_on")
    if ends_on < starts_on:
        raise InvalidInput("It cannot end before it begins.", field="ends_on")
    if ends_on >= three_years_after(starts_on):
        raise InvalidInput("A mandate lasts three years at most.", field="ends_on")


def _check_rates(commission_bp: int, mother_bp: int) -> None:
    """New York Fashion Workers Act: an agency's commission is at most 20 %."""
    if not 0 <= commission_bp <= HIGHEST_COMMISSION_BP:
        raise InvalidInput("A commission is at most 20 %.", field="commission_bp")
    if not 0 <= mother_bp <= commission_bp:
        raise InvalidInput("The mother agency’s part lies inside the commission.", field="mother_bp")
