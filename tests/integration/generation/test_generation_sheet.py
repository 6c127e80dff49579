"""A new version shows itself to the model first: "nothing is made, shown or used without her own yes"."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import verify_chain
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.generation.models import Attempt, Candidate, Job, Voucher
from apps.generation.places import Standing, places_of
from apps.generation.services import choose_cover, issue_voucher, order_sheet, sweep
from apps.generation.services.vouchers import issue_test_voucher
from apps.generation.sheet import PALETTES, SCENES, sheet_of
from apps.media.models import StoredFile
from apps.notifications.models import Notice
from apps.twins.models import Twin, TwinVersion
from apps.twins.services import (
    add_photograph,
    approve_version,
    create_twin,
    enrol,
    erase,
    open_capture_set,
    reject_version,
    remove_cover,
    set_cover,
)
from tests.factories.identity import prove
from tests.factories.likenesses import CAPTURES, photograph, picture_of
from tests.factories.people import make_talent
from tests.factories.work import later, make_sheet, scope, work
from tests.fakes.gpu import png

SIZE = (1080, 1350)


@pytest.fixture
def leila(committed):
    """(talent, person): she has proven who she is and signed all five consents."""
    talent, person = make_talent("leila")
    prove(talent, person)
    return talent, person


@pytest.fixture
def version(leila, gpu) -> TwinVersion:
    """Her enrolment is done; her test sheet lies at the GPU service."""
    talent, person = leila
    captures = open_capture_set(
        by=person.actor, twin=create_twin(by=person.actor, talent=talent), taken_on=date(2026, 6, 1)
    )
    for name in CAPTURES:
        add_photograph(by=person.actor, capture_set=captures, name=name, raw=photograph("P001", name))
    version = enrol(by=person.actor, capture_set=captures)
    work()
    gpu.job.enrolled()
    later()
    version.refresh_from_db()
    return version


@pytest.fixture
def ready(version, gpu) -> TwinVersion:
    make_sheet(gpu)
    version.refresh_from_db()
    return version


def asked(gpu):
    """What the GPU service was asked to make for the sheet."""
    return [job.request["input"] for job in gpu.jobs.values() if job.request["kind"] == "generate"]


def take_back(person, purpose):
    withdraw(by=person.actor, consent=Consent.objects.in_force().get(talent=person_talent(person), purpose=purpose))


def person_talent(person):
    return person.user.talent


def give(person, purpose):
    grant(
        by=person.actor, talent=person_talent(person), purpose=Purpose(purpose), scope="My face", rate_of_pay="None",
        intended_uses=["My twin"], ends_at=timezone.now() + timedelta(days=500),
    )  # fmt: skip


def pictures(twin):
    return list(Candidate.objects.of_sheets_of(twin).select_related("job__version__twin__talent", "file"))


def test_after_the_enrolment_the_sheet_is_made_and_she_is_told(gpu, version):
    assert version.state == "testing"
    assert {wish["scene"] for wish in asked(gpu)} == set(SCENES)
    assert {wish["purpose"] for wish in asked(gpu)} == {"train"}
    make_sheet(gpu)
    version.refresh_from_db()
    version.twin.refresh_from_db()
    assert (version.state, version.twin.state) == ("ready", "awaiting_approval")
    assert [place.standing for place in places_of(version)] == [Standing.MADE] * 4
    assert Notice.objects.filter(to=version.twin.talent.party, kind="twin.ready").count() == 1
    assert verify_chain().ok


def test_each_picture_was_authorised_on_a_voucher_of_this_version_alone(ready):
    voucher = Voucher.objects.get()
    assert (voucher.purpose, voucher.subject, voucher.twin) == ("train", ready.ref, ready.twin)
    assert (voucher.pictures, voucher.candidates, voucher.used) == (4, 12, 4)
    assert voucher.state == "revoked"  # nothing more can be made on it
    assert voucher.ends < timezone.now() + timedelta(days=3)


def test_its_pictures_rest_encrypted_under_the_twins_key(ready):
    files = StoredFile.objects.filter(kind="candidate")
    assert files.count() == 4
    assert all(file.encrypted and file.twin_ref == ready.twin.ref for file in files)


@pytest.mark.parametrize("purpose", ["scan", "train"])
def test_without_her_consent_no_sheet_is_made(gpu, leila, version, purpose):
    """Taken back in the middle: what lies at the service is stopped, what comes back all the same is not looked at."""
    take_back(leila[1], purpose)
    work()
    assert len(gpu.cancelled) == 4
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "testing"
    assert not Candidate.objects.exists()
    assert not Job.objects.of_sheet(version).open().exists()


def test_a_consent_that_ends_before_the_call_forbids_the_call(gpu, leila, version):
    Attempt.objects.filter(job__kind="test").delete()
    Job.objects.of_sheet(version).delete()
    Consent.objects.filter(purpose="train").update(ends_at=timezone.now())
    before = gpu.posts
    order_sheet(version=version)
    later()
    assert gpu.posts == before


def test_when_she_agrees_again_the_sheet_goes_on(gpu, leila, version):
    take_back(leila[1], "train")
    work()
    make_sheet(gpu)
    give(leila[1], "train")
    sweep()
    work()
    assert len(asked(gpu)) == 4  # not at once: a sheet that stopped rests for some minutes
    Job.objects.of_sheet(version).update(ended_at=timezone.now() - timedelta(minutes=6))
    later()
    later()
    assert len(asked(gpu)) == 8
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "ready"
    assert Voucher.objects.filter(subject=version.ref).count() == 2


def test_a_picture_of_somebody_else_is_made_again(gpu, version):
    wrong, *rest = [job for job in gpu.jobs.values() if job.request["kind"] == "generate"]
    wrong.succeed(picture_of("P005"))
    for job in rest:
        job.succeed(picture_of("P001"))
    later()
    version.refresh_from_db()
    assert version.state == "testing"
    later()
    assert len(asked(gpu)) == 5
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "ready"
    assert len(pictures(version.twin)) == 4


def test_a_scene_that_cannot_be_made_is_left_out(gpu, version):
    for job in gpu.jobs.values():
        if job.request["input"].get("scene") == "mono":
            job.fail("invalid_input")
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "ready"
    assert [place.standing for place in places_of(version)] == [Standing.MADE] * 3 + [Standing.GIVEN_UP]


def test_a_sheet_on_which_she_is_not_seen_fails_the_version(gpu, version):
    for _ in range(4):
        for job in gpu.jobs.values():
            if job.status == "queued":
                job.succeed(png(SIZE))
        later()
    version.refresh_from_db()
    assert version.state == "failed"
    assert Notice.objects.get(kind="twin.failed_sheet").values == {"made": 0, "all": 4}
    assert not Voucher.objects.filter(state="active").exists()


def test_a_service_that_fails_for_a_while_only_delays_the_sheet(gpu, version):
    for _ in range(3):
        for job in gpu.jobs.values():
            if job.status == "queued":
                job.fail("provider", retryable=True)
        later()
        later()
    version.refresh_from_db()
    assert version.state == "testing"
    assert {place.standing for place in places_of(version)} == {Standing.WAITING}
    Job.objects.of_sheet(version).update(ended_at=timezone.now() - timedelta(minutes=6))
    later()
    later()
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "ready"


def test_the_sheet_survives_lost_notices_and_lost_messages(gpu, version, monkeypatch):
    """No webhook ever arrives here, and the message that settles the sheet is lost: the sweep finds it again."""
    monkeypatch.setattr("apps.generation.services.endings.after_commit", lambda *message: None)
    for job in gpu.jobs.values():
        if job.status == "queued":
            job.succeed(picture_of("P001"))
    later()
    later()
    version.refresh_from_db()
    assert version.state == "ready"


def test_a_voucher_that_ended_is_replaced_before_the_sheet_goes_on(gpu, version):
    for job in gpu.jobs.values():
        if job.status == "queued":
            job.fail("auth")
    later()
    Voucher.objects.update(ends=timezone.now() - timedelta(seconds=1))
    Job.objects.of_sheet(version).update(ended_at=timezone.now() - timedelta(minutes=6))
    later()
    later()
    make_sheet(gpu)
    version.refresh_from_db()
    assert version.state == "ready"
    assert sorted(Voucher.objects.values_list("state", flat=True)) == ["revoked", "revoked"]


CHANGES = {
    "sheet_other_picture": lambda job: Job.objects.filter(pk=job.pk).update(spec=job.spec | {"scene": "beauty"}),
    "version_not_in_test": lambda job: TwinVersion.objects.update(state="rejected"),
    "voucher_ended": lambda job: None,
    "twin_retired": lambda job: Twin.objects.update(state="retired"),
}


@pytest.mark.parametrize("reason", CHANGES)
def test_nothing_but_the_frozen_sheet_is_made_on_its_voucher(gpu, leila, reason):
    twin = create_twin(by=leila[1].actor, talent=leila[0])
    captures = open_capture_set(by=leila[1].actor, twin=twin, taken_on=date(2026, 6, 1))
    version = TwinVersion.objects.create(twin=twin, capture_set=captures, number=1, state="testing")
    if reason == "voucher_ended":
        issue_test_voucher(version=version, scope=sheet_of(version), ends=timezone.now() + timedelta(milliseconds=300))
    order_sheet(version=version)
    job = Job.objects.of_sheet(version).first()
    Job.objects.exclude(pk=job.pk).update(state="cancelled", ended_at=timezone.now(), announced_at=timezone.now())
    Attempt.objects.exclude(job=job).update(state="cancelled", ended_at=timezone.now(), next_poll_at=None)
    CHANGES[reason](job)
    if reason == "voucher_ended":
        while Voucher.objects.get().ends > timezone.now():
            continue
    later()
    job.refresh_from_db()
    assert gpu.posts == 0
    assert (job.refused, job.error_code) == (True, reason)


def test_a_booking_is_never_made_on_the_voucher_of_a_sheet(gpu, maya):
    """And the other way round the database forbids it: the purpose says what a voucher may be about."""
    voucher = issue_voucher(
        by=Actor.SYSTEM, booking_ref="booking:00000000-0000-4000-8000-000000000001", twin=maya[0], pictures=1,
        candidates=3, scope=scope("org:x"), ends=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        Voucher.objects.filter(pk=voucher.pk).update(purpose="train")


def test_a_sheet_without_pictures_is_no_sheet(maya):
    version = maya[0].versions.get()
    with pytest.raises(InvalidInput):
        issue_test_voucher(version=version, scope={"version": 1, "pictures": []}, ends=timezone.now() + timedelta(1))


def test_sheets_of_twins_that_follow_one_another_differ_in_colour(maya, noor):
    first, second = (sheet_of(twin.versions.get())["pictures"] for twin in (maya[0], noor[0]))
    assert [wish["scene"] for wish in first] == [wish["scene"] for wish in second]
    assert first[0]["art"]["colour"] != second[0]["art"]["colour"]
    assert len({colours for palette in PALETTES for colours in palette}) == 3 * len(PALETTES)


class TestCover:
    def test_she_picks_one_of_the_sheet_that_she_approved(self, leila, ready):
        approve_version(by=leila[1].actor, version=ready)
        chosen = pictures(ready.twin)[1]
        choose_cover(by=leila[1].actor, picture=chosen)
        twin = Twin.objects.get()
        assert twin.cover == chosen.file
        assert twin.cover_until == Consent.objects.get(purpose="promote").ends_at

    def test_nothing_is_shown_before_she_approved(self, leila, ready):
        with pytest.raises(Refused, match="Approve"):
            choose_cover(by=leila[1].actor, picture=pictures(ready.twin)[0])
        assert Twin.objects.get().cover is None

    def test_without_the_consent_to_promote_no_cover_is_shown(self, leila, ready):
        approve_version(by=leila[1].actor, version=ready)
        take_back(leila[1], "promote")
        with pytest.raises(Refused, match="promote"):
            choose_cover(by=leila[1].actor, picture=pictures(ready.twin)[0])

    def test_taking_promote_back_takes_the_cover_away_at_once_and_for_good(self, leila, ready):
        approve_version(by=leila[1].actor, version=ready)
        choose_cover(by=leila[1].actor, picture=pictures(ready.twin)[0])
        take_back(leila[1], "promote")
        assert Twin.objects.get().cover is None
        give(leila[1], "promote")
        assert Twin.objects.get().cover is None

    def test_the_cover_goes_when_the_consent_ends_by_itself(self, leila, ready):
        approve_version(by=leila[1].actor, version=ready)
        choose_cover(by=leila[1].actor, picture=pictures(ready.twin)[0])
        Twin.objects.update(cover_until=timezone.now() - timedelta(seconds=1))
        twin = Twin.objects.get()
        assert twin.chosen_cover is not None
        assert twin.cover is None

    def test_she_may_show_no_cover_at_all(self, leila, ready):
        approve_version(by=leila[1].actor, version=ready)
        choose_cover(by=leila[1].actor, picture=pictures(ready.twin)[0])
        remove_cover(by=leila[1].actor, twin=ready.twin)
        assert Twin.objects.get().cover is None

    def test_nobody_picks_it_for_her_and_no_picture_of_another(self, leila, ready, maya):
        approve_version(by=leila[1].actor, version=ready)
        picture = pictures(ready.twin)[0]
        with pytest.raises(NotAllowed):
            choose_cover(by=maya[1].actor, picture=picture)
        with pytest.raises(InvalidInput):
            set_cover(by=maya[1].actor, twin=maya[0], file=picture.file)

    def test_a_rejected_version_leaves_no_picture_behind(self, leila, ready):
        reject_version(by=leila[1].actor, version=ready)
        assert pictures(ready.twin) == []
        assert not StoredFile.objects.filter(kind="candidate", deleted_at=None).exists()
        assert Twin.objects.get().cover is None

    def test_erasing_the_twin_stops_its_sheet(self, gpu, leila, version):
        erase(by=leila[1].actor, twin=version.twin)
        work()
        assert len(gpu.cancelled) == 4
        Job.objects.update(ended_at=timezone.now() - timedelta(minutes=6))
        later()
        assert len(asked(gpu)) == 4
