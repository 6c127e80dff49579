"""What a model takes away: the ZIP says of every byte what it is; nobody else gets it; it is gone after a week."""

import io
import json
from datetime import timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image

from apps.accounts.actor import StepUpNeeded
from apps.archives import services, tasks
from apps.archives.models import Archive
from apps.archives.services import ask, expire, hand_over, make, open_archive, remove
from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.common.errors import NotAllowed, Refused
from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.conversations import services as conversations
from apps.conversations.models import Between
from apps.conversations.services import Upload
from apps.conversations.services.attaching import look_at
from apps.media.models import StoredFile
from apps.media.services import delete, read, storing
from apps.notifications.models import Mail, Notice
from apps.notifications.tasks import send_mail
from apps.signatures.certificates import make as make_certificate
from apps.signatures.models import Signature
from apps.twins.models import Photograph, VersionArtefact
from apps.twins.services import erase
from tests.factories.bookings import submitted
from tests.factories.likenesses import CAPTURES, make_twin_of
from tests.factories.people import acting, make_talent, make_world
from tests.factories.sheets import make_sheet_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maya():
    """A model with a listed twin, its test sheet, one certificate and what a training made."""
    twin, person = make_twin_of("P001", "maya")
    make_sheet_of(twin)
    consent = Signature.objects.filter(party=twin.talent.party, kind="consent").first()
    make_certificate(signature_id=consent.pk)
    with storing(kind="artefact", owner=twin.talent.party, content_type="x/y", twin_ref=twin.ref) as incoming:
        incoming.write(b"weights" * 1000)
        VersionArtefact.objects.create(
            version=twin.versions.get(), file=incoming.keep(), kind="weights", name="lora.safetensors", note="A LoRA."
        )
    return twin, person


def made(twin, person) -> Archive:
    archive = ask(by=person.actor, twin=twin)
    make(archive_id=archive.pk)
    archive.refresh_from_db()
    assert archive.state == "ready"
    return archive


def zip_of(archive: Archive) -> ZipFile:
    return ZipFile(io.BytesIO(read(archive.file)))


def manifest_of(archive: Archive) -> dict:
    return json.loads(zip_of(archive).read("manifest.json"))


def test_gdpr_export_the_manifest_names_every_file_and_matches_its_bytes(maya):
    archive = made(*maya)
    packed = zip_of(archive)
    assert packed.testzip() is None
    manifest = manifest_of(archive)
    named = {file["path"]: file for file in manifest["files"]}
    assert {*named, "manifest.json"} == set(packed.namelist())
    for path, file in named.items():
        content = packed.read(path)
        assert (file["size"], file["sha256"]) == (len(content), sha256(content).hexdigest()), path
    assert {file["what"] for file in manifest["files"]} == {
        *("photograph", "face_vectors", "version", "weights", "test_picture", "certificate", "profile", "boundaries"),
        *("list", "readme"),
    }
    assert manifest["missing"] == []


def test_export_archive_her_photographs_are_in_it_as_we_kept_them_with_their_origin(maya):
    archive = made(*maya)
    photographs = [file for file in manifest_of(archive)["files"] if file["what"] == "photograph"]
    kept = Photograph.objects.select_related("file")
    assert {file["sha256"] for file in photographs} == {one.file.sha256 for one in kept}
    assert {file["origin"]["photograph"] for file in photographs} == {f"photograph:{one.pk}" for one in kept}
    assert zip_of(archive).read(photographs[0]["path"])[:3] == b"\xff\xd8\xff"


def test_lineage_each_version_stands_with_its_approval_and_what_its_engine_handed_over(maya):
    twin, _ = maya
    archive = made(*maya)
    version = twin.versions.get()
    (told,) = manifest_of(archive)["versions"]
    assert told["approval"]["text"] == version.approval.text
    assert told["handed_over"] == [
        {"path": "versions/1/weights/lora.safetensors", "kind": "weights", "note": "A LoRA."}
    ]
    assert zip_of(archive).read("versions/1/weights/lora.safetensors") == b"weights" * 1000
    vectors = json.loads(zip_of(archive).read(next(n for n in zip_of(archive).namelist() if "face-vectors" in n)))
    assert {len(vector) for vector in vectors.values()} == {128} and len(vectors) == len(CAPTURES)


