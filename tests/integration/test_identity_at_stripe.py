"""Stripe Identity behind the same interface as the look by a person: adults only, read again and never believed, and
what was shown is deleted after the decision there as well (adults only; GDPR: retention, freely given consent)."""

import itertools
import json
import re
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
import stripe
from django.conf import settings as site_settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.audit.models import Event as AuditEvent
from apps.common.errors import NotAllowed, StaleState
from apps.identity import checks
from apps.identity.errors import Unavailable, Unreadable
from apps.identity.models import IdentityCheck
from apps.identity.services import WAYS, approve, at_stripe, is_proven, look_again, look_at
from apps.identity.tasks import forget_documents, look_at_open_checks
from apps.identity.words import ANOTHER_DAY, CANCELED, NOTHING_SHOWN, UNDER_AGE
from apps.integrations.stripe.identity import identity
from apps.media.models import StoredFile
from apps.notifications.models import Notice
from apps.payments.models import StripeEvent
from apps.portal.onboarding import onboarding
from apps.sandbox import verifications
from apps.sandbox.models import Delivery, Fault, SavedAnswer, VerificationSession
from tests.factories.clients import signed_in
from tests.factories.identity import hand_in, staff_member
from tests.factories.people import make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PAGE, BACK = "/home/model/identity/", "/home/model/identity/back/"
CREATE = "POST /v1/identity/verification_sessions"
READ = "GET /v1/identity/verification_sessions/"


@pytest.fixture(autouse=True)
def stripe_looks(settings) -> None:
    settings.IDENTITY_PROVIDER = "stripe"


@pytest.fixture
def maya():
    """(talent, person)"""
    return make_talent("maya")


def begin(talent, person):
    return WAYS["stripe"].begin(by=person.actor, talent=talent, shown=None, back=f"http://testserver{BACK}")


def shown(talent, person, *, born: date | None = None, error: str = "") -> IdentityCheck:
    """She was at Stripe's page; nobody has been told yet."""
    check = begin(talent, person).check
    verifications.show(check.session_id, birth_date=born or talent.birth_date, error=error)
    return check


def told() -> None:
    site.deliver(site.pending())
    site.work()


def as_now(check: IdentityCheck) -> IdentityCheck:
    check.refresh_from_db()
    return check


def acts() -> list[str]:
    return [event.kind for event in AuditEvent.objects.order_by("seq") if event.kind.startswith("identity.")]


# ---- beginning ----


def test_she_is_led_to_a_check_of_a_live_document_and_a_matching_face(maya) -> None:
    begun = begin(*maya)

    session = VerificationSession.objects.get()
    assert session.require_live_capture and session.require_matching_selfie
    assert (session.client_reference_id, session.return_url) == (begun.check.ref, f"http://testserver{BACK}")
    assert begun.address.endswith(f"/sandbox/identity/{session.id}/")
    assert (begun.check.way, begun.check.state) == ("stripe", "started")
    assert acts() == ["identity.started"]
    assert maya[0].stage_name not in str(vars(session)), "Stripe is not told who she is; the document says it"


def test_pressed_again_it_is_the_same_session(maya) -> None:
    assert begin(*maya) == begin(*maya)
    assert VerificationSession.objects.count() == 1


@pytest.mark.parametrize("kind", [kind for kind in Fault.Kind if "event" not in kind])
def test_a_lost_answer_never_makes_two_sessions(maya, kind: Fault.Kind) -> None:
    site.fault(kind, CREATE)
    with pytest.raises(Unavailable):
        begin(*maya)

    if kind == Fault.Kind.FAILS_BEFORE:  # v1 keeps the error under its key
        with pytest.raises(Unavailable):
            begin(*maya)
    assert begin(*maya).address
    assert VerificationSession.objects.count() == 1


def test_a_session_whose_key_stripe_has_forgotten_is_found_by_its_reference(maya) -> None:
    site.fault(Fault.Kind.LOST_ANSWER, CREATE)
    with pytest.raises(Unavailable):
        begin(*maya)
    SavedAnswer.objects.all().delete()

    assert begin(*maya).check.session_id == VerificationSession.objects.get().id


def test_nobody_else_begins_for_her(maya) -> None:
    with pytest.raises(NotAllowed):
        begin(maya[0], make_talent("noor")[1])
    assert not IdentityCheck.objects.exists()


# ---- the decision ----


def test_verified_of_age_and_with_the_day_that_she_gave_she_is_proven(maya) -> None:
    check = shown(*maya)
    told()

    assert as_now(check).state == "approved" and is_proven(maya[0])
    assert (check.birth_date, check.decided_by) == (maya[0].birth_date, None)
    notice = Notice.objects.get(to=maya[0].party, kind="identity.approved")
    assert notice.mails.count() == 1 and "asked Stripe to delete" in notice.body
    with pytest.raises(StaleState):
        begin(*maya)


