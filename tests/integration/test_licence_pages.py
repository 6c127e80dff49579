"""The pages of a licence: what each side sees, what was typed stays, and how many questions they ask the database."""

import io
import json
import zipfile
from datetime import timedelta
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.archives import licence_packs
from apps.bookings.models import Booking, Deliverable, Download, Licence, LicencePack, Placement, TakedownNotice
from apps.bookings.services import labelling
from apps.common.errors import Refused
from apps.integrations.pdf.reader import examine
from apps.media.services import read
from apps.notifications.models import Notice
from tests.factories import licences
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.identity import staff_member
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def licence(world: World) -> Licence:
    return licences.running(world)


@pytest.fixture
def brand(world: World) -> Client:
    return signed_in(world.producer)


def page(client: Client, licence: Licence) -> str:
    answer = client.get(reverse("own_licence", args=[licence.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def labelled(world: World, licence: Licence) -> None:
    choice = labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
    labelling.make_labelled(choice_id=choice.pk)


class TestLabel:
    def test_the_page_offers_no_download_before_a_label_and_the_caption_after_it(self, world, licence, brand):
        assert "/download/" not in page(brand, licence)
        answer = brand.post(
            reverse("label_choose", args=[licence.pk]), {"territory": "DE", "channel": "ecommerce"}, follow=True
        )
        assert answer.status_code == 200
        labelling.make_labelled(choice_id=licence.label_choices.get().pk)
        words = page(brand, licence)
        made = Deliverable.objects.get(licence=licence, label="eu:de")
        assert reverse("download", args=[made.pk]) in words
        assert "Mit KI aus dem digitalen Zwilling" in words and "Regulation (EU) 2024/1689" in words

    def test_a_file_whose_label_nobody_chose_is_refused_by_the_server(self, licence, brand):
        file = Deliverable.objects.get(licence=licence)
        answer = brand.post(reverse("download", args=[file.pk]))
        assert answer.status_code == 422 and "Choose first" in answer.content.decode()
        assert not Download.objects.exists()

    def test_a_country_outside_the_licence_is_an_error_beside_the_field(self, licence, brand):
        answer = brand.post(reverse("label_choose", args=[licence.pk]), {"territory": "US", "channel": "ecommerce"})
        assert answer.status_code == 422 and not licence.label_choices.exists()


class TestPack:
    """Download all as an archive with the licence certificate and a manifest with SHA-256."""

    def packed(self, world, licence) -> LicencePack:
        labelled(world, licence)
        pack = licence_packs.ask(by=world.producer.actor, licence=licence, label="eu:de")
        licence_packs.make(pack_id=pack.pk)
        pack.refresh_from_db()
        return pack

    def test_the_archive_holds_what_its_manifest_says(self, world, licence):
        pack = self.packed(world, licence)
        with zipfile.ZipFile(io.BytesIO(read(pack.file))) as archive:
            manifest = json.loads(archive.read("manifest.json"))
            sums = {name: sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
            examine(archive.read("licence.pdf"))
        told = {file["path"]: file["sha256"] for file in manifest["files"]}
        assert told == {name: digest for name, digest in sums.items() if name != "manifest.json"}
        assert Deliverable.objects.get(licence=licence, label="eu:de").sha256 in told.values()
        assert manifest["licence"] == licence.code and pack.percent == 100

    def test_fetching_it_counts_as_a_download_of_each_picture_and_leads_to_a_signed_address(
        self, world, licence, brand
    ):
        pack = self.packed(world, licence)
        answer = brand.post(reverse("licence_pack_download", args=[pack.pk]))
        assert answer.status_code == 302 and answer.url.startswith("/files/")
        assert Download.objects.filter(deliverable__licence=licence).count() == 1

    def test_expiry_while_downloading(self, world, licence):
        pack = self.packed(world, licence)
        licences.over(licence)
        with pytest.raises(Refused, match="runs from"):
            licence_packs.hand_over(by=world.producer.actor, pack=pack)
        Licence.objects.filter(pk=licence.pk).update(state=Licence.State.EXPIRED)
        assert licence_packs.expire() == 1
        pack.refresh_from_db()
        assert pack.state == LicencePack.State.DELETED and pack.file.deleted_at

    def test_one_at_a_time_and_a_lost_one_is_found_again(self, world, licence):
        labelled(world, licence)
        first = licence_packs.ask(by=world.producer.actor, licence=licence, label="eu:de")
        assert licence_packs.ask(by=world.producer.actor, licence=licence, label="eu:de") == first
        LicencePack.objects.update(created_at=timezone.now() - timedelta(minutes=1))
        assert list(licence_packs.left_behind()) == [first]

    def test_the_page_shows_how_far_it_is(self, world, licence, brand):
        labelled(world, licence)
        brand.post(reverse("licence_pack", args=[licence.pk]), {"label": "eu:de"})
        part = brand.get(reverse("licence_packs", args=[licence.pk])).content.decode()
        assert "Being packed" in part and "hx-get" in part
        licence_packs.make(pack_id=LicencePack.objects.get().pk)
        part = brand.get(reverse("licence_packs", args=[licence.pk])).content.decode()
        assert "ZIP" in part and "hx-get" not in part


class TestPlacements:
    FORM = {"url": "https://shop.tests.example/red", "medium": "tv", "country": "FR", "first_on": "2026-01-01"}

    def test_what_was_typed_stays_when_it_is_refused(self, licence, brand):
        answer = brand.post(reverse("placement_log", args=[licence.pk]), self.FORM | {"url": "", "last_on": "gone"})
        words = answer.content.decode()
        assert answer.status_code == 422 and "Give its address" in words and "gone" in words
        assert not Placement.objects.exists()

    def test_beyond_the_licence_the_brand_reads_what_is_due_and_the_others_that_it_is_invoiced(
        self, world, licence, brand
    ):
        today = timezone.now().date().isoformat()
        brand.post(reverse("placement_log", args=[licence.pk]), self.FORM | {"first_on": today})
        assert "9,139.20" in page(brand, licence)
        for other in (world.maya, world.booker):
            words = page(signed_in(other), licence)
            assert "beyond the licence" in words and "9,139.20" not in words

    def test_a_script_in_an_address_is_text(self, world, licence, brand):
        licences.place(world, licence, url="https://shop.tests.example/?q=<script>")
        assert "<script>alert" not in page(brand, licence) and "?q=&lt;script&gt;" in page(brand, licence)

    def test_paying_leads_to_the_payment_page(self, world, licence, brand):
        row = licences.place(world, licence, medium="tv")
        answer = brand.post(reverse("placement_pay", args=[row.pk]))
        assert answer.status_code == 302 and "checkout" in answer.url


class TestStatements:
    def test_an_expired_licence_asks_and_the_model_sees_whether_it_was_answered(self, world, licence, brand):
        row = licences.place(world, licence)
        licences.over(licence)
        Licence.objects.filter(pk=licence.pk).update(state=Licence.State.EXPIRED)
        assert "Say when it was taken down" in page(brand, licence)
        assert "has not said yet" in page(signed_in(world.maya), licence)
        given = {"taken_down_on": licence.ends_on.isoformat(), "taken_down_by": ""}
        address = reverse("placement_taken_down", args=[row.pk])
        assert brand.post(address, given).status_code == 422
        brand.post(address, given | {"taken_down_by": "Halden web team"})
        assert "Halden web team" in page(signed_in(world.booker), licence)


class TestRenewal:
    def test_the_price_is_shown_and_a_press_asks(self, world, licence, brand):
        address = reverse("licence_renew", args=[licence.pk])
        assert "2,700.00" in brand.get(address).content.decode()
        brand.post(address)
        booking = Booking.objects.get(renews=licence)
        assert booking.state == "submitted"
        for client, name in (
            (brand, "booking"),
            (signed_in(world.maya), "request"),
            (signed_in(world.booker), "request"),
        ):
            assert client.get(reverse(name, args=[booking.pk])).status_code == 200
        assert "under way" in page(brand, licence)

    def test_an_extension_is_priced_first_and_asked_for_second(self, licence, brand):
        address = reverse("licence_extend", args=[licence.pk])
        assert brand.post(address, {"window_months": 12}).status_code == 422
        asked = {"window_months": 12, "more_media": ["own"]}
        assert "1,500.00" in brand.post(address, asked).content.decode()
        assert not Booking.objects.filter(renews=licence).exists()
        brand.post(address, asked | {"step": "ask"})
        assert Booking.objects.get(renews=licence).media == ["ecommerce", "own"]


class TestObjection:
    def test_anybody_may_object_on_the_public_page(self, client, licence):
        address = reverse("take_down", args=[licence.code])
        assert address in client.get(reverse("licence", args=[licence.code])).content.decode()
        refused = client.post(address, {"name": "Ada", "email": "no address", "words": "That is me."})
        assert refused.status_code == 422 and "That is me." in refused.content.decode()
        sent = client.post(address, {"name": "Ada", "email": "ada@tests.example", "words": "That is me."})
        assert "People at Double decide by" in sent.content.decode()
        assert TakedownNotice.objects.get().address

    def test_staff_decide_in_the_admin_and_nobody_else_gets_there(self, world, client, licence):
        client.post(reverse("take_down", args=[licence.code]), {"name": "A", "email": "a@tests.example", "words": "Me"})
        address = reverse("admin:bookings_takedown_decide", args=[TakedownNotice.objects.get().pk])
        assert signed_in(world.producer).get(address).status_code in (302, 403, 404)
        staff = Client()
        staff.force_login(staff_member())
        assert staff.get(reverse("admin:bookings_takedownnotice_changelist")).status_code == 200
        assert staff.post(address, {"decision": "uphold", "reason": ""}).status_code == 422
        assert staff.post(address, {"decision": "uphold", "reason": "It shows her."}).status_code == 302
        assert TakedownNotice.objects.get().state == "upheld"
        assert Notice.objects.for_party(world.brand.party).filter(kind="takedown.upheld").exists()
        assert "Downloads are closed" in page(signed_in(world.producer), licence)


class TestLibrary:
    def test_filter_search_and_sort(self, world, licence, brand):
        address = reverse("library")
        assert licence.booking.title in brand.get(address).content.decode()
        assert "Nothing here" in brand.get(address, {"view": "ending"}).content.decode()
        assert "Nothing found" in brand.get(address, {"q": "no such thing"}).content.decode()
        for words in ("maya", licence.code.lower(), "HALDEN"):
            assert licence.booking.title in brand.get(address, {"q": words, "sort": "model"}).content.decode()
        Licence.objects.update(ends_on=timezone.now().date() + timedelta(days=10))
        assert licence.booking.title in brand.get(address, {"view": "ending"}).content.decode()
        Licence.objects.update(state=Licence.State.RENEWED)
        assert licence.booking.title in brand.get(address, {"view": "over"}).content.decode()

    def test_the_same_number_of_questions_whatever_the_rows(self, world, licence, brand):
        few, many = with_few_and_many(
            brand, reverse("own_licence", args=[licence.pk]), lambda _: licences.place(world, licence)
        )
        assert many == few

    def test_the_library_asks_no_more_for_more_licences(self, world, licence, brand):
        few, many = with_few_and_many(brand, reverse("library"), lambda number: another(licence, number))
        assert many == few


def another(licence: Licence, number: int) -> Licence:
    """Like it, of another booking."""
    booking = Booking.objects.get(pk=licence.booking_id)
    booking.pk, booking.code, booking.lane, booking._state.adding = None, f"B{number:05d}", number, True
    booking.id = Booking._meta.pk.get_default()
    booking.save(force_insert=True)
    row = Licence.objects.get(pk=licence.pk)
    row.pk, row.code, row.booking, row._state.adding = Licence._meta.pk.get_default(), f"L{number:05d}", booking, True
    row.ends_on += timedelta(days=1)  # the first one, with pictures to look at, stays on the first page
    row.save(force_insert=True)
    return row
