"""Thin events name an account and are believed in nothing: in any order, twice, or never, it is read again."""

import itertools
import json

import pytest
import stripe
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.integrations.stripe.types import ConnectedAccount as Answer
from apps.notifications.models import Notice
from apps.payments import services, waiting
from apps.payments.errors import NotSettledYet
from apps.payments.models import PayoutAccount, StripeEvent
from apps.payments.services import payouts
from apps.payments.tasks import look_at_account
from apps.sandbox import payees, webhooks
from apps.sandbox.models import ConnectedAccount, Delivery, Event
from tests.factories.payouts import begin, link_of, mine, tell_all
from tests.factories.people import make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
State = PayoutAccount.State
CREATE, LINK, READ = "POST /v2/core/accounts", "POST /v2/core/account_links", "GET /v2/core/accounts/"


@pytest.fixture
def maya() -> Actor:
    return make_talent("maya")[1].actor


def test_a_thin_event_comes_to_its_own_endpoint_with_its_own_secret(maya: Actor) -> None:
    payees.fill_in(link_of(begin(maya).address), outcome="complete")
    event = Event.objects.filter(type=payees.CAPABILITY).get()
    body, headers = webhooks.signed(event)
    good = headers["Stripe-Signature"]
    of_v1 = stripe.WebhookSignature.generate_signature_header(body.decode(), settings.STRIPE_WEBHOOK_SECRET)

    assert site.post_webhook(body, of_v1, thin=True) == 400
    assert site.post_webhook(body, good) == 400
    assert site.post_webhook(body.replace(b"acct_", b"acct-"), good, thin=True) == 400
    assert not StripeEvent.objects.exists()

    assert [site.post_webhook(body, good, thin=True) for _ in range(3)] == [200, 200, 200]
    stored = StripeEvent.objects.get()
    assert (stored.type, stored.object_id) == (payees.CAPABILITY, mine(maya).account_id)
    assert set(stored.body) == {"id", "object", "created", "livemode", "related_object", "type"}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b'{"object":"event","id":"evt_1","type":"x","data":{"object":{}}}',
        b'{"object":"v2.core.event"}',
    ],
)
def test_a_signed_body_that_is_no_thin_event_is_refused(body: bytes) -> None:
    secret = settings.STRIPE_THIN_WEBHOOK_SECRET
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), secret)

    assert site.post_webhook(body, header, thin=True) == 400
    assert not StripeEvent.objects.exists()


def test_an_event_that_claims_something_is_not_believed(maya: Actor) -> None:
    row = begin(maya).account
    related = {"id": row.account_id, "type": "v2.core.account", "url": f"/v2/core/accounts/{row.account_id}"}
    claim = {"id": "evt_claim", "object": "v2.core.event", "type": payees.CAPABILITY, "related_object": related}
    body = json.dumps({**claim, "data": {"updated_capability": "active", "status": "active"}})
    header = stripe.WebhookSignature.generate_signature_header(body, settings.STRIPE_THIN_WEBHOOK_SECRET)

    assert site.post_webhook(body.encode(), header, thin=True) == 200
    site.work()

    assert mine(maya).state == State.STARTED
    assert StripeEvent.objects.get().done_at is not None


def test_every_order_of_the_events_with_duplicates_ends_the_same() -> None:
    for number, order in enumerate(itertools.permutations(range(3))):
        actor = make_talent(f"model-{number}")[1].actor
        payees.fill_in(link_of(begin(actor).address), outcome="missing")
        payees.decide(ConnectedAccount.objects.get(pk=mine(actor).account_id), "complete")
        told = site.pending()[-3:]
        for position in order:
            site.deliver([told[position], told[position]])
            site.work()
        assert mine(actor).state == State.ACTIVE
        assert Notice.objects.filter(to=actor.party).count() == 1
        site.deliver(site.pending())


def test_an_event_of_an_account_that_is_not_ours_is_kept_and_done() -> None:
    account = ConnectedAccount.objects.create(
        display_name="Another", contact_email="a@tests.example", country="de", dashboard="express"
    )
    payees.decide(account, "complete")

    tell_all()

    assert StripeEvent.objects.get().done_at is not None


def test_an_older_answer_is_never_put_over_a_newer_one(maya: Actor, monkeypatch) -> None:
    """Two workers: one read before Stripe made up its mind and comes to store what it read after the other one did."""
    row = begin(maya).account
    account = ConnectedAccount.objects.get()
    read, slow = payouts.accounts().read, []

    class Slow:
        def read(self, account_id: str) -> Answer:
            found = read(account_id)
            if not slow:
                slow.append(found)
                payees.decide(account, "complete")
                services.refresh(PayoutAccount.objects.get())
            return found

    monkeypatch.setattr(payouts, "accounts", Slow)
    services.refresh(row)

    assert slow[0].transfers == "restricted"
    assert mine(maya).state == State.ACTIVE


def test_a_reading_that_is_always_late_is_tried_again_later(maya: Actor, monkeypatch) -> None:
    row = begin(maya).account
    monkeypatch.setattr(payouts, "_store", lambda row, found: False)

    with pytest.raises(NotSettledYet):
        services.refresh(row)


def test_a_lost_notice_only_delays(maya: Actor) -> None:
    payees.fill_in(link_of(begin(maya).address), outcome="complete")
    Delivery.objects.all().delete()
    tell_all()
    assert mine(maya).state == State.STARTED
    assert list(waiting.take_accounts()) == [], "nobody is asked every few seconds"
    PayoutAccount.objects.update(created_at=timezone.now() - waiting.ACCOUNTS_EVERY)

    for pk in waiting.take_accounts():
        look_at_account(str(pk))

    assert mine(maya).state == State.ACTIVE
    assert list(waiting.take_accounts()) == []


def test_the_database_holds_that_an_active_account_is_one(maya: Actor) -> None:
    begin(maya)
    with pytest.raises(IntegrityError, match="active_since"), transaction.atomic():
        PayoutAccount.objects.update(state=State.ACTIVE)
    with pytest.raises(IntegrityError, match="party"), transaction.atomic():
        PayoutAccount.objects.create(party=maya.party, country="FR")
