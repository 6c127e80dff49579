"""What Stripe tells of a document is a hint: in any order, twice, late or never, the session is read again."""

import itertools
import json
from datetime import timedelta

import pytest
import stripe
from django.conf import settings as site_settings
from django.utils import timezone

from apps.identity.models import IdentityCheck
from apps.identity.services import at_stripe, look_again
from apps.identity.tasks import forget_documents, look_at_open_checks
from apps.identity.words import NOTHING_SHOWN
from apps.integrations.stripe.identity import identity
from apps.notifications.models import Notice
from apps.payments.models import StripeEvent
from apps.sandbox.models import Delivery, Fault, VerificationSession
from tests.factories.identity_at_stripe import READ, acts, as_now, begin, shown, told
from tests.factories.people import make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def stripe_looks(settings) -> None:
    settings.IDENTITY_PROVIDER = "stripe"


@pytest.fixture
def maya():
    """(talent, person)"""
    return make_talent("maya")


def test_an_event_that_claims_something_is_not_believed(maya) -> None:
    check = begin(*maya).check
    outputs = {"dob": {"day": 2, "month": 5, "year": 1998}}
    claim = {
        "id": "evt_claim",
        "object": "event",
        "type": "identity.verification_session.verified",
        "data": {"object": {"id": check.session_id, "status": "verified", "verified_outputs": outputs}},
    }
    body = json.dumps(claim)
    header = stripe.WebhookSignature.generate_signature_header(body, site_settings.STRIPE_WEBHOOK_SECRET)
    assert site.post_webhook(body.encode(), header) == 200
    site.work()

    assert as_now(check).state == "started"
    assert StripeEvent.objects.get().done_at is not None


def test_every_order_of_the_events_with_duplicates_decides_once() -> None:
    for number, order in enumerate(itertools.permutations(range(3))):
        talent, person = make_talent(f"model-{number}")
        check = shown(talent, person)
        events = site.pending()  # created, processing, verified
        assert len(events) == 3
        for position in order:
            site.deliver([events[position], events[position]])
            site.work()
        assert as_now(check).state == "approved"
        assert Notice.objects.filter(to=talent.party, kind="identity.approved_at_stripe").count() == 1


def test_late_news_of_an_earlier_try_changes_nothing(maya) -> None:
    first = shown(*maya, error="selfie_face_mismatch")
    late = site.pending()
    look_again(check=first)
    second = shown(*maya)
    look_again(check=second)

    site.deliver(late)
    site.work()

    assert as_now(first).state == "refused" and as_now(second).state == "approved"
    assert Notice.objects.filter(to=maya[0].party, kind__startswith="identity.").count() == 2


def test_two_who_read_at_once_decide_once(maya, monkeypatch) -> None:
    """One reads what Stripe found; before it stores that, the other one has decided."""
    check = shown(*maya)
    read = identity().read

    class Slow:
        def read(self, session_id: str):
            found = read(session_id)
            monkeypatch.undo()
            look_again(check=IdentityCheck.objects.get())
            return found

    monkeypatch.setattr(at_stripe, "identity", Slow)
    look_again(check=check)

    assert as_now(check).state == "approved"
    assert Notice.objects.filter(to=maya[0].party, kind="identity.approved_at_stripe").count() == 1
    assert acts().count("identity.approved") == 1


def test_a_session_of_somebody_else_is_none_of_ours() -> None:
    identity().create(reference="identity:other", return_url="https://double.example/", key="k")
    told()
    assert StripeEvent.objects.get().done_at is not None


def test_while_stripe_does_not_answer_the_event_waits(maya) -> None:
    check = shown(*maya)
    site.fault(Fault.Kind.LOST_ANSWER, READ, times=3)
    told()
    assert as_now(check).state == "started"
    site.sweep()
    assert as_now(check).state == "approved"


def test_lost_events_only_delay(maya) -> None:
    check = shown(*maya)
    Delivery.objects.all().delete()
    look_at_open_checks()
    assert as_now(check).state == "started", "it is not asked every minute"
    IdentityCheck.objects.update(due_at=timezone.now())

    look_at_open_checks()

    assert as_now(check).state == "approved"


def test_one_that_cannot_be_read_holds_up_no_other(maya) -> None:
    check, other = shown(*maya), shown(*make_talent("noor"))
    VerificationSession.objects.filter(pk=check.session_id).delete()
    IdentityCheck.objects.update(due_at=timezone.now())

    look_at_open_checks()

    assert (as_now(check).state, as_now(other).state) == ("started", "approved")
    assert check.due_at > timezone.now()


def test_what_nobody_finishes_ends_after_a_week(maya) -> None:
    check = begin(*maya).check
    IdentityCheck.objects.update(due_at=timezone.now(), created_at=timezone.now() - timedelta(days=8))
    look_at_open_checks()

    assert (as_now(check).state, check.reason) == ("refused", NOTHING_SHOWN)
    assert not Notice.objects.filter(to=maya[0].party).exists()
    forget_documents()
    assert VerificationSession.objects.get().status == "canceled"