def test_nothing_of_the_document_is_kept_here(maya) -> None:
    check = shown(*maya)
    told()

    assert not StoredFile.objects.filter(kind__startswith="identity_").exists()
    assert (as_now(check).document, check.selfie, check.kind) == (None, None, "")
    bodies = json.dumps([event.body for event in StripeEvent.objects.all()])
    assert "dob" not in bodies and str(maya[0].birth_date.year) not in bodies
    with pytest.raises(IntegrityError, match="pictures_only_by_person"), transaction.atomic():
        IdentityCheck.objects.update(kind="passport")


def test_under_18_is_refused_whatever_day_she_gave_when_she_joined(maya) -> None:
    talent, _ = maya
    today = timezone.now().date()
    talent.birth_date = today.replace(year=today.year - 18) + timedelta(days=1)
    talent.save()
    for number, born in enumerate((talent.birth_date, date(today.year - 12, 1, 1))):
        check = shown(*maya, born=born)
        told()
        assert (as_now(check).state, check.reason, check.birth_date) == ("refused", UNDER_AGE, None)
        assert Notice.objects.filter(kind="identity.refused").count() == number + 1
    assert not is_proven(talent)


def test_on_her_eighteenth_birthday_she_is_of_age(maya) -> None:
    talent, _ = maya
    today = timezone.now().date()
    talent.birth_date = date(today.year - 18, today.month, min(today.day, 28))
    talent.save()
    shown(*maya)
    told()
    assert is_proven(talent)


def test_another_day_than_she_gave_is_refused(maya) -> None:
    check = shown(*maya, born=date(1990, 1, 1))
    told()
    assert (as_now(check).state, check.reason) == ("refused", ANOTHER_DAY)


def test_a_document_that_cannot_be_read_is_refused_with_words_and_she_tries_again(maya) -> None:
    check = shown(*maya, error="document_unverified_other")
    told()
    assert as_now(check).state == "refused" and "could not be read" in check.reason
    assert "try again" in Notice.objects.get(kind="identity.refused").body

    again = shown(*maya)
    told()
    assert again.pk != check.pk and as_now(again).state == "approved"


def test_a_session_that_was_canceled_is_refused(maya) -> None:
    check = begin(*maya).check
    verifications.cancel(check.session_id)
    told()
    assert (as_now(check).state, check.reason) == ("refused", CANCELED)


def test_a_birth_date_that_stripe_does_not_give_approves_nobody(maya) -> None:
    check = shown(*maya)
    VerificationSession.objects.update(birth_date=None)
    told()

    assert as_now(check).state == "submitted" and not is_proven(maya[0])
    event = StripeEvent.objects.get(type="identity.verification_session.verified")
    assert event.done_at is None and "Unreadable" in event.error
    with pytest.raises(Unreadable):
        look_again(check=check)
    VerificationSession.objects.update(birth_date=maya[0].birth_date)
    site.sweep()
    assert is_proven(maya[0])


def test_staff_do_not_decide_what_stripe_looks_at(maya) -> None:
    check = shown(*maya)
    IdentityCheck.objects.update(state="submitted")
    check.refresh_from_db()
    with pytest.raises(StaleState, match="Stripe"):
        approve(by=staff_member(), check=check, birth_date=maya[0].birth_date)
    with pytest.raises(StaleState, match="Stripe"):
        look_at(by=staff_member(), check=check, which="document")
    client = Client()
    client.force_login(staff_member())
    page = client.get(f"/admin/identity/identitycheck/{check.pk}/decide/").content.decode()
    assert "not decided here" in page and "<img" not in page.partition("<h1")[2].partition("</form>")[0]


# ---- events are hints ----


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
        assert Notice.objects.filter(to=talent.party, kind="identity.approved").count() == 1


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
    assert Notice.objects.filter(to=maya[0].party, kind="identity.approved").count() == 1
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


# ---- deleted after the decision ----


@pytest.mark.parametrize("error", ["", "document_expired"])
def test_what_she_showed_is_deleted_at_stripe_after_the_decision_and_not_before(maya, error: str) -> None:
    check = shown(*maya, error=error)
    forget_documents()
    session = VerificationSession.objects.get()
    assert session.redaction_asked_at is None, "nobody has decided yet"
    look_again(check=check)

    forget_documents()
    session.refresh_from_db()
    assert session.redaction_asked_at and as_now(check).documents_deleted_at is None, "asked for is not done"

    IdentityCheck.objects.update(due_at=timezone.now())
    VerificationSession.objects.update(redaction_asked_at=timezone.now() - verifications.REDACTS_AFTER)
    forget_documents()
    forget_documents()
    assert as_now(check).documents_deleted_at
    assert identity().read(check.session_id).birth_date is None
    assert acts().count("identity.documents_deleted") == 1
    assert is_proven(maya[0]) == (not error), "the decision stays"


def test_stripes_word_that_it_is_deleted_is_heard_at_once(maya) -> None:
    check = shown(*maya)
    told()
    forget_documents()
    VerificationSession.objects.update(redaction_asked_at=timezone.now() - verifications.REDACTS_AFTER)
    identity().read(check.session_id)  # the stand-in finishes it, and tells
    told()
    assert as_now(check).documents_deleted_at


