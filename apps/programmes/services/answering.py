"""Her answer: yes with her signature over the terms, no without a reason, and leaving at any time."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.programmes.models import Place
from apps.programmes.news import tell_of_leaving, tell_of_no, tell_of_yes
from apps.programmes.policies import locked_place, require_herself
from apps.programmes.services.mandating import propose_by_the_programme
from apps.programmes.services.refunding import give_back
from apps.programmes.terms import TEXT_VERSION, offer_to, place_text
from apps.signatures.services import require_as_shown, sign
from apps.talent.models import Talent
from apps.twins.models import TwinVersion

State = Place.State


@transaction.atomic
def accept(*, by: Actor, talent: Talent, place: Place, language: str, shown_sha256: str) -> Place:
    """She takes the place. Entry: invited; exit: accepted, the price and its split frozen with her signature.

    Consents to nothing: each consent is asked for by itself. Where the agency's programme says so, its mandate is
    proposed to her. `shown_sha256` is of the text that stood on her screen. Raises NotAllowed for anybody but the
    invited model in person, StepUpNeeded, StaleState when it was answered, is over, or the text is another, Refused
    when her twin is made already or another programme pays for it.
    """
    require_herself(by, talent)
    row = _hers(by, place)
    today = timezone.now().date()
    if not row.programme.runs_on(today) or row.programme.organization.checked_at is None:
        raise StaleState("This programme is over or was stopped. There is nothing to accept.")
    if TwinVersion.objects.filter(twin__talent=talent, state=TwinVersion.State.APPROVED).exists():
        raise Refused("Your twin is made already. Nobody has to pay for its making.", code="made")
    offer = offer_to(row.programme, talent, on=today)
    text = place_text(row.programme, talent, offer, language=language)
    require_as_shown(text, shown_sha256)
    row.talent, row.name, row.state, row.answered_at = talent, talent.stage_name, State.ACCEPTED, timezone.now()
    row.amounts, row.shares = offer.amounts.amounts_json(), offer.shares_json()
    row.signature = sign(
        by=by, kind="programme", subject=row.ref, version=f"programme/{TEXT_VERSION}", language=language, text=text
    )
    _save_accepted(row)
    if row.programme.proposes_a_mandate:
        propose_by_the_programme(row.programme, talent, on=today)
    tell_of_yes(row)
    record(kind="programme.accepted", subject=row.ref, by=by.label, payload={"signature": str(row.signature.pk)})
    return row


@transaction.atomic
def decline(*, by: Actor, talent: Talent, place: Place) -> None:
    """Her no, without a reason and without a step-up. Entry: invited; exit: declined. Raises as `accept` does."""
    require_herself(by, talent)
    row = _hers(by, place)
    row.state, row.talent, row.answered_at = State.DECLINED, talent, timezone.now()
    row.save(update_fields=["state", "talent", "answered_at"])
    tell_of_no(row)
    record(kind="programme.declined", subject=row.ref, by=by.label, payload={})


@transaction.atomic
def leave(*, by: Actor, talent: Talent, place: Place) -> None:
    """She goes, at any time before it is earned. Entry: accepted; exit: left, what was paid for her refunded.

    Raises NotAllowed for others, StaleState once it is earned or over.
    """
    require_herself(by, talent)
    row = locked_place(place, State.ACCEPTED)
    if row.talent_id != talent.pk:
        raise NotAllowed("Only the model herself leaves her place.")
    give_back(row, reason="The model left the programme.")
    row.state, row.ended_at = State.LEFT, timezone.now()
    row.save(update_fields=["state", "ended_at"])
    tell_of_leaving(row)
    record(kind="programme.left", subject=row.ref, by=by.label, payload={})


def _hers(by: Actor, place: Place) -> Place:
    """The invited row, locked. Raises NotAllowed for somebody who has not proved that the address is hers."""
    row = locked_place(place, State.INVITED)
    if by.user_id is None or row.email not in verified_addresses(User.objects.get(pk=by.user_id)):
        raise NotAllowed("This place is for somebody else.")
    return row


def _save_accepted(row: Place) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "place_one_per_model" not in str(error):
            raise
        raise Refused("You have a place in another programme. Leave that one first.", code="another") from error
