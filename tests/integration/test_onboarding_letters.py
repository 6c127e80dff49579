"""At every step until her twin can be booked she, or whoever waits for her, is told: a notice, and a mail in her words.

The steps are those of the portal's onboarding, in their order. Mails about the address itself are in test_words.
"""

from datetime import date, timedelta

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.common.wording import say
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.identity.services import approve, refuse
from apps.notifications.mailing import deliver
from apps.notifications.models import Mail, Notice
from apps.organizations.models import Organization
from apps.organizations.services import accept, change_role, decide, invite, leave, register, remove, set_credit
from apps.talent.answering import refuse as refuse_mandate
from apps.talent.answering import refuse_twins
from apps.talent.ending import end_by_agency, end_by_model
from apps.talent.ending import remind as remind_of_mandates
from apps.talent.joining import AboutHer, join
from apps.talent.proposing import take_back
from apps.twins.models import Twin, TwinVersion
from apps.twins.services import add_photograph, approve_version, enrol, fail_enrolment, finish_test, open_capture_set
from apps.twins.services.best_before import remind as remind_of_approvals
from apps.twins.services.enrolment import finish_enrolment
from tests.factories.identity import hand_in, staff_member
from tests.factories.joining import brand_details, mailed_secret, newcomer
from tests.factories.likenesses import CAPTURES, photograph
from tests.factories.mandates import propose_as, sign_as, sign_twins_as
from tests.factories.people import Person, make_listed_twin, make_member, make_organization, make_talent
from tests.factories.sheets import with_state

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

ABOUT = AboutHer(stage_name="Iris Vale", birth_date=date(1999, 4, 1), country="FR", board="women")
TODAY = timezone.now().date()


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan")


@pytest.fixture
def booker(agency: Organization) -> Person:
    return make_member(agency, "owner", "claire")


@pytest.fixture
def maya() -> tuple:
    talent, person = make_talent("maya")
    User.objects.filter(pk=person.user.pk).update(language="de")
    talent.refresh_from_db()
    return talent, person


def told(party: str, kind: str, *addresses: str) -> Notice:
    """The one notice of this kind; its mails went to exactly these addresses, with HTML and text, and say the same."""
    notice = Notice.objects.for_party(party).get(kind=kind)
    assert sorted(mail.address for mail in notice.mails.all()) == sorted(addresses)
    for mail in notice.mails.all():
        assert deliver(mail.pk)
        sent, said = outbox.outbox[-1], notice.words(mail.language)
        assert sent.subject == said.title and said.body in sent.body
        assert sent.alternatives[0][1] == "text/html" and f'lang="{mail.language}"' in sent.alternatives[0][0]
    return notice


HERS = "maya@tests.example"
THEIRS = "claire@tests.example"


class TestJoining:
    def test_a_model_is_welcomed(self) -> None:
        iris = newcomer("iris")
        told(join(by=iris, about=ABOUT).party, "talent.joined", iris.email)

    def test_an_agency_or_brand_hears_that_it_is_looked_at_and_what_came_of_it(self) -> None:
        jonas, staff = newcomer("jonas"), staff_member()
        brand = register(by=jonas, kind="brand", details=brand_details())
        told(brand.party, "organization.registered", jonas.email)
        for decision in ("refused", "approved", "withdrawn"):
            decide(by=staff, organization=brand, decision=decision, reason="Because <so>.")
            assert "Because <so>." in told(brand.party, f"organization.check_{decision}", jonas.email).words("fr").body

    def test_the_owners_hear_of_credit_in_their_own_figures(self) -> None:
        brand, staff = make_organization("brand", "halden"), staff_member()
        User.objects.filter(pk=make_member(brand, "owner", "jonas").user.pk).update(language="de")
        set_credit(by=staff, organization=brand, limit_minor=500_000, reason="Three bookings.")
        credit = told(brand.party, "organization.credit", "jonas@tests.example")
        assert outbox.outbox[-1].subject == "Kredit für Halden: 5.000,00\xa0€" and credit.values["reason"]
        set_credit(by=staff, organization=brand, limit_minor=0, reason="Over.")
        told(brand.party, "organization.no_credit", "jonas@tests.example")

    def test_whoever_asked_somebody_into_the_team_hears_that_she_came(self, booker: Person) -> None:
        vera, team = newcomer("vera", "Vera"), Organization.objects.get()
        asked = invite(by=booker.actor, organization=team, email=vera.email, role="booker")
        member = accept(by=vera, secret=mailed_secret(asked, outbox.outbox))
        told(team.party, "team.joined", THEIRS)
        change_role(by=booker.actor, member=member, role="accountant")
        assert (
            told(team.party, "team.role_changed", vera.email).words("it").title == "Vera ha un nuovo ruolo: contabilità"
        )
        remove(by=booker.actor, member=member)
        told(team.party, "team.removed", vera.email)

    def test_somebody_who_leaves_a_team_has_it_in_writing(self, agency: Organization, booker: Person) -> None:
        otto = make_member(agency, "booker", "otto")
        leave(by=otto.actor, member=agency.memberships.get(user=otto.user))
        told(agency.party, "team.left", otto.user.email)


class TestIdentity:
    def test_found_right(self, maya: tuple) -> None:
        approve(by=staff_member(), check=hand_in(*maya), birth_date=maya[0].birth_date)
        told(maya[0].party, "identity.approved", HERS)

    def test_not_found_right(self, maya: tuple) -> None:
        refuse(by=staff_member(), check=hand_in(*maya), reason="The date is cut off.")
        assert "The date is cut off." in told(maya[0].party, "identity.refused", HERS).words("de").body


