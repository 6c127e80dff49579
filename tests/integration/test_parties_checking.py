"""Staff check agencies and brands with a reason and a trail; unchecked ones can prepare but not transact."""

from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Event
from apps.bookings.models import Booking
from apps.bookings.services import answers, compose, payment
from apps.bookings.table import BY_ACTION
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.notifications.models import Mail, Notice
from apps.organizations.models import Membership, Organization, OrganizationCheck
from apps.organizations.services import decide, set_credit, standing
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import World, make_member, make_organization, make_user, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def staff() -> User:
    user = make_user("staff")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def brand() -> Organization:
    brand = make_organization("brand", "halden-rye", checked=False)
    make_member(brand, "owner", "jonas")
    make_member(brand, "viewer", "vera")
    return brand


@pytest.fixture
def world() -> World:
    return make_world()


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(brand: Organization, decision: str) -> str:
    return reverse("admin:organizations_organization_decide", args=[brand.pk, decision])


def uncheck(organization: Organization) -> None:
    Organization.objects.filter(pk=organization.pk).update(checked_at=None)
    organization.refresh_from_db()


class TestDeciding:
    def test_an_approval_lets_it_transact_and_tells_the_owners_why(self, staff: User, brand: Organization) -> None:
        decide(by=staff, organization=brand, decision="approved", reason="The register agrees.")
        assert brand.checked_at
        assert (brand.checks.get().reason, brand.checks.get().by) == ("The register agrees.", staff)
        notice = Notice.objects.for_party(brand.party).get()
        assert "The register agrees." in notice.words("en").body and notice.url == reverse("organization")
        assert [mail.address for mail in Mail.objects.all()] == ["jonas@tests.example"]
        assert Event.objects.latest("seq").kind == "organization.check_approved"

    def test_refused_then_approved_then_withdrawn_is_all_kept(self, staff: User, brand: Organization) -> None:
        for decision in ("refused", "approved", "withdrawn"):
            decide(by=staff, organization=brand, decision=decision, reason=f"Because {decision}.")
        assert [step.decision for step in brand.checks.all()] == ["withdrawn", "approved", "refused"]
        assert brand.checked_at is None

    def test_a_decision_needs_a_reason(self, staff: User, brand: Organization) -> None:
        for reason in ("", "   ", "x" * 501):
            with pytest.raises(InvalidInput) as caught:
                decide(by=staff, organization=brand, decision="approved", reason=reason)
            assert caught.value.field == "reason"
        assert not OrganizationCheck.objects.exists()

    @pytest.mark.parametrize(
        ("checked", "decision"),
        [(True, "approved"), (True, "refused"), (False, "withdrawn"), (False, "changed")],
    )
    def test_what_is_decided_already_is_not_decided_again(self, staff: User, checked: bool, decision: str) -> None:
        brand = make_organization("brand", "halden-rye", checked=checked)
        with pytest.raises(StaleState):
            decide(by=staff, organization=brand, decision=decision, reason="So.")

    def test_nobody_but_staff_decides_and_none_for_her_own_party(self, staff: User, brand: Organization) -> None:
        with pytest.raises(NotAllowed):
            decide(
                by=User.objects.get(email="jonas@tests.example"), organization=brand, decision="approved", reason="Us"
            )
        Membership.objects.create(user=staff, organization=brand, role="viewer")
        with pytest.raises(NotAllowed, match="a colleague decides"):
            decide(by=staff, organization=brand, decision="approved", reason="Mine")
        assert desk(staff).post(page_of(brand, "approved"), {"reason": "Mine"}).status_code == 403


