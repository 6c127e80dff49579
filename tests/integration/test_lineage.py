"""Photograph → version → candidate → deliverable: she reads the whole way, nobody else reads any of it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.archives.models import Archive
from apps.archives.services import ask, make
from apps.audit.models import Event
from apps.bookings.models import Booking, Deliverable, Download, Review
from apps.bookings.services import delivery, labelling, review
from apps.generation.models import Candidate, Job
from apps.media.services import delete, store
from apps.twins.models import CaptureSet, Photograph, TwinVersion
from apps.twins.services import erase
from tests.factories import bookings as factory
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.likenesses import make_twin_of
from tests.factories.people import World, make_talent, make_world
from tests.factories.sheets import make_sheet_of, with_state
from tests.factories.work import make_voucher

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PAGE = "/home/model/lineage/"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


def delivered(world: World, **fields: object) -> Booking:
    booking = factory.chosen(world, **fields)
    review.finish(by=world.producer.actor, booking=booking)
    delivery.release_selected(booking=factory.fresh(booking))
    return factory.fresh(booking)


def words_of(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


class TestTheWholeWay:
    def test_from_the_photographs_through_the_version_to_the_brand_and_the_end_of_its_licence(
        self, world: World, maya: Client
    ) -> None:
        make_sheet_of(world.twin)
        booking = delivered(world, pictures=2)
        words = words_of(maya)
        version = world.twin.versions.get()
        for shown in (
            "Version 1",
            "Test sheet, 4 pictures",
            "1 booking",
            booking.brand.name,
            "2 made, 2 passed, 2 selected",
            '<b class="num">2</b> delivered',
            f"{booking.licence.ends_on.day} ",
            str(version.approval_id),
        ):
            assert shown in words, shown
        assert reverse("lineage_booking", args=[version.pk, booking.pk]) in words

    def test_each_picture_of_a_booking_with_the_photographs_it_was_made_from_and_its_file(
        self, world: World, maya: Client
    ) -> None:
        booking = delivered(world, pictures=2)
        photograph = Photograph.objects.filter(capture_set__twin=world.twin).first()
        candidate = Candidate.objects.of_booking(booking.ref).first()
        candidate.attempt.report |= {"source_refs": [str(photograph.pk)]}
        candidate.attempt.save()
        words = words_of(maya, reverse("lineage_booking", args=[candidate.job.version_id, booking.pk]))
        assert words.count("You passed it") == words.count("Selected") == 2
        assert f"From {photograph.name}" in words
        for deliverable in Deliverable.objects.filter(licence__booking=booking):
            assert deliverable.sha256 in words
        assert reverse("own_licence", args=[booking.licence.pk]) in words

    def test_access_log_that_the_model_can_read_who_downloaded_a_deliverable_and_when(
        self, world: World, maya: Client
    ) -> None:
        booking = delivered(world, pictures=1)
        address = reverse("lineage_booking", args=[world.twin.versions.get().pk, booking.pk])
        assert "Nobody yet" in words_of(maya, address)
        deliverable = Deliverable.objects.select_related(
            "licence__booking__brand", "file", "review__look"
        ).get(licence__booking=booking)  # fmt: skip
        labelling.choose_label(by=world.producer.actor, licence=booking.licence, territory="DE", channel="ecommerce")
        labelling.make_labelled(choice_id=booking.licence.label_choices.get().pk)
        deliverable = booking.licence.deliverables.select_related(
            "licence__booking__brand", "file", "review__look"
        ).get(label="eu:de")  # fmt: skip
        delivery.hand_over(by=world.producer.actor, deliverable=deliverable, address="127.0.0.1")
        words = words_of(maya, address)
        assert Download.objects.get().user.name in words and "Nobody yet" not in words

    def test_a_picture_that_a_check_stopped_counts_and_is_shown_to_nobody(self, world: World, maya: Client) -> None:
        version, booking = world.twin.versions.get(), factory.fresh(factory.submitted(world))
        make_pictures(version, booking)
        Candidate.objects.update(state="refused", verdict="failed")
        assert "1 made, 0 passed, 1 stopped by a check" in words_of(maya)
        words = words_of(maya, reverse("lineage_booking", args=[version.pk, booking.pk]))
        assert "Shown to nobody" in words and "data-full" not in words

    def test_what_she_rejected_and_what_is_open_counts_as_that(self, world: World, maya: Client) -> None:
        booking = factory.in_review(world, pictures=2)
        first = Review.objects.filter(booking=booking).select_related("booking__twin__talent", "look").first()
        review.decide(by=world.maya.actor, review=first, passed=False)
        words = words_of(maya)
        assert "2 made, 0 passed, 1 rejected, 0 selected" in words and "In review" in words

    def test_every_candidate_knows_its_version_and_every_version_its_capture_set(
        self, world: World, maya: Client
    ) -> None:
        """Deletion receipts: photo → training → weights → pictures lineage. A newer version takes nothing over."""
        booking = delivered(world, pictures=1)
        old = world.twin.versions.get()
        newer = CaptureSet.objects.create(twin=world.twin, taken_on=timezone.now().date(), closed_at=timezone.now())
        version = TwinVersion.objects.create(twin=world.twin, capture_set=newer, number=2, state="testing")
        words = words_of(maya)
        assert words.index("Version 2") < words.index("Version 1") < words.index(booking.brand.name)
        assert {one.job.version for one in Candidate.objects.of_booking(booking.ref)} == {old}
        for model, name in ((Job, "version"), (TwinVersion, "capture_set")):
            assert not model._meta.get_field(name).null
        assert maya.get(reverse("lineage_booking", args=[version.pk, booking.pk])).status_code == 200

    def test_what_was_deleted_says_so_with_its_receipt(self, world: World, maya: Client) -> None:
        gone = Photograph.objects.filter(capture_set__twin=world.twin).select_related("file").first()
        delete(gone.file)
        words = words_of(maya)
        assert "Receipts of 1 deletion" in words and gone.file.sha256 in words

    def test_of_an_erased_twin_the_receipts_stay(self, world: World, maya: Client) -> None:
        photographs = list(Photograph.objects.filter(capture_set__twin=world.twin).select_related("file"))
        erase(by=world.maya.actor, twin=world.twin)
        words = words_of(maya)
        assert "Your twin was erased" in words and "Pack my archive" not in words
        assert f"Receipts of {len(photographs)} deletion" in words
        assert all(one.file.sha256 in words for one in photographs)

    def test_before_the_first_photograph_there_is_a_next_step(self) -> None:
        _, nova = make_talent("nova")
        words = words_of(signed_in(nova))
        assert "Nothing is kept of you yet" in words and reverse("capture") in words


class TestNobodyElse:
    def test_another_model_finds_nothing_and_other_parties_may_not(self, world: World) -> None:
        booking = delivered(world, pictures=1)
        archive = ask(by=world.maya.actor, twin=world.twin)
        make(archive_id=archive.pk)
        pages = [reverse("lineage_booking", args=[world.twin.versions.get().pk, booking.pk])]
        presses = [reverse(f"archive_{act}", args=[archive.pk]) for act in ("download", "remove")]
        for who, status in ((world.other_model, 404), (world.booker, 403), (world.producer, 403)):
            client = signed_in(who)
            assert [client.get(page).status_code for page in pages] == [status]
            assert [client.post(press).status_code for press in presses] == [status, status]
        for who in (world.booker, world.producer):
            assert signed_in(who).get(PAGE).status_code == 403
            assert signed_in(who).post(reverse("archive_ask")).status_code == 403
        assert world.talent.stage_name not in words_of(signed_in(world.other_model))
        archive.refresh_from_db()
        assert archive.state == "ready" and not Event.objects.filter(kind="archive.downloaded").exists()

    def test_a_version_of_another_twin_shows_nothing_of_her_booking(self, world: World, maya: Client) -> None:
        booking = delivered(world, pictures=1)
        other = make_twin_of("P002", "vera")[0].versions.get()
        assert maya.get(reverse("lineage_booking", args=[other.pk, booking.pk])).status_code == 404


class TestTakingItAway:
    def test_one_press_packs_it_another_downloads_it(self, world: World, maya: Client) -> None:
        assert "Pack my archive" in words_of(maya)
        assert maya.post(reverse("archive_ask")).headers["Location"] == PAGE
        maya.post(reverse("archive_ask"))
        archive = Archive.objects.get()
        words = words_of(maya)
        assert "Being begun" in words and 'hx-trigger="load delay:2s"' in words
        part = maya.get(PAGE, headers={"HX-Request": "true"}).content.decode()
        assert "hx-get" in part and "<html" not in part
        make(archive_id=archive.pk)
        archive.refresh_from_db()
        part = maya.get(PAGE, headers={"HX-Request": "true"}).content.decode()
        assert "hx-get" not in part and "Download" in part and archive.file.sha256 in part
        answer = maya.post(reverse("archive_download", args=[archive.pk]))
        served = Client().get(answer.headers["Location"])
        assert served["Content-Disposition"].startswith('attachment; filename="double-maya-okafor-')
        assert b"".join(served.streaming_content)[:2] == b"PK"
        maya.post(reverse("archive_remove", args=[archive.pk]))
        assert "The last one was deleted on" in words_of(maya)
        assert Client().get(answer.headers["Location"]).status_code == 404

    def test_without_a_fresh_proof_she_is_asked_for_one_first(self, world: World) -> None:
        tired = signed_in(world.maya, fresh=False)
        answer = tired.post(reverse("archive_ask"))
        assert reverse("account_reauthenticate") in answer.headers["Location"]
        assert not Archive.objects.exists()

    def test_a_press_when_its_week_is_over_says_so(self, world: World, maya: Client) -> None:
        archive = ask(by=world.maya.actor, twin=world.twin)
        make(archive_id=archive.pk)
        Archive.objects.update(ends_at=timezone.now())
        answer = maya.post(reverse("archive_download", args=[archive.pk]))
        assert answer.status_code == 422 and "not there any more" in answer.content.decode()


class TestHowManyQuestions:
    def test_as_many_for_three_versions_photographs_and_bookings_as_for_thirty(
        self, world: World, maya: Client
    ) -> None:
        def one_more(number: int) -> None:
            version = with_state(world.twin, TwinVersion.State.FAILED)
            file = store(
                data=f"{number}".encode(), kind="photograph", owner="x", content_type="text/plain",
                twin_ref=world.twin.ref,
            )  # fmt: skip
            Photograph.objects.create(capture_set=version.capture_set, file=file, name=f"more-{number}")
            booking = factory.fresh(factory.submitted(world, title=f"Booking {number}"))
            make_pictures(version, booking)

        few, many = with_few_and_many(maya, PAGE, one_more)
        assert few == many <= 30

    def test_a_bookings_page_as_many_for_three_pictures_as_for_thirty(self, world: World, maya: Client) -> None:
        version = world.twin.versions.get()
        booking = factory.fresh(factory.submitted(world))
        address = reverse("lineage_booking", args=[version.pk, booking.pk])
        few, many = with_few_and_many(maya, address, lambda number: make_pictures(version, booking))
        assert few == many <= 25

    def test_many_bookings_are_folded_and_many_sets_paged(self, world: World, maya: Client) -> None:
        version = world.twin.versions.get()
        for number in range(8):
            make_pictures(version, factory.fresh(factory.submitted(world, title=f"Booking {number}")))
            CaptureSet.objects.create(twin=world.twin, taken_on=timezone.now().date())
        first, third = words_of(maya), words_of(maya, f"{PAGE}?page=3")
        assert "Page 1 of 3" in first and "Version 1" not in first
        assert "2 earlier" in third and third.count("1 made") == 8


def make_pictures(version: TwinVersion, booking: Booking) -> None:
    """One candidate of this booking, made with this version."""
    voucher = next(iter(version.twin.vouchers.filter(subject=booking.ref)), None)
    if voucher is None:
        voucher = make_voucher(version.twin, pictures=40, candidates=40)
        type(voucher).objects.filter(pk=voucher.pk).update(subject=booking.ref)
        voucher.refresh_from_db()
    job = Job.objects.create(
        kind="generate", voucher=voucher, version=version, look_ref=booking.looks.first().ref, spec={"scene": "block"}
    )
    Review.objects.create(
        booking=booking,
        look=booking.looks.first(),
        candidate=factory.make_candidate(job),
        deadline_at=timezone.now(),
    )