def test_where_an_engine_handed_nothing_over_the_manifest_says_so_and_promises_no_weights(maya):
    VersionArtefact.objects.all().delete()
    manifest = manifest_of(made(*maya))
    assert manifest["versions"][0]["handed_over"] == "The engine handed nothing over for this version."
    assert manifest["weights"].startswith("No weights are in this archive")


def test_what_was_deleted_stands_in_the_manifest_with_its_receipt(maya):
    gone = Photograph.objects.select_related("file").first()
    delete(gone.file)
    manifest = manifest_of(made(*maya))
    (missing,) = manifest["missing"]
    assert (missing["why"], missing["sha256"]) == ("deleted", gone.file.sha256)
    assert missing["deleted_at"] and missing["origin"]["photograph"] == f"photograph:{gone.pk}"


FIRST_WORDS = {"fr": "Le double numérique", "de": "Der digitale Zwilling", "sv": "The digital twin"}


@pytest.mark.parametrize(("language", "words"), FIRST_WORDS.items())
def test_the_few_words_at_the_top_are_in_her_language(maya, language, words):
    maya[1].user.language = language
    maya[1].user.save()
    maya[0].talent.user.refresh_from_db()
    assert zip_of(made(*maya)).read("README.txt").decode().startswith(words)


def test_on_our_disks_it_rests_sealed_under_the_twins_key(maya):
    file = made(*maya).file
    assert file.in_pieces and file.twin_ref == maya[0].ref
    from apps.media.storage import read_bytes

    assert read_bytes(file.storage_name)[:2] != b"PK"


def test_asking_takes_a_fresh_proof_and_nobody_asks_for_her(maya):
    twin, person = maya
    tired = acting(person.user, twin.talent.party, "talent", person.actor.permissions, stepped_up=False)
    with pytest.raises(StepUpNeeded):
        ask(by=tired, twin=twin)
    stranger = make_talent("noor")[1].actor
    with pytest.raises(NotAllowed):
        ask(by=stranger, twin=twin)
    archive = made(twin, person)
    for act in (hand_over, remove):
        with pytest.raises(NotAllowed):
            act(by=stranger, archive=archive)
    with pytest.raises(StepUpNeeded):
        hand_over(by=tired, archive=archive)


def test_two_presses_give_one_archive_and_a_new_one_follows_only_after_it(maya):
    twin, person = maya
    first, second = ask(by=person.actor, twin=twin), ask(by=person.actor, twin=twin)
    assert first == second
    make(archive_id=first.pk)
    assert ask(by=person.actor, twin=twin) == first
    remove(by=person.actor, archive=first)
    assert ask(by=person.actor, twin=twin) != first


def test_two_workers_make_one(maya, monkeypatch):
    twin, person = maya
    archive = ask(by=person.actor, twin=twin)
    real = services._pack
    begun: list[int] = []

    def meanwhile(*arguments):
        begun.append(1)
        if len(begun) == 1:
            make(archive_id=archive.pk)  # a second message for the same
        real(*arguments)

    monkeypatch.setattr(services, "_pack", meanwhile)
    make(archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.state, len(begun), archive.tries) == ("ready", 1, 1)
    assert StoredFile.objects.filter(kind="archive").count() == 1


def test_a_killed_workers_archive_is_found_again_and_what_the_dead_one_does_later_counts_nothing(maya, monkeypatch):
    twin, person = maya
    archive = ask(by=person.actor, twin=twin)
    asked: list[str] = []
    monkeypatch.setattr(tasks.make_archive, "delay", asked.append)
    dead = services._claimed(archive.pk)
    tasks.sweep()
    assert asked == []  # a worker is at it
    Archive.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    tasks.sweep()
    assert asked == [str(archive.pk)]
    make(archive_id=archive.pk)
    archive.refresh_from_db()
    assert (archive.state, archive.tries) == ("ready", 2)
    with pytest.raises(services.Overtaken):
        services._tick(dead)


