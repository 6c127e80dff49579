"""Who a model is, and that she is an adult: proven once, looked at by a person, forgotten afterwards (adults only;
GDPR: retention)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, is_proven, look_at, refuse, submit
from apps.identity.tasks import forget_documents
from apps.media import storage, vault
from apps.media.contents import Gone
from apps.media.models import StoredFile
from apps.media.services import read
from apps.media.tasks import wipe
from apps.notifications.models import Notice
from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.twins.services import create_twin
from tests.factories.identity import card, hand_in, prove, staff_member
from tests.factories.people import make_member, make_organization, make_talent

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya():
    """(talent, person)"""
    return make_talent("maya")


def kinds_of_events() -> list[str]:
    return [event.kind for event in Event.objects.order_by("seq") if event.kind.startswith("identity.")]


def test_both_pictures_rest_encrypted_under_a_key_of_their_own(maya):
    check = hand_in(*maya)
    for file in (check.document, check.selfie):
        assert file.encrypted and file.twin_ref == check.ref
        assert storage.read_bytes(file.storage_name)[:2] != b"\xff\xd8"
        assert read(file)[:2] == b"\xff\xd8"
    assert kinds_of_events() == ["identity.submitted"]


def test_nobody_else_hands_in_a_document_for_her(maya):
    talent, person = maya
    agency = make_organization("agency", "elan")
    others = [
        make_member(agency, "owner", "claire").actor,
        make_member(make_organization("brand", "orsay"), "owner", "jonas").actor,
        make_talent("noor")[1].actor,
        Actor.SYSTEM,
        Actor(user_id=staff_member().pk, party="platform", kind="staff", name="Staff", permissions=TALENT_PERMISSIONS),
        replace(person.actor, user_id=staff_member().pk),
    ]
    for other in others:
        with pytest.raises(NotAllowed):
            submit(by=other, talent=talent, kind="passport", document=card(), selfie=card())
    assert not IdentityCheck.objects.exists()


@pytest.mark.parametrize("field", ["document", "selfie"])
def test_what_is_no_picture_is_said_next_to_its_field_and_nothing_is_kept(maya, field):
    talent, person = maya
    given = {"document": card(), "selfie": card()} | {field: b"<html>"}
    with pytest.raises(InvalidInput, match="JPEG") as refusal:
        submit(by=person.actor, talent=talent, kind="passport", **given)
    assert refusal.value.field == field
    assert not StoredFile.objects.filter(kind__startswith="identity_").exists()


def test_one_document_at_a_time(maya):
    hand_in(*maya)
    with pytest.raises(StaleState):
        hand_in(*maya)
    talent, _ = maya
    first = IdentityCheck.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        IdentityCheck.objects.create(talent=talent, kind="passport", document=first.selfie, selfie=first.document)


def test_a_person_of_staff_approves_with_the_day_that_stands_in_the_document(maya):
    talent, _ = maya
    check = hand_in(*maya)
    with pytest.raises(InvalidInput, match="another day"):
        approve(by=staff_member(), check=check, birth_date=date(1998, 5, 3))
    assert not is_proven(talent)
    approve(by=staff_member(), check=check, birth_date=talent.birth_date)
    assert is_proven(talent)
    assert Notice.objects.get(to=talent.party, kind="identity.approved").mails.count() == 1
    with pytest.raises(StaleState):
        refuse(by=staff_member("another"), check=check, reason="Too late")


def test_adults_only_also_in_the_database(maya):
    talent, _ = maya
    check = hand_in(*maya)
    today = timezone.now().date()
    talent.birth_date = today.replace(year=today.year - 18) + timedelta(days=1)
    talent.save()
    with pytest.raises(Refused, match="Under 18"):
        approve(by=staff_member(), check=check, birth_date=talent.birth_date)
    with pytest.raises(IntegrityError, match="identity_adults_only"), transaction.atomic():
        IdentityCheck.objects.update(state="approved", decided_on=today, birth_date=talent.birth_date)


def test_a_refusal_says_what_would_help_and_she_tries_again(maya):
    talent, _ = maya
    check = hand_in(*maya)
    with pytest.raises(InvalidInput) as refusal:
        refuse(by=staff_member(), check=check, reason=" ")
    assert refusal.value.field == "reason"
    refuse(by=staff_member(), check=check, reason="The corner with the date is cut off.")
    assert "date is cut off" in Notice.objects.get(to=talent.party, kind="identity.refused").words("en").body
    assert not is_proven(talent)
    prove(*maya)
    assert is_proven(talent)


def test_only_staff_decide_and_never_about_themselves(maya):
    talent, person = maya
    check = hand_in(*maya)
    with pytest.raises(NotAllowed):
        approve(by=person.user, check=check, birth_date=talent.birth_date)
    person.user.is_staff = True
    person.user.save()
    with pytest.raises(NotAllowed, match="colleague"):
        approve(by=person.user, check=check, birth_date=talent.birth_date)
    with pytest.raises(NotAllowed, match="colleague"):
        look_at(by=person.user, check=check, which="document")


def test_every_look_is_written_down_and_there_is_none_after_the_decision(maya):
    check = hand_in(*maya)
    assert look_at(by=staff_member(), check=check, which="selfie") == check.selfie
    assert kinds_of_events() == ["identity.submitted", "identity.selfie_seen"]
    refuse(by=staff_member(), check=check, reason="Blurred")
    check.refresh_from_db()
    with pytest.raises(StaleState):
        look_at(by=staff_member(), check=check, which="document")


def test_the_documents_are_deleted_after_the_decision_and_not_before(maya):
    waiting = hand_in(*make_talent("noor"))
    check = prove(*maya)
    forget_documents()
    forget_documents()  # a second round changes nothing
    check.refresh_from_db()
    assert check.documents_deleted_at and vault.is_destroyed(check.ref)
    for file in (check.document, check.selfie):
        with pytest.raises(Gone):
            read(file)
        wipe(str(file.pk))
        with pytest.raises(FileNotFoundError):
            storage.read_bytes(file.storage_name)
    assert kinds_of_events().count("identity.documents_deleted") == 1
    waiting.refresh_from_db()
    assert waiting.documents_deleted_at is None and read(waiting.document)


def test_no_twin_is_begun_of_somebody_whom_nobody_knows(maya):
    talent, person = maya
    with pytest.raises(Refused, match="prove who you are"):
        create_twin(by=person.actor, talent=talent)
    hand_in(*maya)
    with pytest.raises(Refused, match="prove who you are"):
        create_twin(by=person.actor, talent=talent)
    approve(by=staff_member(), check=IdentityCheck.objects.get(), birth_date=talent.birth_date)
    assert create_twin(by=person.actor, talent=talent).talent == talent
