"""From photographs to a listed twin: one adult person, her own hands, her own yes."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from PIL import Image

from apps.accounts.actor import StepUpNeeded
from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent
from apps.consents.services import withdraw
from apps.generation.models import Job
from apps.integrations.gpu import engines
from apps.media import vault
from apps.media.models import StoredFile
from apps.media.services import read
from apps.media.uploads import Unusable
from apps.signatures.models import Signature
from apps.twins import vectors
from apps.twins.events import twin_erased, twin_listed, twin_paused
from apps.twins.models import FaceVector, Twin, TwinVersion
from apps.twins.services import (
    add_photograph,
    approval_text,
    approve_version,
    create_twin,
    enrol,
    erase,
    open_capture_set,
    pause,
    reject_version,
    resume,
)
from tests.factories.identity import prove
from tests.factories.likenesses import CAPTURES, photograph, picture_of_two
from tests.factories.people import acting, make_talent, make_user
from tests.factories.work import later, make_sheet, messages, work
from tests.fakes.gpu import fake_gpu

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def gpu(settings):
    with fake_gpu() as gpu:
        settings.GPU_SERVICE_URL = gpu.url
        messages()
        yield gpu
        engines.engine().close()
        engines._open_contract.cache_clear()


@pytest.fixture
def maya():
    talent, person = make_talent("maya")
    prove(talent, person)
    return talent, person


@pytest.fixture
def captures(maya):
    talent, person = maya
    twin = create_twin(by=person.actor, talent=talent)
    return open_capture_set(by=person.actor, twin=twin, taken_on=date(2026, 6, 1))


def add_all(captures, person, who="P001", names=CAPTURES):
    return [add_photograph(by=person.actor, capture_set=captures, name=n, raw=photograph(who, n)) for n in names]


def enrolled(captures, person, gpu, **problems) -> TwinVersion:
    add_all(captures, person)
    version = enrol(by=person.actor, capture_set=captures)
    work()
    gpu.job.enrolled(problems)
    later()
    make_sheet(gpu)
    version.refresh_from_db()
    return version


def test_from_photographs_to_a_listed_twin(maya, captures, gpu):
    _, person = maya
    version = enrolled(captures, person, gpu)
    twin = Twin.objects.get()
    assert (version.state, version.engine, twin.state) == ("ready", "fake/1", "awaiting_approval")
    assert all(p.quality["problem"] is None for p in captures.photographs.all())
    approve_version(by=person.actor, version=version)
    twin.refresh_from_db()
    assert twin.state == "listed"
    assert twin.best_before == timezone.now().date() + timedelta(days=365)
    assert Signature.objects.get(kind="twin_version").text == approval_text(version)
    assert verify_chain().ok


def test_photographs_and_vectors_rest_encrypted(maya, captures):
    _, person = maya
    add_all(captures, person)
    enrol(by=person.actor, capture_set=captures)
    file = StoredFile.objects.filter(kind="photograph").first()
    assert file.encrypted
    assert Image.open(io.BytesIO(read(file))).format == "JPEG"
    twin = Twin.objects.get()
    row = FaceVector.objects.first()
    plain = vectors.of_twin(twin)[0].tobytes()
    assert plain not in bytes(row.ciphertext)
    with pytest.raises(vault.Damaged):
        vault.decrypt(twin.ref, "another object", bytes(row.ciphertext))


def test_only_the_model_acts_on_her_twin(maya, captures):
    talent, person = maya
    outsider = make_talent("noor")[1].actor
    helper = acting(make_user("helper"), talent.party, "talent", person.actor.permissions)
    for stranger in (outsider, helper):
        with pytest.raises(NotAllowed):
            add_photograph(by=stranger, capture_set=captures, name="x", raw=photograph("P001", CAPTURES[0]))
        with pytest.raises(NotAllowed):
            enrol(by=stranger, capture_set=captures)
        with pytest.raises(NotAllowed):
            pause(by=stranger, twin=captures.twin)


@pytest.mark.parametrize("purpose", ["scan", "train"])
def test_without_her_consent_nothing_is_kept_or_made(maya, captures, purpose):
    talent, person = maya
    add_all(captures, person)
    withdraw(by=person.actor, consent=Consent.objects.get(talent=talent, purpose=purpose))
    with pytest.raises(Refused):
        enrol(by=person.actor, capture_set=captures)
    if purpose == "scan":
        with pytest.raises(Refused):
            add_photograph(by=person.actor, capture_set=captures, name="x", raw=photograph("P001", "amateur_selfie"))


def test_photographs_from_before_her_18th_birthday_are_refused(maya, captures):
    _, person = maya
    with pytest.raises(InvalidInput, match="18th"):
        open_capture_set(by=person.actor, twin=captures.twin, taken_on=date(2016, 5, 1))  # born 2 May 1998
    open_capture_set(by=person.actor, twin=captures.twin, taken_on=date(2016, 5, 2))
    with pytest.raises(InvalidInput, match="future"):
        open_capture_set(by=person.actor, twin=captures.twin, taken_on=timezone.now().date() + timedelta(days=1))


@pytest.mark.parametrize(
    ("written", "fits"), [("2016:05:01 12:00:00", False), ("2016:05:02 12:00:00", True), ("?", True)]
)
def test_the_day_that_the_camera_wrote_counts_too(maya, captures, written, fits):
    _, person = maya
    picture = Image.open(io.BytesIO(photograph("P001", "studio_portrait")))
    exif = picture.getexif()
    exif.get_ifd(0x8769)[0x9003] = written
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    if fits:
        add_photograph(by=person.actor, capture_set=captures, name="old", raw=out.getvalue())
    else:
        with pytest.raises(InvalidInput, match="18th"):
            add_photograph(by=person.actor, capture_set=captures, name="old", raw=out.getvalue())


def test_nobody_under_18_gets_a_twin(maya):
    talent, person = maya
    talent.birth_date = timezone.now().date() - timedelta(days=365 * 17)
    talent.save()
    with pytest.raises(Refused):
        create_twin(by=person.actor, talent=talent)


def test_a_second_twin_of_the_same_person_is_refused(maya, captures):
    talent, person = maya
    with pytest.raises(StaleState):
        create_twin(by=person.actor, talent=talent)


def test_a_photograph_of_two_people_or_of_nobody_is_refused(maya, captures):
    _, person = maya
    with pytest.raises(InvalidInput, match="2 faces"):
        add_photograph(by=person.actor, capture_set=captures, name="two", raw=picture_of_two("P001", "P005"))
    out = io.BytesIO()
    Image.new("RGB", (900, 900), "teal").save(out, "PNG")
    with pytest.raises(InvalidInput, match="no face"):
        add_photograph(by=person.actor, capture_set=captures, name="wall", raw=out.getvalue())
    with pytest.raises(Unusable):
        add_photograph(by=person.actor, capture_set=captures, name="text", raw=b"not a picture")
    assert not captures.photographs.exists()


def test_one_photograph_of_another_person_spoils_the_set(maya, captures):
    _, person = maya
    add_all(captures, person)
    add_photograph(by=person.actor, capture_set=captures, name="stranger", raw=photograph("P005", "studio_portrait"))
    with pytest.raises(InvalidInput, match="stranger"):
        enrol(by=person.actor, capture_set=captures)
    assert not FaceVector.objects.in_use().exists()
    assert not Job.objects.exists()


def test_a_later_capture_set_must_show_the_same_person(maya, captures, gpu):
    _, person = maya
    approve_version(by=person.actor, version=enrolled(captures, person, gpu))
    again = open_capture_set(by=person.actor, twin=captures.twin, taken_on=date(2026, 7, 1))
    add_all(again, person, who="P005")
    with pytest.raises(InvalidInput):
        enrol(by=person.actor, capture_set=again)


def test_two_photographs_are_too_few(maya, captures):
    _, person = maya
    add_all(captures, person, names=CAPTURES[:2])
    with pytest.raises(InvalidInput, match="at least 3"):
        enrol(by=person.actor, capture_set=captures)


def test_a_set_is_handed_over_once_and_closed_by_it(maya, captures):
    _, person = maya
    add_all(captures, person)
    enrol(by=person.actor, capture_set=captures)
    with pytest.raises(StaleState):
        enrol(by=person.actor, capture_set=captures)
    with pytest.raises(StaleState):
        add_photograph(by=person.actor, capture_set=captures, name="late", raw=photograph("P001", "amateur_selfie"))


def test_two_photographs_cannot_have_one_name(maya, captures):
    _, person = maya
    add_all(captures, person, names=CAPTURES[:1])
    with pytest.raises(StaleState):
        add_all(captures, person, names=CAPTURES[:1])


def test_with_too_few_good_photographs_the_version_fails_and_its_vectors_go(maya, captures, gpu):
    _, person = maya
    add_all(captures, person)
    version = enrol(by=person.actor, capture_set=captures)
    work()
    gpu.job.enrolled({1: "too_dark"})
    later()
    version.refresh_from_db()
    assert version.state == "failed"
    assert not FaceVector.objects.exists()
    assert captures.photographs.get(name=CAPTURES[1]).quality["problem"] == "too_dark"


def test_an_enrolment_that_the_service_refuses_fails_the_version(maya, captures, gpu):
    _, person = maya
    add_all(captures, person)
    version = enrol(by=person.actor, capture_set=captures)
    work()
    gpu.job.fail("invalid_input")
    later()
    version.refresh_from_db()
    assert version.state == "failed"


def test_a_train_consent_withdrawn_before_the_call_stops_the_enrolment(maya, captures, gpu):
    talent, person = maya
    add_all(captures, person)
    version = enrol(by=person.actor, capture_set=captures)
    withdraw(by=person.actor, consent=Consent.objects.get(talent=talent, purpose="train"))
    work()
    version.refresh_from_db()
    assert gpu.posts == 0
    assert version.state == "failed"
    assert verify_chain().ok


def test_approving_takes_a_fresh_proof_of_who_she_is(maya, captures, gpu):
    talent, person = maya
    version = enrolled(captures, person, gpu)
    tired = acting(person.user, talent.party, "talent", person.actor.permissions, stepped_up=False)
    with pytest.raises(StepUpNeeded):
        approve_version(by=tired, version=version)
    version.refresh_from_db()
    assert version.state == "ready"


def test_a_version_she_does_not_recognise_is_not_used(maya, captures, gpu):
    _, person = maya
    version = enrolled(captures, person, gpu)
    reject_version(by=person.actor, version=version)
    assert (version.state, Twin.objects.get().state) == ("rejected", "preparing")
    with pytest.raises(StaleState):
        approve_version(by=person.actor, version=version)


def test_a_year_later_she_approves_again(maya, captures, gpu):
    _, person = maya
    version = enrolled(captures, person, gpu)
    approve_version(by=person.actor, version=version)
    first = version.approval_id
    Twin.objects.update(best_before=date(2027, 1, 1))
    approve_version(by=person.actor, version=version)
    assert version.approval_id != first
    assert Twin.objects.get().best_before > date(2027, 1, 1)


def test_pausing_and_resuming_is_told_and_recorded(maya, captures, gpu):
    _, person = maya
    heard = []
    for signal in (twin_listed, twin_paused):
        signal.connect(
            lambda sender, twin, by, **rest: heard.append((twin.state, by.label)), weak=False, dispatch_uid=id(signal)
        )
    approve_version(by=person.actor, version=enrolled(captures, person, gpu))
    twin = Twin.objects.get()
    pause(by=person.actor, twin=twin)
    with pytest.raises(StaleState):
        pause(by=person.actor, twin=twin)
    resume(by=person.actor, twin=twin)
    for signal in (twin_listed, twin_paused):
        signal.disconnect(dispatch_uid=id(signal))
    assert [state for state, _ in heard] == ["listed", "paused"]
    assert verify_chain().ok


def test_erasing_leaves_nothing_readable(maya, captures, gpu):
    _, person = maya
    heard = []
    twin_erased.connect(lambda sender, twin, **rest: heard.append(twin.pk), weak=False, dispatch_uid="erased")
    approve_version(by=person.actor, version=enrolled(captures, person, gpu))
    twin = Twin.objects.get()
    erase(by=person.actor, twin=twin)
    twin_erased.disconnect(dispatch_uid="erased")
    assert (twin.state, heard) == ("retired", [twin.pk])
    assert not FaceVector.objects.exists()
    for file in StoredFile.objects.filter(kind="photograph"):
        with pytest.raises(Refused):
            read(file)
    with pytest.raises(vault.KeyDestroyed):
        vault.encrypt(twin.ref, "x", b"anything")
    with pytest.raises(StaleState):
        erase(by=person.actor, twin=twin)
