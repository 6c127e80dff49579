"""Mandates: proposed by the agency, signed by the model in person, binding only then and only as the law allows."""

import hashlib
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.legal_texts import LANGUAGES
from apps.notifications.models import Notice
from apps.organizations.permissions import ROLE_PERMISSIONS, TALENT_PERMISSIONS
from apps.signatures.models import Signature
from apps.talent.answering import refuse, refuse_twins, sign_mandate
from apps.talent.mandate_text import mandate_text
from apps.talent.models import Mandate, MandateProposal
from apps.talent.proposing import take_back
from tests.factories.mandates import propose_as, sign_as, sign_twins_as
from tests.factories.people import Person, acting, make_member, make_organization, make_talent, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def agency():
    return make_organization("agency", "elan", country="FR")


@pytest.fixture
def booker(agency) -> Person:
    return make_member(agency, "booker", "claire")


@pytest.fixture
def maya():
    return make_talent("maya-okafor")


class TestAProposal:
    def test_binds_nobody(self, agency, booker, maya) -> None:
        propose_as(booker, agency, maya[0])
        assert not Mandate.objects.exists()

    def test_tells_her_and_leaves_a_trail(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        assert Notice.objects.for_party(maya[0].party).get().kind == "mandate.proposed"
        assert Event.objects.get(kind="mandate.proposed").subject == f"proposal:{proposal.pk}"
        assert verify_chain().ok

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"commission_bp": 2_001}, "commission_bp"),
            ({"mother_bp": 2_001}, "mother_bp"),
            ({"ends_on": date(TODAY.year + 3, TODAY.month, min(TODAY.day, 28)) + timedelta(days=5)}, "ends_on"),
            ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
            ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
            ({"territories": []}, "territories"),
            ({"territories": ["EUROPE"]}, "territories"),
            ({"kind": "cousin"}, "kind"),
        ],
    )
    def test_says_nothing_that_no_mandate_may_say(self, agency, booker, maya, fields, field) -> None:
        """New York Fashion Workers Act: at most 20 %, at most three years."""
        with pytest.raises(InvalidInput) as caught:
            propose_as(booker, agency, maya[0], **fields)
        assert caught.value.field == field

    def test_only_one_of_a_kind_waits(self, agency, booker, maya) -> None:
        first = propose_as(booker, agency, maya[0])
        with pytest.raises(Refused):
            propose_as(booker, agency, maya[0])
        take_back(by=booker.actor, proposal=first)
        assert propose_as(booker, agency, maya[0]).state == "waiting"

    def test_comes_from_a_checked_agency_and_its_own_keepers_of_the_roster(self, agency, booker, maya) -> None:
        other = make_organization("agency", "northlight")
        for role, org in (("accountant", agency), ("booker", other)):
            with pytest.raises(NotAllowed):
                propose_as(make_member(org, role, f"{role}-of-{org.slug}"), agency, maya[0])
        agency.checked_at = None
        with pytest.raises(Refused):
            propose_as(booker, agency, maya[0])

    def test_the_database_holds_the_limits_by_itself(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        for change in (
            {"commission_bp": 2_001},
            {"ends_on": TODAY + timedelta(days=1_096)},
            {"state": "signed"},
            {"mother_bp": 2_001},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                MandateProposal.objects.filter(pk=proposal.pk).update(**change)


class TestHerSignature:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_makes_the_mandate_of_the_very_text_that_she_saw(self, agency, booker, maya, language) -> None:
        proposal = propose_as(booker, agency, maya[0])
        shown = mandate_text(proposal, language=language)
        assert "$" not in shown
        mandate = sign_as(maya[1], proposal, language)
        proposal.refresh_from_db()
        kept = Signature.objects.get(pk=proposal.signature_id)
        assert (kept.text, kept.language, kept.version) == (shown, language, "mandate/2026-11")
        assert kept.text_sha256 == hashlib.sha256(shown.encode()).hexdigest()
        assert (mandate.agency, mandate.territories, mandate.commission_bp) == (agency, ["BE", "FR"], 2_000)
        assert mandate.runs_on(TODAY)
        assert verify_chain().ok

    def test_is_of_what_stood_on_the_screen_and_nothing_else(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        with pytest.raises(StaleState):
            sign_mandate(by=maya[1].actor, proposal=proposal, language="en", shown_sha256="0" * 64)
        assert not Mandate.objects.exists()

    def test_needs_a_fresh_proof_of_who_she_is(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        with pytest.raises(NotAllowed) as caught:
            sign_as(Person(maya[1].user, replace(maya[1].actor, stepped_up_at=None)), proposal)
        assert caught.value.code == "step_up"
        assert not Mandate.objects.exists()

    def test_comes_once(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        sign_as(maya[1], proposal)
        for again in (lambda: sign_as(maya[1], proposal), lambda: refuse(by=maya[1].actor, proposal=proposal)):
            with pytest.raises(StaleState):
                again()

    def test_after_the_proposed_first_day_begins_today(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        MandateProposal.objects.filter(pk=proposal.pk).update(starts_on=TODAY - timedelta(days=9))
        proposal.refresh_from_db()
        assert sign_as(maya[1], proposal).starts_on == TODAY

    def test_a_refusal_needs_no_reason_and_leaves_no_mandate(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        refuse(by=replace(maya[1].actor, stepped_up_at=None), proposal=proposal)
        assert not Mandate.objects.exists()
        assert Notice.objects.for_party(agency.party).get().kind == "mandate.refused"


def everybody_else() -> dict[str, tuple[str, str]]:
    """Every role there is that is not the model herself: kind and role."""
    roles = {f"{kind} {role}": (kind, role) for kind, of in ROLE_PERMISSIONS.items() for role in of}
    return roles | {"staff": ("staff", ""), "superuser": ("staff", "superuser"), "system": ("system", "")}


@pytest.mark.parametrize("who", everybody_else())
def test_nobody_signs_a_mandate_for_her(agency, booker, maya, who) -> None:
    """New York Fashion Workers Act: signed by the model in person; no proxy, no power of attorney, no staff."""
    proposal = propose_as(booker, agency, maya[0], covers_twins=True)
    kind, role = everybody_else()[who]
    if kind in ROLE_PERMISSIONS:
        organization = agency if kind == "agency" else make_organization("brand", "halden-rye")
        somebody = make_member(organization, role, "somebody")
    elif kind == "staff":
        user = make_user("staff")
        user.is_staff, user.is_superuser = True, role == "superuser"
        user.save()
        somebody = Person(user, acting(user, "platform", "staff", TALENT_PERMISSIONS))
    else:
        somebody = Person(booker.user, Actor.SYSTEM)
    for act in (sign_as, lambda who, what: refuse(by=who.actor, proposal=what), sign_twins_as):
        with pytest.raises(NotAllowed):
            act(somebody, proposal)
    assert not Mandate.objects.exists()
    assert not Signature.objects.filter(kind="mandate").exists()


def test_another_model_does_not_sign_it_nor_somebody_acting_in_her_name(agency, booker, maya) -> None:
    proposal = propose_as(booker, agency, maya[0])
    other = make_talent("kai-lindgren")[1]
    for actor in (other.actor, replace(maya[1].actor, user_id=booker.user.pk)):
        with pytest.raises(NotAllowed):
            sign_as(Person(other.user, actor), proposal)


class TestTwins:
    """A mandate covers twins only where that is signed separately."""

    def test_the_mandate_alone_does_not_cover_them(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0], covers_twins=True)
        assert not sign_as(maya[1], proposal).covers_twins

    def test_a_second_signature_does(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0], covers_twins=True)
        sign_as(maya[1], proposal)
        assert sign_twins_as(maya[1], proposal).covers_twins
        proposal.refresh_from_db()
        assert proposal.signature_id != proposal.twins_signature_id
        with pytest.raises(StaleState):
            sign_twins_as(maya[1], proposal)

    def test_or_her_no_does_not(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0], covers_twins=True)
        sign_as(maya[1], proposal)
        refuse_twins(by=maya[1].actor, proposal=proposal)
        assert not Mandate.objects.get().covers_twins
        with pytest.raises(StaleState):
            sign_twins_as(maya[1], proposal)

    def test_nobody_is_asked_before_the_mandate_or_unasked(self, agency, booker, maya) -> None:
        proposal = propose_as(booker, agency, maya[0])
        with pytest.raises(StaleState):
            sign_twins_as(maya[1], proposal)
        sign_as(maya[1], proposal)
        with pytest.raises(StaleState):
            sign_twins_as(maya[1], proposal)