class TestMandates:
    def test_proposed_signed_and_her_twin_asked_separately(
        self, maya: tuple, agency: Organization, booker: Person
    ) -> None:
        proposal = propose_as(booker, agency, maya[0], covers_twins=True)
        told(maya[0].party, "mandate.proposed", HERS)
        sign_as(maya[1], proposal)
        told(agency.party, "mandate.signed", THEIRS)
        proposal.refresh_from_db()
        hers = told(maya[0].party, "mandate.signed_by_you", HERS)
        assert hers.url == reverse("certificate", args=[proposal.signature_id]), "her copy"
        sign_twins_as(maya[1], proposal)
        told(agency.party, "mandate.twins", THEIRS)

    def test_refused_taken_back_and_for_everything_but_the_twin(
        self, maya: tuple, agency: Organization, booker: Person
    ) -> None:
        refuse_mandate(by=maya[1].actor, proposal=propose_as(booker, agency, maya[0]))
        told(agency.party, "mandate.refused", THEIRS)
        take_back(by=booker.actor, proposal=propose_as(booker, agency, maya[0]))
        told(maya[0].party, "mandate.taken_back", HERS)
        proposal = propose_as(booker, agency, maya[0], covers_twins=True)
        sign_as(maya[1], proposal)
        refuse_twins(by=maya[1].actor, proposal=proposal)
        told(agency.party, "mandate.twins_refused", THEIRS)

    def test_ending_soon_under_notice_and_ended(self, maya: tuple, agency: Organization, booker: Person) -> None:
        mandate = sign_as(maya[1], propose_as(booker, agency, maya[0], ends_on=TODAY + timedelta(days=60)))
        remind_of_mandates(today=TODAY)
        assert "in 60 Tagen" in told(maya[0].party, "mandate.ends", HERS).words("de").title
        told(agency.party, "mandate.ends_for_agency", THEIRS)
        end_by_agency(by=booker.actor, mandate=mandate)
        told(maya[0].party, "mandate.notice", HERS)
        end_by_model(by=maya[1].actor, mandate=mandate)
        told(agency.party, "mandate.ended", THEIRS)


class TestConsents:
    """GDPR art. 7: she can prove what she agreed to, and taking it back is as easy as giving it."""

    def test_given_she_has_a_copy_taken_back_a_receipt(self, maya: tuple) -> None:
        talent, person = maya
        withdraw(by=person.actor, consent=Consent.objects.get(talent=talent, purpose=Purpose.PROMOTE))
        gone = told(talent.party, "consent.withdrawn", HERS)
        assert gone.words("de").title == "Du hast eine Einwilligung widerrufen: Zeigen"
        given = grant(
            by=person.actor, talent=talent, purpose=Purpose.PROMOTE, scope="My twin", rate_of_pay="none",
            intended_uses=["the list"], ends_at=timezone.now() + timedelta(days=365),
        )  # fmt: skip
        receipt = told(talent.party, "consent.given", HERS)
        assert receipt.url == reverse("certificate", args=[given.signature_id])
        assert receipt.words("es").title == "Has dado un consentimiento: promocionar"


class TestTheTwin:
    def test_photographs_complete_sheet_ready_and_approved(self, maya: tuple) -> None:
        talent, person = maya
        twin = make_listed_twin(talent, person)
        version = with_state(twin, TwinVersion.State.TESTING)
        finish_test(version=version, pictures=[])
        told(talent.party, "twin.ready", HERS)
        approve_version(by=person.actor, version=version)
        assert told(talent.party, "twin.approved", HERS).values["day"] == {
            "day": Twin.objects.get().best_before.isoformat()
        }

    def test_her_photographs_are_complete(self, maya: tuple) -> None:
        talent, person = maya
        captures = open_capture_set(by=person.actor, twin=Twin.objects.create(talent=talent), taken_on=date(2026, 6, 1))
        for name in CAPTURES:
            add_photograph(by=person.actor, capture_set=captures, name=name, raw=photograph("P001", name))
        enrol(by=person.actor, capture_set=captures)
        assert told(talent.party, "twin.photographs_done", HERS).values == {"count": len(CAPTURES)}

    def test_a_training_that_failed_says_whose_fault_it_was_and_never_what_a_machine_said(self, maya: tuple) -> None:
        talent, person = maya
        twin = make_listed_twin(talent, person)
        fail_enrolment(version=with_state(twin, TwinVersion.State.TRAINING), reason="CUDA error 700 in worker 3")
        notice = told(talent.party, "twin.failed", HERS)
        assert "CUDA" not in notice.words("en").body and notice.values == {}
        finish_enrolment(version=with_state(twin, TwinVersion.State.TRAINING), reports=[], engine="preview/1")
        assert told(talent.party, "twin.failed_photographs", HERS).values == {"count": 0}
        sheet = say("twin.failed_sheet", made=1, all=4)
        fail_enrolment(version=with_state(twin, TwinVersion.State.TESTING), reason="too few", told=sheet)
        assert "1 von 4" in told(talent.party, "twin.failed_sheet", HERS).words("de").body

    def test_the_yearly_approval_is_asked_in_time_and_after_it_lapsed(self, maya: tuple) -> None:
        talent, person = maya
        make_listed_twin(talent, person)
        Twin.objects.update(best_before=TODAY + timedelta(days=20))
        remind_of_approvals(today=TODAY)
        told(talent.party, "twin.best_before", HERS)
        Twin.objects.update(best_before=TODAY - timedelta(days=1), reminded_days=None)
        remind_of_approvals(today=TODAY)
        told(talent.party, "twin.lapsed", HERS)


def test_nobody_without_an_account_is_written_to() -> None:
    talent, person = make_talent("maya")
    make_listed_twin(talent, person)
    talent.user = None
    talent.save()
    Twin.objects.update(best_before=TODAY)
    assert remind_of_approvals(today=TODAY) == 1 and not Mail.objects.exists()
