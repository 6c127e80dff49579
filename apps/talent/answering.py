"""The model's side of a mandate on its way: read and signed by herself, or refused without a reason."""

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.common.legal_texts import LANGUAGES
from apps.common.refs import ref
from apps.common.wording import say
from apps.signatures.models import Signature
from apps.signatures.services import require_as_shown, sign
from apps.talent.events import mandate_signed
from apps.talent.mandate_news import tell_agency, tell_of_signature
from apps.talent.mandate_rules import answer, facts, locked_row, require_herself, waiting
from apps.talent.mandate_text import TEXT_VERSION, mandate_text, twins_text
from apps.talent.models import ONE_LOCAL_AGENCY, Mandate, MandateProposal

State = MandateProposal.State


@transaction.atomic
def refuse(*, by: Actor, proposal: MandateProposal) -> None:
    """Her no, which needs no reason and no step-up. Raises NotAllowed for others, StaleState after an answer."""
    require_herself(by, proposal.talent)
    locked = waiting(proposal)
    answer(locked, State.REFUSED)
    tell_agency(locked, say("mandate.refused", model=locked.talent.stage_name))
    record(kind="mandate.refused", subject=ref("proposal", locked.pk), by=by.label, payload={})


@transaction.atomic
def sign_mandate(*, by: Actor, proposal: MandateProposal, language: str, shown_sha256: str) -> Mandate:
    """Her signature makes the mandate. Entry: waiting; exit: signed, with a mandate that does not cover twins yet.

    `shown_sha256` is of the text that stood on her screen. It begins on its first day or, where that has passed, today
    (UTC). Raises NotAllowed for anybody else, StepUpNeeded, StaleState after an answer or for another text, Refused
    when another local agency holds one of these territories on one of these days.
    """
    require_herself(by, proposal.talent)
    locked = waiting(proposal)
    text = mandate_text(locked, language=_known(language))
    require_as_shown(text, shown_sha256)
    today = timezone.now().date()
    if locked.ends_on < today:
        raise Refused("The days of this proposal are over. Ask the agency for a new one.")
    mandate = _make(locked, starts_on=max(locked.starts_on, today))
    locked.signature = _sign(by, "mandate", mandate, language, text)
    locked.mandate = mandate
    answer(locked, State.SIGNED)
    tell_of_signature(locked)
    mandate_signed.send(sender=Mandate, mandate=mandate)
    record(
        kind="mandate.signed",
        subject=ref("mandate", mandate.pk),
        by=by.label,
        payload=facts(locked) | {"signature": str(locked.signature.pk), "starts_on": mandate.starts_on.isoformat()},
    )
    return mandate


@transaction.atomic
def sign_twins(*, by: Actor, proposal: MandateProposal, language: str, shown_sha256: str) -> Mandate:
    """Her second, separate signature: the signed mandate covers her twin from now on.

    Raises as `sign_mandate` does; StaleState also where this was not asked or the mandate was ended meanwhile.
    """
    require_herself(by, proposal.talent)
    locked = _asked_for_twins(proposal)
    text = twins_text(locked, language=_known(language))
    require_as_shown(text, shown_sha256)
    mandate = Mandate.objects.select_for_update().get(proposal=locked)
    if mandate.ended_on is not None:
        raise StaleState("This mandate was ended meanwhile.")
    mandate.covers_twins = True
    mandate.save(update_fields=["covers_twins"])
    locked.twins_signature = _sign(by, "mandate_twins", mandate, language, text)
    _answer_twins(locked)
    tell_agency(locked, say("mandate.twins", model=locked.talent.stage_name))
    record(kind="mandate.twins_signed", subject=ref("mandate", mandate.pk), by=by.label,
           payload={"signature": str(locked.twins_signature.pk)})  # fmt: skip
    return mandate


@transaction.atomic
def refuse_twins(*, by: Actor, proposal: MandateProposal) -> None:
    """The mandate holds, but not for her twin. Raises NotAllowed for others, StaleState after an answer."""
    require_herself(by, proposal.talent)
    locked = _asked_for_twins(proposal)
    _answer_twins(locked)
    tell_agency(locked, say("mandate.twins_refused", model=locked.talent.stage_name))
    record(kind="mandate.twins_refused", subject=ref("mandate", str(locked.mandate_id)), by=by.label, payload={})


def _make(proposal: MandateProposal, *, starts_on: date) -> Mandate:
    """The row whose exclusion constraint lets one of two agencies through, however close they sign."""
    try:
        with transaction.atomic():
            return Mandate.objects.create(
                talent=proposal.talent, agency=proposal.agency, kind=proposal.kind, territories=proposal.territories,
                commission_bp=proposal.commission_bp, mother_bp=proposal.mother_bp, starts_on=starts_on,
                ends_on=proposal.ends_on,
            )  # fmt: skip
    except IntegrityError as error:
        if ONE_LOCAL_AGENCY not in str(error):
            raise
        raise Refused(
            "Another local agency represents you in one of these countries on these days. End that mandate first, or"
            " ask for other countries or a later start.",
            code="territory_taken",
        ) from error


def _sign(by: Actor, kind: str, mandate: Mandate, language: str, text: str) -> Signature:
    version = f"{kind}/{TEXT_VERSION}"
    return sign(by=by, kind=kind, subject=ref("mandate", mandate.pk), version=version, language=language, text=text)


def _asked_for_twins(proposal: MandateProposal) -> MandateProposal:
    locked = locked_row(proposal)
    if not locked.twins_wait:
        raise StaleState("There is nothing left to answer here.")
    return locked


def _answer_twins(locked: MandateProposal) -> None:
    locked.twins_answered_at = timezone.now()
    locked.save(update_fields=["twins_answered_at", "twins_signature"])


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise InvalidInput("We do not have this text in that language.", field="language")
    return language