def test_a_lost_message_is_found_again(maya, monkeypatch):
    archive = ask(by=maya[1].actor, twin=maya[0])
    asked: list[str] = []
    monkeypatch.setattr(tasks.make_archive, "delay", asked.append)
    tasks.sweep()
    assert asked == []
    Archive.objects.update(created_at=timezone.now() - timedelta(minutes=1))
    tasks.sweep()
    assert asked == [str(archive.pk)]


def test_one_that_fails_again_and_again_is_given_up_and_she_is_told(maya, monkeypatch):
    archive = ask(by=maya[1].actor, twin=maya[0])

    def broken(*arguments):
        raise OSError("the storage is full")

    monkeypatch.setattr(services, "_pack", broken)
    for _ in range(services.MOST_TRIES):
        with pytest.raises(OSError, match="full"):
            make(archive_id=archive.pk)
        Archive.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    make(archive_id=archive.pk)
    archive.refresh_from_db()
    assert archive.state == "failed"
    assert Notice.objects.filter(to=maya[0].talent.party, kind="archive.failed").exists()
    assert not StoredFile.objects.filter(kind="archive").exists()
    assert open_archive(maya[0]) is None


def test_she_is_told_by_notice_and_mail_when_it_is_ready(maya):
    made(*maya)
    notice = Notice.objects.get(kind="archive.ready")
    assert notice.to == maya[0].talent.party
    (letter,) = Mail.objects.filter(notice=notice)
    send_mail(str(letter.pk))
    assert mail.outbox[0].to == [maya[1].user.email] and "archive" in mail.outbox[0].subject


def test_how_far_it_is_shows_while_it_is_made(maya, monkeypatch):
    archive = ask(by=maya[1].actor, twin=maya[0])
    seen: list[int] = []
    real = services._tick

    def tick(one):
        real(one)
        archive.refresh_from_db()
        seen.append(archive.percent)

    monkeypatch.setattr(services, "_tick", tick)
    make(archive_id=archive.pk)
    assert len(seen) > 10 and seen == sorted(seen) and seen[-1] == 100


def test_after_seven_days_it_is_gone(maya):
    twin, person = maya
    archive = made(twin, person)
    assert expire() == 0 and hand_over(by=person.actor, archive=archive)
    Archive.objects.update(ends_at=timezone.now())
    with pytest.raises(Refused):
        hand_over(by=person.actor, archive=archive)
    assert expire() == 1
    archive.refresh_from_db()
    assert (archive.state, expire()) == ("deleted", 0)
    with pytest.raises(Refused):
        read(StoredFile.objects.get(pk=archive.file_id))


def test_every_step_stands_in_the_audit_chain(maya):
    twin, person = maya
    archive = made(twin, person)
    hand_over(by=person.actor, archive=archive)
    remove(by=person.actor, archive=archive)
    remove(by=person.actor, archive=archive)
    kinds = Event.objects.filter(subject=archive.ref).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["archive.asked", "archive.made", "archive.downloaded", "archive.deleted"]
    assert verify_chain().ok


def test_erasure_takes_the_archives_as_well(maya):
    """GDPR: erasure with lineage."""
    twin, person = maya
    archive = made(twin, person)
    erase(by=person.actor, twin=twin)
    archive.refresh_from_db()
    assert archive.state == "deleted" and archive.file.deleted_at
    with pytest.raises(Refused, match="erased"):
        ask(by=person.actor, twin=twin)


