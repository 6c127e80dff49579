"""The demonstration's mandates: proposed and signed like everybody's, one from before Double, one that still waits."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.common.canonical import sha256_hex
from apps.common.legal_texts import language_of
from apps.demonstration.programme import Person, address
from apps.organizations.models import Organization
from apps.talent.answering import sign_mandate, sign_twins
from apps.talent.mandate_text import mandate_text, twins_text
from apps.talent.models import Mandate, MandateProposal, Talent
from apps.talent.proposing import propose

MANDATE_LASTS = timedelta(days=945)
Act = Callable[[User], Actor]


def sign_mandates(talent: Talent, user: User, person: Person, act: Act) -> None:
    """Proposed by the agency's booker and signed by herself, the mandate and its word on twins each by itself."""
    if person.former:
        _on_paper(talent, person.former)
    for slug, kind, mother_bp in (
        (person.agency, Mandate.Kind.LOCAL, person.mother_bp),
        (person.mother, Mandate.Kind.MOTHER, 0),
    ):
        if slug and not Mandate.objects.filter(talent=talent, agency__slug=slug, kind=kind).exists():
            proposal = _propose(talent, slug, kind, mother_bp, act)
            language, herself = language_of(user.language), act(user)
            texts = [sha256_hex(text(proposal, language=language).encode()) for text in (mandate_text, twins_text)]
            sign_mandate(by=herself, proposal=proposal, language=language, shown_sha256=texts[0])
            sign_twins(by=herself, proposal=proposal, language=language, shown_sha256=texts[1])


def _propose(talent: Talent, agency: str, kind: Mandate.Kind, mother_bp: int, act: Act) -> MandateProposal:
    today = timezone.now().date()
    booker = act(User.objects.get(email=address(agency)))
    return propose(
        by=booker, agency=Organization.objects.get(slug=agency), talent=talent, kind=kind,
        territories=["WORLD"], commission_bp=2_000, mother_bp=mother_bp, covers_twins=True, starts_on=today,
        ends_on=today + MANDATE_LASTS,
    )  # fmt: skip


def _on_paper(talent: Talent, agency: str) -> None:
    """A mandate from before she came to Double; she ended it, and another agency followed."""
    today = timezone.now().date()
    Mandate.objects.get_or_create(
        talent=talent,
        agency=Organization.objects.get(slug=agency),
        defaults={
            "territories": ["WORLD"],
            "starts_on": today - timedelta(days=600),
            "ends_on": today + timedelta(days=400),
            "ended_on": today - timedelta(days=20),
        },
    )


def make_offers(people: Sequence[Person], act: Act) -> None:
    """What waits today for a model to read, sign or refuse. Idempotent."""
    for person in people:
        talent = Talent.objects.get(slug=person.slug)
        if person.offered_by and not talent.mandate_proposals.filter(agency__slug=person.offered_by).exists():
            _propose(talent, person.offered_by, Mandate.Kind.LOCAL, 0, act)
