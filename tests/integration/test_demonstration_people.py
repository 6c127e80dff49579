"""The demonstration's people join through the same services as everybody: signed mandates, consents, one open offer."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.archives.models import Archive
from apps.consents.models import Consent
from apps.demonstration.kept import remind_who_is_due
from apps.demonstration.mandates import make_offers
from apps.demonstration.people import actor_of, load_archive, load_parties, load_talent, user_of
from apps.demonstration.programme import JOINED, PEOPLE, address
from apps.notifications.models import Notice
from apps.organizations.models import Organization
from apps.portal.roster_query import CONSENT_DUE
from apps.signatures.certificates import without_certificate
from apps.talent.models import Mandate, MandateProposal, OutsideCommitment
from apps.talent.profile import is_told
from apps.twins.models import Twin
from apps.twins.services import renewal_is_due
from tests.factories.likenesses import make_twin_of

pytestmark = pytest.mark.django_db


def test_every_mandate_and_consent_is_signed_in_her_language_and_may_be_loaded_twice() -> None:
    load_parties()
    for _ in range(2):
        for person in PEOPLE:
            load_talent(person)
        make_offers(PEOPLE, actor_of)
    signed = MandateProposal.objects.filter(state="signed")
    assert all(proposal.signature_id and proposal.twins_signature_id for proposal in signed)
    assert signed.count() == sum(bool(person.agency) + bool(person.mother) for person in PEOPLE)
    assert MandateProposal.objects.get(state="waiting").talent.slug == "yasmin-duarte"
    over = Mandate.objects.exclude(ended_on=None).get()
    assert (over.talent.slug, over.agency.slug) == ("kai-lindgren", "elan")
    assert set(Consent.objects.values_list("signature__language", flat=True)) == {"en", "fr", "de"}
    assert without_certificate().count() == 5 * len(PEOPLE) + 2 * signed.count()


def test_everybody_tells_bookers_and_brands_enough_to_know_whom_they_see() -> None:
    load_parties()
    assert all(is_told(load_talent(person)) for person in PEOPLE)


def test_somebody_is_in_a_union_and_somebody_bound_elsewhere_by_her_own_word_and_by_her_agencys() -> None:
    load_parties()
    for _ in range(2):
        people = {person.slug: load_talent(person) for person in PEOPLE}
    assert people["maya-okafor"].union
    entered = OutsideCommitment.objects.values_list("talent__slug", "entered_by")
    elan = Organization.objects.get(slug="elan").party
    assert dict(entered) == {"maya-okafor": elan, "leila-hart": people["leila-hart"].party}


def test_a_consent_of_a_model_is_due_for_renewal_by_now() -> None:
    load_parties()
    for person in PEOPLE:
        load_talent(person)
    shown = Consent.objects.get(talent__slug="ines-moreau", purpose="promote")
    assert timedelta(0) < shown.ends_at - timezone.now() - timedelta(days=JOINED) < CONSENT_DUE


@pytest.mark.parametrize(
    ("account", "language", "told"),
    [
        ("ines-moreau", "fr", "Vous avez donné un consentement"),
        ("yasmin-duarte", "de", "Du hast eine Einwilligung gegeben"),
    ],
)
def test_a_visitor_reads_her_news_in_her_language(client: Client, account: str, language: str, told: str) -> None:
    load_parties()
    load_talent(next(person for person in PEOPLE if person.slug == account))
    client.post(reverse("demonstration:enter"), {"account": account})
    page = client.get(reverse("notices")).content.decode()
    assert told in page and f'<div lang="{language}">' in page


def test_a_visitor_finds_the_session_she_entered_with_and_can_sign_it_out(client: Client) -> None:
    load_parties()
    client.post(reverse("demonstration:enter"), {"account": "elan"})
    page = client.get(reverse("usersessions_list"))
    session = UserSession.objects.get(user=user_of("elan"))
    assert reverse("session_end", args=[session.pk]) in page.content.decode()


def test_one_model_is_asked_for_her_yearly_approval_and_one_takes_everything_away() -> None:
    """Best before: a twin is approved again yearly. Export archive: everything held about them."""
    early = next(person for person in PEOPLE if person.joined > JOINED)
    due, leaving = make_twin_of("P010", early.slug)[0], make_twin_of("P002", "ines-moreau")[0]
    year_after = timezone.now().date() - timedelta(days=early.joined) + timedelta(days=365)
    Twin.objects.filter(pk=due.pk).update(best_before=year_after)
    User.objects.filter(talent__twin=leaving).update(email=address("ines-moreau"))
    for _ in range(2):
        load_archive()
        remind_who_is_due()
    assert renewal_is_due(Twin.objects.get(pk=due.pk), timezone.now().date())
    assert Notice.objects.get(kind="twin.best_before").to == due.talent.party
    assert Archive.objects.get().twin == leaving