@pytest.mark.parametrize("kind", [kind for kind in Fault.Kind if "event" not in kind])
def test_a_deletion_whose_answer_is_lost_is_asked_for_again(maya, kind: Fault.Kind) -> None:
    check = shown(*maya)
    told()
    site.fault(kind, f"{CREATE}/")
    forget_documents()
    assert as_now(check).documents_deleted_at is None
    for _ in range(3):
        IdentityCheck.objects.update(due_at=timezone.now())
        VerificationSession.objects.exclude(redaction_asked_at=None).update(redaction_asked_at="2000-01-01T00:00Z")
        forget_documents()
    assert as_now(check).documents_deleted_at


# ---- in the browser ----


def test_from_her_page_to_stripes_and_back(maya) -> None:
    talent, person = maya
    client = signed_in(person)
    page = client.get(PAGE).content.decode()
    assert "Go to Stripe" in page and "measures whether they are the same" in page and 'type="file"' not in page
    led = client.post(PAGE)
    at_stripe = urlsplit(led["Location"]).path
    assert led.status_code == 302 and "Go on at Stripe" in client.get(PAGE).content.decode()

    visitor = Client(enforce_csrf_checks=True)
    hosted = visitor.get(at_stripe)
    html = hosted.content.decode()
    assert "<strong>TEST</strong>" in html and "unsafe" not in hosted.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|https?://(?!testserver)", html)
    assert visitor.post(at_stripe, {"birth_date": ""}).status_code == 422
    assert visitor.post(at_stripe, {"trouble": "nonsense"}).status_code == 422
    back = visitor.post(at_stripe, {"birth_date": str(talent.birth_date)})
    assert urlsplit(back["Location"]).path == BACK
    assert visitor.post(at_stripe, {"trouble": "document_expired"}).status_code == 409

    assert "You are who you say" in client.get(BACK, follow=True).content.decode()
    assert "Stripe is asked to delete" in client.get(PAGE).content.decode()
    assert onboarding(talent).steps[0].state == "done"


def test_another_try_on_the_hosted_page(maya) -> None:
    client = signed_in(maya[1])
    at_stripe = urlsplit(client.post(PAGE)["Location"]).path
    Client().post(at_stripe, {"trouble": "document_expired"})
    assert "The document has expired." in client.get(BACK, follow=True).content.decode()
    assert urlsplit(client.post(PAGE)["Location"]).path != at_stripe


def test_the_page_says_that_stripe_is_silent(maya) -> None:
    client = signed_in(maya[1])
    site.fault(Fault.Kind.LOST_ANSWER, CREATE)
    silent = client.post(PAGE)
    assert silent.status_code == 503 and "try again in a minute" in silent.content.decode()
    client.post(PAGE)
    site.fault(Fault.Kind.LOST_ANSWER, READ)
    assert "does not answer yet" in client.get(BACK, follow=True).content.decode()


def test_she_may_ask_for_a_person_instead_for_her_agreement_to_be_measured_is_free(maya) -> None:
    """GDPR Art. 7 and 9: explicit consent, freely given."""
    talent, person = maya
    client = signed_in(person)
    client.post(PAGE)
    page = client.get(f"{PAGE}?by=person").content.decode()
    assert 'type="file"' in page and "No face is measured here" in page

    check = hand_in(talent, person)
    given_up = IdentityCheck.objects.get(way="stripe")
    assert (given_up.state, check.state) == ("refused", "submitted")
    forget_documents()
    assert VerificationSession.objects.get().status == "canceled"
    approve(by=staff_member(), check=check, birth_date=talent.birth_date)
    assert is_proven(talent)


def test_by_default_a_person_looks_and_stripe_is_never_asked(maya, settings) -> None:
    settings.IDENTITY_PROVIDER = "person"
    client = signed_in(maya[1])
    for address in (PAGE, f"{PAGE}?by=stripe", f"{PAGE}?by=nobody"):
        page = client.get(address).content.decode()
        assert 'type="file"' in page and "Rather at Stripe" not in page
    assert client.get(BACK)["Location"] == PAGE
    assert not VerificationSession.objects.exists()
    check = hand_in(*maya)
    look_again(check=check)
    assert as_now(check).state == "submitted"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"IDENTITY_PROVIDER": "person"}, ""),
        ({"IDENTITY_PROVIDER": "stripe"}, ""),
        ({"IDENTITY_PROVIDER": "nobody"}, "identity.E001"),
        ({"STRIPE_TRANSPORT": "stripe", "STRIPE_IDENTITY_KEY": "sk_live_1"}, "identity.E002"),
        ({"STRIPE_TRANSPORT": "stripe", "STRIPE_IDENTITY_KEY": "rk_live_1"}, ""),
    ],
)
def test_the_settings_say_clearly_who_looks(settings, changes: dict[str, str], problem: str) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [error.id for error in checks.provider_is_known()] == ([problem] if problem else [])