def test_erased_in_the_middle_nothing_comes_of_it(maya, monkeypatch):
    twin, person = maya
    archive = ask(by=person.actor, twin=twin)
    real = services._tick

    def tick(one):
        if one.twin.state != "retired":
            erase(by=person.actor, twin=one.twin)
        real(one)

    monkeypatch.setattr(services, "_tick", tick)
    make(archive_id=archive.pk)
    archive.refresh_from_db()
    assert archive.state == "deleted" and archive.file is None
    assert not StoredFile.objects.filter(kind="archive").exists()


def test_withdrawal_of_the_scan_consent_takes_the_copy_away_and_that_of_another_purpose_does_not(maya):
    twin, person = maya
    archive = made(twin, person)
    for purpose, state in ((Purpose.PROMOTE, "ready"), (Purpose.SCAN, "deleted")):
        withdraw(by=person.actor, consent=Consent.objects.get(talent=twin.talent, purpose=purpose))
        archive.refresh_from_db()
        assert archive.state == state


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 80), "teal").save(out, "JPEG")
    return out.getvalue()


def messages_of(archive: Archive) -> list[dict]:
    return json.loads(zip_of(archive).read("lists/messages.json"))


def test_messages_that_she_reads_are_in_it_and_those_of_others_are_not():
    """GDPR art. 15: everything held about her; what brand and agency write each other is not hers to read."""
    world = make_world()
    booking = submitted(world)
    for by, between, text in (
        (world.booker, Between.AGENCY_MODEL, "Would you do denim?"),
        (world.maya, Between.AGENCY_MODEL, "Not this year."),
        (world.producer, Between.BRAND_AGENCY, "Is she free in May?"),
    ):
        conversations.write(by=by.actor, booking=booking, between=between, text=text)
    gone = conversations.write(by=world.maya.actor, booking=booking, between=Between.AGENCY_MODEL, text="Oh no")
    conversations.delete_message(by=world.maya.actor, message=gone)
    told = messages_of(made(world.twin, world.maya))
    assert [(row["from"], row["text"]) for row in told] == [
        (world.agency.name, "Would you do denim?"), (world.talent.stage_name, "Not this year."),
        (world.talent.stage_name, ""),
    ]  # fmt: skip
    assert {row["booking"] for row in told} == {booking.code}
    assert [row["deleted_at"] is not None for row in told] == [False, False, True]


def test_messages_with_the_brand_are_in_it_where_no_agency_stands_between():
    world = make_world()
    world.talent.mandates.all().delete()
    booking = submitted(world)
    conversations.write(by=world.producer.actor, booking=booking, between=Between.BRAND_MODEL, text="In May?")
    assert [row["text"] for row in messages_of(made(world.twin, world.maya))] == ["In May?"]


def test_what_hangs_on_a_message_is_in_it_once_it_was_looked_at_and_goes_with_the_message():
    world = make_world()
    booking = submitted(world)
    kept, gone, unseen = (
        conversations.write(
            by=world.booker.actor, booking=booking, between=Between.AGENCY_MODEL, text=text,
            uploads=[Upload("../mood.jpg", picture())],
        )
        for text in ("Their mood", "Wrong one", "Not looked at yet")
    )  # fmt: skip
    for message in (kept, gone):
        look_at(attachment_id=message.attachments.get().pk)
    conversations.delete_message(by=world.booker.actor, message=gone)
    archive = made(world.twin, world.maya)
    (file,) = (file for file in manifest_of(archive)["files"] if file["what"] == "attachment")
    assert file["path"].startswith(f"messages/{booking.code}/1-") and file["path"].endswith(".jpg")
    assert file["origin"]["attachment"] == f"attachment:{kept.attachments.get().pk}"
    assert zip_of(archive).read(file["path"])[:3] == b"\xff\xd8\xff"
    assert [[row["state"] for row in told["attachments"]] for told in messages_of(archive)] == [
        ["kept"], [], ["waiting"],
    ]  # fmt: skip
    assert messages_of(archive)[0]["attachments"][0]["name"] == "mood.jpg"
    assert unseen.attachments.get().file is None
