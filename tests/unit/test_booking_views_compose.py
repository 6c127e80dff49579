"""Composing: nothing typed is lost, the price follows the typing, and only a real press sends anything."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from apps.bookings.models import LONGEST_BRIEF, Booking
from apps.bookings.states import State
from apps.talent.models import Boundaries
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import FEW, MANY, queries_of
from tests.factories.people import World, make_member, make_world

NEW = f"look-{uuid4()}"

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


def page(booking: Booking) -> str:
    return reverse("booking_compose", args=[booking.pk])


def usage(**changes: object) -> dict[str, object]:
    return {
        "title": "Spring campaign",
        "medium": ["ecommerce"],
        "countries": ["DE"],
        "window_months": "12",
        "exclusivity": "none",
        "category": "fashion",
    } | changes


def look(key: str, **changes: object) -> dict[str, object]:
    fields = {"title": "Look 1", "scene": "block", "pictures": "40", "format": "4:5", "brief": "Red on red"} | changes
    return {f"{key}-{name}": value for name, value in fields.items()} | {f"{key}-here": "1"}


def turn(booking: Booking) -> dict[str, object]:
    """What a page that was just opened knows of the draft."""
    return {"revision": str(make.fresh(booking).revision), "page": "a-page"}


def sent(booking: Booking, act: str = "save", *, of_look: dict[str, object] | None = None, **of_usage: object) -> dict:
    first = booking.looks.get()
    return usage(**of_usage) | look(f"look-{first.pk}", **(of_look or {})) | {"act": act} | turn(booking)


def photograph() -> SimpleUploadedFile:
    data = io.BytesIO()
    Image.new("RGB", (640, 800), "#c8102e").save(data, "JPEG")
    return SimpleUploadedFile("bag.jpg", data.getvalue(), "image/jpeg")


class TestStarting:
    def test_a_press_on_a_twins_page_starts_a_draft_and_a_visit_does_not(self, world, jonas):
        address = reverse("booking_new", args=[world.talent.slug])
        assert jonas.get(address).status_code == 405
        answer = jonas.post(address)
        booking = Booking.objects.get()
        assert (booking.state, booking.brand) == (State.DRAFT, world.brand)
        assert answer.headers["Location"] == page(booking)

    def test_the_first_look_is_offered_and_kept_with_the_first_save(self, world, jonas):
        jonas.post(reverse("booking_new", args=[world.talent.slug]))
        booking = Booking.objects.get()
        first = jonas.get(page(booking))
        assert first.context["page"].looks[0].open and b"No price yet" not in first.content
        assert not booking.looks.exists()
        jonas.post(page(booking), usage() | look(NEW, pictures="6") | {"act": "save"})
        assert booking.looks.get().pictures == 6

    def test_models_agencies_and_other_brands_stay_outside(self, world):
        booking = make.draft(world)
        assert signed_in(world.rival_producer).get(page(booking)).status_code == 404
        assert signed_in(world.maya).get(page(booking)).status_code == 403
        assert signed_in(world.booker).get(page(booking)).status_code == 403

    def test_a_colleague_who_only_looks_cannot_compose(self, world):
        viewer = signed_in(make_member(world.brand, "viewer", "ada"))
        booking = make.draft(world)
        assert viewer.get(page(booking)).status_code == 403
        assert viewer.post(reverse("booking_new", args=[world.talent.slug])).status_code == 403
        assert viewer.get(reverse("booking", args=[booking.pk])).status_code == 200


class TestTyping:
    def test_everything_that_is_right_is_saved(self, world, jonas):
        booking = make.draft(world)
        changes = {
            "scene": "arch",
            "own_colour": "#123abc",
            "light": "left",
            "crop": "portrait",
            "product": photograph(),
        }
        starts = timezone.localdate() + timedelta(days=30)
        answer = jonas.post(
            page(booking),
            sent(
                booking,
                of_look=changes,
                countries=["FR"],
                regions=["nordics"],
                starts_on=str(starts),
                medium=["tv", "own"],
            ),
        )
        assert answer.status_code == 302
        booking.refresh_from_db()
        kept = booking.looks.get()
        assert (booking.title, booking.starts_on, booking.media) == ("Spring campaign", starts, ["tv", "own"])
        assert booking.territories == ["DK", "FI", "FR", "IS", "NO", "SE"]
        assert (kept.scene, kept.colour, kept.light, kept.crop, kept.pictures) == (
            "arch", "#123abc", "left", "portrait", 40,
        )  # fmt: skip
        assert kept.product.owner == world.brand.party

    def test_regions_come_back_as_regions(self, world, jonas):
        booking = make.draft(world, territories=["DK", "FI", "IS", "NO", "SE", "JP"])
        html = jonas.get(page(booking)).content.decode()
        assert 'value="nordics" data-priced="" id="id_regions_0" checked' in html.replace("\n", "")
        assert 'value="JP" data-priced=""' in html and 'value="SE" data-priced="" id' in html
        form = jonas.get(page(booking)).context["page"].usage
        assert (form.initial["regions"], form.initial["countries"]) == (["nordics"], ["JP"])

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("pictures", "-3", "At least one picture."),
            ("pictures", "0", "At least one picture."),
            ("pictures", "many", "A whole number, please."),
            ("pictures", "100000", "At most 500 pictures"),
            ("brief", "x" * 100_000, f"At most {LONGEST_BRIEF:,} characters; this has 100000."),
            ("own_colour", "red; }", "A colour like #c8102e."),
            ("scene", "moon", "is not one of the available choices"),
            ("title", "", "This field is required."),
        ],
    )
    def test_an_error_stands_next_to_its_field_and_what_was_typed_stays(self, world, jonas, field, value, words):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, of_look={field: value}, title="Kept all the same"))
        assert answer.status_code == 422
        entry = answer.context["page"].looks[0]
        assert words in str(entry.form.errors[field])
        assert entry.form[field].value() == value
        assert entry.open
        booking.refresh_from_db()
        assert booking.title == "Kept all the same"

    def test_a_look_that_cannot_be_saved_asks_for_its_picture_again(self, world, jonas):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, of_look={"pictures": "0", "product": photograph()}))
        assert "choose the picture again" in str(answer.context["page"].looks[0].form.errors["product"])

    def test_a_file_that_is_no_picture_is_refused_in_words(self, world, jonas):
        booking = make.draft(world)
        program = SimpleUploadedFile("bag.jpg", b"<?php echo 1;", "image/jpeg")
        answer = jonas.post(page(booking), sent(booking, of_look={"product": program}))
        assert answer.status_code == 422
        assert "not a JPEG, PNG, WebP or HEIC picture" in answer.content.decode()

    @pytest.mark.parametrize(("days", "words"), [(-1, "in the past"), (3_000, "within the next two years")])
    def test_a_window_in_the_past_or_too_far_ahead_is_refused(self, world, jonas, days, words):
        booking = make.draft(world)
        day = timezone.localdate() + timedelta(days=days)
        answer = jonas.post(page(booking), sent(booking, starts_on=str(day)))
        assert answer.status_code == 422
        assert words in str(answer.context["page"].usage.errors["starts_on"])

    @pytest.mark.parametrize(("field", "value"), [("window_months", "7"), ("exclusivity", "all"), ("category", "arms")])
    def test_only_what_is_offered_can_be_chosen(self, world, jonas, field, value):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, **{field: value}))
        assert field in answer.context["page"].usage.errors

    def test_nowhere_is_not_a_territory(self, world, jonas):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, countries=[]))
        assert "at least one region or country" in str(answer.context["page"].usage.errors["regions"])

    def test_a_typed_script_is_shown_as_text(self, world, jonas):
        booking = make.draft(world)
        jonas.post(page(booking), sent(booking, title="<script>alert(1)</script>"))
        assert b"<script>alert(1)" not in jonas.get(page(booking)).content


class TestLooks:
    def test_another_look_is_offered_and_nothing_of_the_first_is_lost(self, world, jonas):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, "add", of_look={"brief": "Changed"}), follow=True)
        assert booking.looks.get().brief == "Changed"
        assert b'id="added"' in answer.content and answer.context["page"].looks[1].look is None
        jonas.post(page(booking), sent(booking) | look(NEW, title="Look 2", pictures="3"))
        assert [row.title for row in make.fresh(booking).looks.all()] == ["Look 1", "Look 2"]

    def test_its_page_loaded_again_has_not_one_more(self, world, jonas):
        """The second look was saved meanwhile, as one types; the address still says that it was added."""
        booking = make.draft(world)
        add = jonas.post(page(booking), sent(booking, "add")).headers["Location"]
        assert [entry.look is None for entry in jonas.get(add).context["page"].looks] == [False, True]
        jonas.post(reverse("booking_autosave", args=[booking.pk]), sent(booking) | look(NEW, title="Look 2"))
        assert [entry.look is None for entry in jonas.get(add).context["page"].looks] == [False, False]

    def test_removing_one_keeps_what_was_typed_in_the_other(self, world, jonas):
        booking = make.draft(world)
        jonas.post(page(booking), sent(booking) | look(NEW, title="Look 2"))
        first, second = make.fresh(booking).looks.all()
        data = (
            usage() | turn(booking) | look(f"look-{first.pk}") | look(f"look-{second.pk}", title="Stays", brief="Mine")
        )
        jonas.post(page(booking), data | {"act": f"remove:look-{first.pk}"})
        assert [(row.title, row.brief) for row in make.fresh(booking).looks.all()] == [("Stays", "Mine")]

    def test_a_look_of_another_booking_cannot_be_touched_from_here(self, world, jonas):
        booking, other = make.draft(world), make.draft(world, brand="rival_producer")
        theirs = other.looks.get()
        data = sent(booking) | look(f"look-{theirs.pk}", title="Mine now")
        jonas.post(page(booking), data | {"act": f"remove:look-{theirs.pk}"})
        theirs.refresh_from_db()
        assert theirs.title == "Look 1"


class TestPrice:
    def quote(self, client: Client, booking: Booking, **fields: object):
        names = {
            "medium",
            "regions",
            "countries",
            "further_country",
            "window_months",
            "starts_on",
            "exclusivity",
            "category",
        }
        data = {name: value for name, value in usage(**fields).items() if name in names}
        pictures = fields.get("pictures", "40")
        address = reverse("booking_quote", args=[booking.pk])
        return client.post(address, data | {f"{NEW}-pictures": pictures}, headers={"HX-Request": "true"})

    def test_the_worked_example_to_the_cent_with_what_the_model_receives(self, world, jonas):
        answer = self.quote(jonas, make.draft(world))
        price = answer.context["quote"].price
        assert (price.session_minor, price.usage_minor, price.total_minor) == (225_000, 300_000, 799_680)
        assert answer.context["quote"].receives_minor == 420_000
        html = answer.content.decode()
        for words in ("7,996.80", "€1,276.80", "VAT 19 %", "€4,200.00", "Platform fee, 8 %", "Beside a real shoot"):
            assert words in html

    def test_the_phones_price_bar_moves_along(self, world, jonas):
        html = self.quote(jonas, make.draft(world)).content.decode()
        assert 'id="price-tab" href="#quote" hx-swap-oob="true"' in html

    def test_asking_for_a_price_saves_nothing(self, world, jonas):
        booking = make.draft(world)
        self.quote(jonas, booking, window_months="36")
        booking.refresh_from_db()
        assert booking.window_months == 12

    @pytest.mark.parametrize("pictures", ["-1", "", "abc", "9" * 30])
    def test_what_cannot_be_priced_is_said_in_words(self, world, jonas, pictures):
        answer = self.quote(jonas, make.draft(world), pictures=pictures)
        assert answer.status_code == 200
        assert "No price yet" in answer.content.decode() and "Pictures:" in answer.content.decode()

    def test_a_barred_category_is_said_beside_the_price(self, world, jonas):
        Boundaries.objects.filter(talent=world.talent).update(barred_categories=["fur"])
        answer = self.quote(jonas, make.draft(world), category="fur")
        assert [warning.kind for warning in answer.context["quote"].warnings] == ["boundary"]
        assert "not available for fur" in answer.content.decode()

    def test_a_use_without_a_mandate_has_no_known_share_for_the_model(self, world, jonas):
        world.talent.mandates.update(territories=["FR"])
        answer = self.quote(jonas, make.draft(world))
        assert "mandate" in [warning.kind for warning in answer.context["quote"].warnings]

    def test_others_get_no_price_of_this_draft(self, world):
        booking = make.draft(world)
        assert self.quote(signed_in(world.rival_producer), booking).status_code == 404
        assert self.quote(signed_in(world.maya), booking).status_code == 403


class TestSending:
    def test_sending_saves_freezes_the_terms_and_leads_to_the_booking(self, world, jonas):
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, "submit"))
        booking.refresh_from_db()
        assert booking.state == State.SUBMITTED and booking.current_terms.total_minor == 799_680
        assert answer.headers["Location"] == reverse("booking", args=[booking.pk])

    def test_what_stands_against_it_is_said_and_the_draft_stays(self, world, jonas):
        Boundaries.objects.filter(talent=world.talent).update(barred_media=["ecommerce"])
        booking = make.draft(world)
        answer = jonas.post(page(booking), sent(booking, "submit"))
        assert answer.status_code == 422 and b"not available for e-commerce" in answer.content
        booking.refresh_from_db()
        assert booking.state == State.DRAFT

    def test_a_scene_with_the_product_needs_a_picture_of_it(self, world, jonas):
        draft = make.draft(world)
        first = draft.looks.get()
        answer = jonas.post(page(draft), sent(draft, "submit", of_look={"scene": "product"}))
        draft.refresh_from_db()
        assert (answer.status_code, draft.state) == (422, State.DRAFT)
        entry = answer.context["page"].looks[0]
        assert entry.open
        assert "add a picture" in entry.form.errors["product"][0]
        with_picture = sent(draft, "submit", of_look={"scene": "product"}) | {f"look-{first.pk}-product": photograph()}
        jonas.post(page(draft), with_picture)
        draft.refresh_from_db()
        assert draft.state == State.SUBMITTED

    def test_pressing_send_twice_leads_to_the_same_booking(self, world, jonas):
        booking = make.draft(world)
        data = sent(booking, "submit")
        jonas.post(page(booking), data)
        again = jonas.post(page(booking), data)
        assert again.headers["Location"] == reverse("booking", args=[booking.pk])
        assert booking.terms.count() == 1


def test_the_composer_asks_the_same_questions_for_three_looks_and_thirty(world, jonas):
    booking = make.draft(world)
    jonas.post(page(booking), sent(booking, of_look={"product": photograph()}))
    product = make.fresh(booking).looks.get().product

    def add(number: int) -> None:
        row = booking.looks.create(
            position=number + 2, title=f"Look {number}", scene="arch", pictures=1, product_id=product.pk
        )
        row.products.create(file=product, position=1, ground="plain")

    for number in range(FEW):
        add(number)
    few = queries_of(jonas, page(booking))
    for number in range(FEW, MANY):
        add(number)
    assert queries_of(jonas, page(booking)) == few
