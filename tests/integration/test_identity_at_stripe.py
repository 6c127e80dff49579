"""Stripe Identity behind the same interface as the look by a person: adults only, read again and never believed, and
what was shown is deleted after the decision there as well (adults only; GDPR: retention, freely given consent)."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from apps.common.errors import NotAllowed, StaleState
from apps.identity.errors import Unavailable, Unreadable
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, is_proven, look_again, look_at
from apps.identity.tasks import forget_documents
from apps.identity.words import ANOTHER_DAY, CANCELED, UNDER_AGE
from apps.integrations.stripe.identity import identity
from apps.media.models import StoredFile
from apps.notifications.models import Notice
from apps.payments.models import StripeEvent
from apps.sandbox import verifications
from apps.sandbox.models import Fault, SavedAnswer, VerificationSession
from tests.factories.identity import staff_member
from tests.factories.identity_at_stripe import BACK, CREATE, acts, as_now, begin, shown, told
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
    notice = Notice.objects.get(to=maya[0].party, kind="identity.approved_at_stripe")
    assert notice.mails.count() == 1 and "asked Stripe to delete" in notice.words("en").body
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
        assert Notice.objects.filter(kind="identity.refused_at_stripe").count() == number + 1
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
    assert "try again" in Notice.objects.get(kind="identity.refused_at_stripe").words("en").body

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
