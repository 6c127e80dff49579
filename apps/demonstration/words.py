"""What the demonstration's models say for themselves: their consents, and where they are bound elsewhere."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.common.legal_texts import language_of
from apps.common.vocabulary import Exclusivity
from apps.consents.consent_text import wording
from apps.consents.models import Purpose
from apps.consents.services import grant, has
from apps.demonstration.mandates import Act
from apps.demonstration.programme import Person
from apps.talent.commitments import enter_commitment
from apps.talent.models import Talent

CONSENT_LASTS = timedelta(days=3 * 365)


def enter_bound(talent: Talent, person: Person, *, by: Actor | None, herself: Actor) -> None:
    """What she signed elsewhere, entered by herself or by her agency's booker. Idempotent."""
    if person.bound is None or talent.outside_commitments.exists():
        return
    today = timezone.now().date()
    enter_commitment(
        by=by if by and person.bound.by_agency else herself,
        talent=talent,
        exclusivity=Exclusivity.CATEGORY,
        category=person.bound.category,
        territories=person.bound.territories,
        starts_on=today,
        ends_on=today + timedelta(days=person.bound.days),
        brand=person.bound.brand,
    )


def sign_consents(talent: Talent, user: User, person: Person, act: Act) -> None:
    """She signs each purpose separately; the demonstration presses the five buttons for a person who does not exist."""
    language = language_of(user.language)
    for purpose in Purpose:
        if not has(talent, purpose):
            said = wording(purpose, language=language)
            shorter = purpose == Purpose.PROMOTE and person.shown_days
            grant(
                by=act(user),
                talent=talent,
                purpose=purpose,
                scope=said.scope,
                rate_of_pay=said.rate_of_pay,
                intended_uses=list(said.uses.values()),
                ends_at=timezone.now() + (timedelta(days=shorter) if shorter else CONSENT_LASTS),
                language=language,
            )
