"""Where a payee is paid: one account for each, read from Stripe and never from what somebody claims of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor, StepUpNeeded
from apps.audit.models import Event as AuditEvent
from apps.common.errors import NotAllowed, Refused
from apps.integrations.stripe.types import ConnectedAccount as Answer
from apps.notifications.models import Notice
from apps.payments import services
from apps.payments.errors import PaymentUnavailable
from apps.payments.models import PayoutAccount
from apps.payments.services import payouts
from apps.sandbox import payees
from apps.sandbox.models import AccountLink, ConnectedAccount, Fault, SavedAnswer
from tests.factories.payouts import AGAIN, BACK, begin, link_of, mine, set_up, tell_all
from tests.factories.people import make_member, make_organization, make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
State = PayoutAccount.State
CREATE, LINK, READ = "POST /v2/core/accounts", "POST /v2/core/account_links", "GET /v2/core/accounts/"


@pytest.fixture
def maya() -> Actor:
    return make_talent("maya")[1].actor


def acts() -> list[str]:
    return [event.kind for event in AuditEvent.objects.order_by("seq") if event.kind.startswith("payout.")]


# ---- the account ----


def test_a_press_makes_the_account_that_the_design_asks_for_and_leads_to_its_page(maya: Actor) -> None:
    way = begin(maya)

    made = ConnectedAccount.objects.get()
    assert (made.dashboard, made.fees_collector, made.losses_collector) == ("express", "application", "application")
    assert (made.country, made.contact_email) == ("fr", "maya@tests.example")
    assert made.metadata == {"payee": str(way.account.pk)}
    assert (way.account.account_id, way.account.state) == (made.id, State.STARTED)
    link = AccountLink.objects.get()
    assert (link.account, link.return_url, link.refresh_url) == (made, BACK, AGAIN)
    assert link_of(way.address) == link.id
    assert acts() == ["payout.account_made"]


def test_pressed_again_it_is_the_same_account_with_another_link(maya: Actor) -> None:
    first, second = begin(maya), begin(maya)

    assert ConnectedAccount.objects.count() == 1
    assert first.address != second.address


@pytest.mark.parametrize("kind", [kind for kind in Fault.Kind if "event" not in kind])
def test_a_lost_answer_never_makes_two_accounts(maya: Actor, kind: Fault.Kind) -> None:
    site.fault(kind, CREATE)
    with pytest.raises(PaymentUnavailable):
        begin(maya)

    begin(maya)

    assert ConnectedAccount.objects.count() == 1
    assert mine(maya).account_id == ConnectedAccount.objects.get().id


def test_an_account_whose_key_stripe_has_forgotten_is_found_by_its_payee(maya: Actor) -> None:
    """v2 keeps keys for 30 days; what was made before is looked for."""
    site.fault(Fault.Kind.LOST_ANSWER, CREATE)
    with pytest.raises(PaymentUnavailable):
        begin(maya)
    payees_of_others = ConnectedAccount.objects.get()
    ConnectedAccount.objects.create(
        display_name="Another", contact_email="a@tests.example", country="de", dashboard="express", metadata={}
    )
    SavedAnswer.objects.all().delete()

    assert begin(maya).account.account_id == payees_of_others.id
    assert ConnectedAccount.objects.count() == 2


@pytest.mark.parametrize("kind", [Fault.Kind.LOST_ANSWER, Fault.Kind.FAILS_AFTER, Fault.Kind.BUSY])
def test_a_link_that_got_lost_is_made_anew(maya: Actor, kind: Fault.Kind) -> None:
    site.fault(kind, LINK)
    with pytest.raises(PaymentUnavailable):
        begin(maya)

    assert link_of(begin(maya).address)
    assert ConnectedAccount.objects.count() == 1


@pytest.mark.parametrize("country", ["BR", "AU", "JP", "MC"])
def test_where_no_transfer_reaches_nothing_is_made_and_the_words_are_clear(country: str) -> None:
    talent, person = make_talent("noor")
    talent.country = country
    talent.save()

    with pytest.raises(Refused, match="European Economic Area") as refusal:
        begin(person.actor)

    assert refusal.value.code == "country"
    assert not PayoutAccount.objects.exists()


@pytest.mark.parametrize("country", ["US", "GB", "CA", "CH", "NO", "IS", "LI", "SE"])
def test_cross_border_payouts_cover_the_countries_of_the_design(country: str) -> None:
    owner = make_member(make_organization("agency", "elan", country=country), "owner", "claire")

    assert begin(owner.actor).account.country == country


# ---- who may ----


@pytest.mark.parametrize(("role", "may"), [("owner", True), ("accountant", True), ("booker", False)])
def test_of_an_agency_the_owner_and_the_accountant_set_it_up(role: str, may: bool) -> None:
    person = make_member(make_organization("agency", "elan"), role, "somebody")
    if may:
        assert begin(person.actor).account.party == person.actor.party
        return
    with pytest.raises(NotAllowed):
        begin(person.actor)


def test_nobody_else_is_paid() -> None:
    brand = make_member(make_organization("brand", "orsay"), "owner", "jonas").actor
    for other in (brand, Actor.SYSTEM):
        with pytest.raises(NotAllowed):
            begin(other)
    assert not PayoutAccount.objects.exists()


def test_changing_where_money_goes_needs_a_fresh_proof_of_who_one_is(maya: Actor) -> None:
    for old in (None, timezone.now() - timedelta(minutes=16)):
        with pytest.raises(StepUpNeeded):
            begin(replace(maya, stepped_up_at=old))
    assert not PayoutAccount.objects.exists()


# ---- how far it is ----


@pytest.mark.parametrize(
    ("outcome", "state", "told"),
    [
        ("complete", State.ACTIVE, "You can be paid"),
        ("missing", State.NEEDS_MORE, "Stripe needs more from you"),
        ("later", State.CHECKING, ""),
        ("rejected", State.REFUSED, "Stripe cannot pay you"),
    ],
)
def test_back_from_the_page_it_is_what_stripe_says(maya: Actor, outcome: str, state: str, told: str) -> None:
    row = set_up(maya, outcome=outcome)

    assert row.state == state
    assert (row.active_since is not None) == (state == State.ACTIVE)
    notices = Notice.objects.filter(to=maya.party)
    assert [notice.words("en").title for notice in notices] == ([told] if told else [])
    assert all(notice.mails.count() == 1 and notice.url == "/earnings/payouts/" for notice in notices)
    assert acts() == ["payout.account_made", f"payout.{state}"]


def test_both_who_keep_an_agencys_money_get_the_mail() -> None:
    agency = make_organization("agency", "elan")
    owner = make_member(agency, "owner", "claire")
    make_member(agency, "accountant", "yves")
    make_member(agency, "booker", "axel")

    set_up(owner.actor)

    mails = Notice.objects.get(to=agency.party).mails.values_list("address", flat=True)
    assert set(mails) == {"claire@tests.example", "yves@tests.example"}


def test_before_she_was_at_the_page_nothing_is_missing_yet(maya: Actor) -> None:
    row = services.refresh(begin(maya).account)

    assert row.state == State.STARTED
    assert not Notice.objects.filter(to=maya.party).exists()


def test_an_active_account_may_need_more_later_and_be_active_again(maya: Actor) -> None:
    account = ConnectedAccount.objects.get(pk=set_up(maya).account_id)
    for outcome, state in (("missing", State.NEEDS_MORE), ("complete", State.ACTIVE)):
        payees.decide(account, outcome)
        tell_all()
        assert mine(maya).state == state
    assert Notice.objects.filter(to=maya.party).count() == 3


def test_a_refused_account_is_not_opened_again(maya: Actor) -> None:
    set_up(maya, outcome="rejected")

    with pytest.raises(Refused, match="write to us"):
        begin(maya)


def test_while_stripe_does_not_answer_it_stays_as_it_was(maya: Actor) -> None:
    payees.fill_in(link_of(begin(maya).address), outcome="complete")
    site.fault(Fault.Kind.LOST_ANSWER, READ)

    with pytest.raises(PaymentUnavailable):
        services.came_back(by=maya)

    assert mine(maya).state == State.STARTED
    tell_all()
    assert mine(maya).state == State.ACTIVE


def test_a_closed_account_pays_nobody() -> None:
    closed = Answer("acct_1", closed=True, transfers="active", reason="", resolution="")
    assert payouts._state(closed, back=True) == State.REFUSED


@pytest.mark.parametrize(
    ("transfers", "reason", "resolution", "state"),
    [
        ("restricted", "determining_status", "no_resolution", State.CHECKING),
        ("restricted", "requirements_pending_verification", "no_resolution", State.CHECKING),
        ("restricted", "restricted_other", "contact_stripe", State.REFUSED),
        ("restricted", "", "", State.NEEDS_MORE),
        ("unsupported", "unsupported_country", "no_resolution", State.REFUSED),
    ],
)
def test_stripes_other_words(transfers: str, reason: str, resolution: str, state: str) -> None:
    answer = Answer("acct_1", closed=False, transfers=transfers, reason=reason, resolution=resolution)
    assert payouts._state(answer, back=True) == state