class TestTheAdmin:
    def test_a_look_decides_nothing_and_a_press_does(self, staff: User, brand: Organization) -> None:
        client = desk(staff)
        assert (
            page_of(brand, "approved")
            in client.get(reverse("admin:organizations_organization_change", args=[brand.pk])).content.decode()
        )
        assert client.get(page_of(brand, "approved")).status_code == 200
        assert not OrganizationCheck.objects.exists()
        assert client.post(page_of(brand, "approved"), {"reason": "Seen in the register."}).status_code == 302
        brand.refresh_from_db()
        assert brand.checked_at

    def test_without_a_reason_the_page_comes_back(self, staff: User, brand: Organization) -> None:
        answer = desk(staff).post(page_of(brand, "refused"), {"reason": ""})
        assert answer.status_code == 422 and "Say why" in answer.content.decode()

    def test_a_colleague_was_quicker(self, staff: User, brand: Organization) -> None:
        decide(by=staff, organization=brand, decision="approved", reason="Fine.")
        answer = desk(staff).post(page_of(brand, "approved"), {"reason": "Fine too."})
        assert answer.status_code == 409 and "decided meanwhile" in answer.content.decode()

    def test_the_day_of_the_check_is_no_field_that_one_types_into(self, staff: User, brand: Organization) -> None:
        client = desk(staff)
        address = reverse("admin:organizations_organization_change", args=[brand.pk])
        form = client.get(address)
        assert 'name="checked_at_0"' not in form.content.decode()
        fields = {name: value or "" for name, value in form.context["adminform"].form.initial.items()}
        fields |= {"checked_at_0": "2026-01-01", "checked_at_1": "00:00", "checked_at": "2026-01-01"}
        fields |= {f"checks-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        assert client.post(address, fields | {"about": "Coats."}).status_code == 302, "the form itself was saved"
        brand.refresh_from_db()
        assert brand.about == "Coats." and brand.checked_at is None
        assert LogEntry.objects.exists()

    def test_an_unknown_decision_or_party_is_not_there(self, staff: User, brand: Organization) -> None:
        client = desk(staff)
        assert client.get(page_of(brand, "changed")).status_code == 404
        assert client.get(page_of(Organization(pk=uuid4()), "approved")).status_code == 404

    def test_staff_without_the_right_are_refused(self, brand: Organization) -> None:
        clerk = make_user("clerk")
        clerk.is_staff = True
        clerk.save()
        assert desk(clerk).post(page_of(brand, "approved"), {"reason": "So."}).status_code == 403


class TestUncheckedPartiesPrepareOnly:
    def test_an_unchecked_brand_prepares_and_does_not_submit(self, world: World) -> None:
        uncheck(world.brand)
        booking = make.draft(world)
        with pytest.raises(Refused, match="details page"):
            compose.submit(by=world.producer.actor, booking=booking)

    def test_an_unchecked_brand_is_told_on_the_page_that_sends(self, world: World) -> None:
        booking = make.draft(world)
        uncheck(world.brand)
        answer = signed_in(world.producer).post(reverse("booking_compose", args=[booking.pk]), {"action": "submit"})
        assert answer.status_code in {409, 422}
        assert Booking.objects.get().state == "draft"

    def test_an_unchecked_agency_does_not_answer_and_the_model_still_may(self, world: World) -> None:
        booking = make.submitted(world)
        uncheck(world.agency)
        for answer in ("yes", "no"):
            with pytest.raises(Refused, match="Your agency is still being checked"):
                answers.answer(by=world.booker.actor, booking=booking, version=1, answer=answer)
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")

    def test_an_unchecked_agency_is_told_on_the_page_that_answers(self, world: World) -> None:
        booking = make.submitted(world)
        uncheck(world.agency)
        page = signed_in(world.booker).get(reverse("request", args=[booking.pk])).content.decode()
        assert "answering comes after that" in page and "Seal the yes" not in page
        answer = signed_in(world.booker).post(
            reverse("request_answer", args=[booking.pk]), {"version": 1, "answer": "yes"}
        )
        assert answer.status_code == 422
        assert "Your agency is still being checked" in answer.content.decode()

    def test_an_unchecked_agency_is_never_asked(self, world: World) -> None:
        uncheck(world.agency)
        with pytest.raises(Refused, match="No agency holds a mandate"):
            make.submitted(world)

    def test_a_brand_whose_check_was_taken_back_does_not_pay(self, world: World, staff: User) -> None:
        booking = make.agreed(world)
        decide(by=staff, organization=world.brand, decision="withdrawn", reason="The register closed it.")
        with pytest.raises(Refused, match="not checked at the moment"):
            payment.checkout(by=world.producer.actor, booking=booking)
        page = signed_in(world.producer).get(reverse("booking", args=[booking.pk])).content.decode()
        assert "paying comes after that" in page and reverse("checkout", args=[booking.pk]) not in page
        answer = signed_in(world.producer).post(reverse("checkout", args=[booking.pk]))
        assert answer.status_code == 422
        assert "not checked at the moment" in answer.content.decode()

    @pytest.mark.parametrize("action", ["submit", "resubmit", "accept_counter"])
    def test_every_step_that_binds_a_brand_asks_for_the_check(self, action: str) -> None:
        assert "brand_is_checked" in [guard.__name__ for guard in BY_ACTION[action].guards]


class TestCreditForInvoices:
    """Only after staff approval, with a reason; it ends with the check."""

    def test_staff_give_it_to_a_checked_brand_and_the_owners_read_why(self, staff: User, brand: Organization) -> None:
        decide(by=staff, organization=brand, decision="approved", reason="Fine.")
        address = reverse("admin:organizations_organization_credit", args=[brand.pk])
        assert desk(staff).get(address).status_code == 200
        assert desk(staff).post(address, {"limit": "5000.00", "reason": ""}).status_code == 422
        assert desk(staff).post(address, {"limit": "5000.00", "reason": "Three paid bookings."}).status_code == 302
        brand.refresh_from_db()
        assert brand.credit_limit_minor == 500_000
        assert brand.checks.first().reason == "5,000.00 EUR. Three paid bookings."
        assert standing(brand).decision == "approved", "the check itself stands as it was"
        assert "Three paid bookings." in Notice.objects.first().words("en").body

    def test_an_unchecked_brand_and_an_agency_have_none(self, staff: User, brand: Organization) -> None:
        for party in (brand, make_organization("agency", "elan")):
            with pytest.raises(Refused, match="checked brand"):
                set_credit(by=staff, organization=party, limit_minor=1, reason="So.")
        with pytest.raises(IntegrityError), transaction.atomic():
            Organization.objects.filter(pk=brand.pk).update(credit_limit_minor=1)

    @pytest.mark.parametrize("limit", [-1, 100_000_001])
    def test_an_absurd_amount_is_refused_with_its_field(self, staff: User, brand: Organization, limit: int) -> None:
        with pytest.raises(InvalidInput) as caught:
            set_credit(by=staff, organization=brand, limit_minor=limit, reason="So.")
        assert caught.value.field == "limit"

    def test_it_ends_with_the_check(self, staff: User, brand: Organization) -> None:
        decide(by=staff, organization=brand, decision="approved", reason="Fine.")
        set_credit(by=staff, organization=brand, limit_minor=500_000, reason="Known.")
        decide(by=staff, organization=brand, decision="withdrawn", reason="Closed.")
        assert brand.credit_limit_minor == 0

    def test_nobody_but_staff_gives_it(self, brand: Organization) -> None:
        with pytest.raises(NotAllowed):
            set_credit(by=User.objects.get(email="jonas@tests.example"), organization=brand, limit_minor=1, reason="Us")
