"""A whole roster from a file in the browser: read first, every bad row shown, taken over once, nothing lost."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.common.errors import StaleState
from apps.media.contents import Gone
from apps.media.services import read
from apps.organizations.models import Organization
from apps.roster import tasks
from apps.roster.models import Invitation, RosterEntry, RosterUpload
from apps.roster.services.uploading import take_over
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import Person, make_member, make_organization

pytestmark = pytest.mark.django_db

HEAD = "email,first_name,last_name,birth_date,country,board,language\n"
GOOD = "iris@x.example,Iris,Vale,2001-03-14,FR,women,fr\n"
YOUNG = "tim@x.example,Tim,Young,2015-01-01,FR,men,fr\n"


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan", country="FR")


@pytest.fixture
def booker(agency) -> Person:
    return make_member(agency, "booker", "claire")


def sent(booker: Person, text: str) -> RosterUpload:
    file = SimpleUploadedFile("models.csv", text.encode(), "text/csv")
    answer = signed_in(booker).post(reverse("roster_upload_new"), {"file": file})
    upload = RosterUpload.objects.get()
    assert answer.headers["Location"] == reverse("roster_upload", args=[upload.pk])
    return upload


def shown(booker: Person, upload: RosterUpload) -> str:
    return signed_in(booker).get(reverse("roster_upload", args=[upload.pk])).content.decode()


def act(booker: Person, upload: RosterUpload, action: str):
    return signed_in(booker).post(reverse(f"roster_upload_{action}", args=[upload.pk]), follow=True)


def test_it_is_read_first_and_every_bad_row_is_shown(booker):
    upload = sent(booker, HEAD + GOOD + YOUNG)
    assert "Being read" in shown(booker, upload)
    tasks.check_upload(str(upload.pk))
    page = shown(booker, upload)
    assert "Take over 1 row" in page and "only adults can be invited" in page and "birth_date" in page
    assert not RosterEntry.objects.exists()


def test_it_is_taken_over_once_however_often_the_task_runs_and_the_file_is_deleted(booker):
    upload = sent(booker, HEAD + GOOD + YOUNG)
    tasks.check_upload(str(upload.pk))
    act(booker, upload, "take")
    for _ in range(2):
        tasks.import_upload(str(upload.pk))
    upload.refresh_from_db()
    assert (upload.state, upload.report["created"], len(upload.report["rejected"])) == ("done", 1, 1)
    assert RosterEntry.objects.get().email == "iris@x.example"
    with pytest.raises(Gone):
        read(upload.file)
    with pytest.raises(StaleState):
        take_over(by=booker.actor, upload=upload)


def test_a_lost_message_is_found_again(booker, monkeypatch):
    upload = sent(booker, HEAD + GOOD)
    asked = []
    monkeypatch.setattr(tasks.check_upload, "delay", asked.append)
    tasks.sweep_uploads()
    assert asked == [str(upload.pk)]


@pytest.mark.parametrize("text", ["nothing of a roster", "email;name\n", "\x00\x01"])
def test_what_is_no_roster_is_said_and_can_be_forgotten(booker, text):
    upload = sent(booker, text)
    tasks.check_upload(str(upload.pk))
    assert "This file cannot be used" in shown(booker, upload)
    act(booker, upload, "forget")
    assert not RosterUpload.objects.exists() and not RosterEntry.objects.exists()


def test_no_file_and_an_empty_one_are_said_next_to_the_field(booker):
    client = signed_in(booker)
    for given in ({}, {"file": SimpleUploadedFile("a.csv", b"")}):
        answer = client.post(reverse("roster_upload_new"), given)
        assert answer.status_code == 422 and "file" in answer.context["form"].errors


def test_an_accountant_looks_and_invites_nobody(agency):
    paul = signed_in(make_member(agency, "accountant", "paul"))
    assert paul.get(reverse("roster_invited")).status_code == 200
    for name in ("roster_invite", "roster_upload_new"):
        assert paul.get(reverse(name)).status_code == 403


def test_the_list_asks_the_same_questions_for_few_and_many(agency, booker):
    told = {"first_name": "P", "last_name": "L", "birth_date": date(2000, 1, 1), "country": "FR", "language": "en"}

    def add(number: int) -> None:
        entry = RosterEntry.objects.create(agency=agency, email=f"p{number}@x.example", board="open", **told)
        Invitation.objects.create(entry=entry)

    few, many = with_few_and_many(signed_in(booker), reverse("roster_invited"), add)
    assert few == many
