"""A draft is saved as one types, by one page at a time; looks are put in order; nothing typed is lost."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageDraw

from apps.bookings.models import Booking, BookingTemplate, LookProduct
from apps.bookings.services import again, compose
from apps.bookings.services.looks import add_product
from apps.bookings.states import State
from apps.common.errors import NotAllowed, StaleState
from apps.notifications.models import Notice
from apps.talent.models import Boundaries
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of, with_few_and_many
from tests.factories.people import World, make_member, make_world
from tests.unit.test_booking_views_compose import look, page, sent, usage

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def jonas(world: World) -> Client:
    return signed_in(world.producer)


def autosave(client: Client, booking: Booking, **data):
    address = reverse("booking_autosave", args=[booking.pk])
    return client.post(address, {"page": "tab-a"} | data, headers={"HX-Request": "true"})


def picture(ground: str) -> bytes:
    """A product cut out, in front of a plain ground, or in front of something."""
    image = Image.new("RGBA", (400, 500), (0, 0, 0, 0) if ground == "cut_out" else (240, 240, 238, 255))
    if ground == "busy":
        image = Image.effect_noise((400, 500), 90).convert("RGBA")
    ImageDraw.Draw(image).ellipse((120, 120, 280, 380), fill=(180, 20, 40, 255))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class TestSavedAsOneTypes:
    def test_what_is_typed_is_kept_without_a_press_and_a_quiet_line_says_so(self, world, jonas):
        booking = make.draft(world)
        answer = autosave(jonas, booking, **sent(booking, title="Typed, not sent") | {"page": "tab-a"})
        booking.refresh_from_db()
        assert (answer.status_code, booking.title, booking.state) == (200, "Typed, not sent", State.DRAFT)
        assert "Saved <time" in answer.content.decode()
        assert f'id="revision" value="{booking.revision}" hx-swap-oob="true"' in answer.content.decode()

    def test_a_new_look_sent_twice_is_one_look(self, world, jonas):
        booking = make.draft(world)
        typed = sent(booking) | look(f"look-{uuid4()}", title="Look 2") | {"page": "tab-a"}
        autosave(jonas, booking, **typed)
        autosave(jonas, booking, **typed)  # the first answer got lost on the way
        assert [row.title for row in make.fresh(booking).looks.all()] == ["Look 1", "Look 2"]

    def test_what_cannot_be_saved_is_said_beside_it_and_the_rest_is_kept(self, world, jonas):
        booking = make.draft(world)
        answer = autosave(jonas, booking, **sent(booking, of_look={"pictures": "0"}, title="Kept"))
        booking.refresh_from_db()
        html = answer.content.decode()
        assert booking.title == "Kept" and "Pictures: At least one picture." in html
        assert f'id="look-{booking.looks.get().pk}-told"' in html

    def test_a_second_tab_is_told_before_it_wins(self, world, jonas):
        booking = make.draft(world)
        mine = sent(booking, title="Mine")
        autosave(jonas, booking, **sent(booking, title="Theirs") | {"page": "tab-b"})
        told = autosave(jonas, booking, **mine | {"page": "tab-a"})
        booking.refresh_from_db()
        assert told.status_code == 422 and "Saved elsewhere" in told.content.decode()
        assert booking.title == "Theirs"
        jonas.post(page(booking), mine | {"page": "tab-a", "over": str(booking.revision)})
        booking.refresh_from_db()
        assert booking.title == "Mine"

    def test_being_told_of_one_change_does_not_excuse_overwriting_the_next(self, world, jonas):
        booking = make.draft(world)
        mine = sent(booking, title="Mine")
        autosave(jonas, booking, **sent(booking, title="Theirs") | {"page": "tab-b"})
        told = make.fresh(booking).revision
        autosave(jonas, booking, **sent(booking, title="Theirs again") | {"page": "tab-b"})
        answer = jonas.post(page(booking), mine | {"page": "tab-a", "over": str(told)})
        booking.refresh_from_db()
        assert (answer.status_code, booking.title) == (409, "Theirs again")
        assert "Mine" in answer.content.decode()  # nothing typed is lost

    def test_what_was_still_on_its_way_when_the_page_was_sent_comes_too_late(self, world, jonas):
        booking = make.draft(world)
        late = sent(booking, title="Half typed") | {"page": "tab-a"}
        jonas.post(page(booking), sent(booking, title="Typed out") | {"page": "tab-a"})
        autosave(jonas, booking, **late)
        booking.refresh_from_db()
        assert booking.title == "Typed out"

    def test_a_look_removed_elsewhere_comes_back_for_whoever_still_types_in_it(self, world, jonas):
        booking = make.draft(world)
        typed = sent(booking, of_look={"brief": "Still here"}) | {"page": "tab-a"}
        compose.remove_look(by=world.producer.actor, look=booking.looks.get())
        autosave(jonas, booking, **typed)
        assert make.fresh(booking).looks.get().brief == "Still here"

    def test_a_sent_booking_is_not_written_over(self, world, jonas):
        booking = make.draft(world)
        typed = sent(booking, title="Too late")
        compose.submit(by=world.producer.actor, booking=booking)
        answer = autosave(jonas, booking, **typed)
        booking.refresh_from_db()
        assert answer.status_code == 422 and booking.title != "Too late"

    def test_nobody_else_saves_it(self, world):
        booking = make.draft(world)
        typed = sent(booking)
        assert autosave(signed_in(world.rival_producer), booking, **typed).status_code == 404
        assert autosave(signed_in(world.maya), booking, **typed).status_code == 403
        assert autosave(signed_in(world.booker), booking, **typed).status_code == 403
        assert autosave(signed_in(make_member(world.brand, "viewer", "ada")), booking, **typed).status_code == 403

    def test_without_scripts_a_plain_press_saves_the_same(self, world, jonas):
        booking = make.draft(world)
        jonas.post(page(booking), sent(booking, title="By hand"), follow=True)
        booking.refresh_from_db()
        assert booking.title == "By hand" and booking.saved_at


class TestLooks:
    def press(self, jonas: Client, booking: Booking, act: str) -> None:
        looks = list(make.fresh(booking).looks.all())
        data = usage() | {"act": act, "revision": str(make.fresh(booking).revision)}
        for row in looks:
            data |= look(f"look-{row.pk}", title=row.title)
        assert jonas.post(page(booking), data).status_code == 302

    def titles(self, booking: Booking) -> list[str]:
        return [row.title for row in make.fresh(booking).looks.all()]

    def test_up_down_and_once_more(self, world, jonas):
        booking = make.draft(world)
        second = compose.save_look(by=world.producer.actor, booking=booking, title="Look 2", scene="arch", pictures=1)
        add_product(by=world.producer.actor, look=second, raw=picture("plain"))
        self.press(jonas, booking, f"up:look-{second.pk}")
        assert self.titles(booking) == ["Look 2", "Look 1"]
        self.press(jonas, booking, f"up:look-{second.pk}")  # at the top already
        self.press(jonas, booking, f"duplicate:look-{second.pk}")
        assert self.titles(booking) == ["Look 2", "Look 1", "Look 2 again"]
        assert make.fresh(booking).looks.get(position=3).products.count() == 1
        self.press(jonas, booking, f"down:look-{second.pk}")
        assert self.titles(booking) == ["Look 1", "Look 2", "Look 2 again"]

    @pytest.mark.parametrize("ground", LookProduct.Ground.values)
    def test_each_picture_of_a_product_says_whether_it_comes_off_its_ground(self, world, ground):
        first = make.draft(world).looks.get()
        product = add_product(by=world.producer.actor, look=first, raw=picture(ground))
        assert product.ground == ground
        first.refresh_from_db()
        assert (first.product == product.file) == (ground != "busy")

    def test_several_pictures_at_once_and_one_taken_off_again(self, world, jonas):
        booking = make.draft(world)
        key = f"look-{booking.looks.get().pk}"
        files = [SimpleUploadedFile(f"{name}.png", picture(name), "image/png") for name in ("busy", "cut_out")]
        answer = jonas.post(page(booking), sent(booking, f"pictures:{key}") | {f"{key}-product": files})
        assert answer.headers["Location"].endswith(f"?open={key}#{key}")
        kept = booking.looks.get()
        first, second = kept.products.all()
        assert kept.product == second.file  # the first has something behind it
        jonas.post(page(booking), sent(booking, f"unproduct:{second.pk}"))
        kept.refresh_from_db()
        assert list(kept.products.all()) == [first] and kept.product is None

    def test_another_brands_pictures_cannot_be_taken_off(self, world, jonas):
        theirs = make.draft(world, brand="rival_producer").looks.get()
        product = add_product(by=world.rival_producer.actor, look=theirs, raw=picture("plain"))
        booking = make.draft(world)
        jonas.post(page(booking), sent(booking, f"unproduct:{product.pk}"))
        assert theirs.products.count() == 1


class TestExplained:
    def test_one_named_region_says_why_it_is_1_75(self, world, jonas):
        booking = make.draft(world, territories=["DK", "FI", "IS", "NO", "SE"])
        html = jonas.get(page(booking)).content.decode()
        assert "5 countries within one region: Nordics" in html
        assert "One country 1, one named region 1.75, more 2.5" in html

    def test_the_matrix_shows_media_by_territory_and_one_licence(self, world, jonas):
        booking = make.draft(world, territories=["DK", "FI", "IS", "NO", "SE", "JP"], media=["tv", "own"])
        matrix = jonas.get(page(booking)).context["quote"].matrix
        assert [(column.label, column.factor) for column in matrix.columns] == [
            ("Own site and organic social", "1"), ("Television", "4"),
        ]  # fmt: skip
        assert matrix.rows == ["Nordics", "Japan"] and (matrix.media.decimal, matrix.territory.decimal) == ("5", "2.5")

    def test_what_stands_against_a_field_is_said_beside_it_while_typing(self, world, jonas):
        Boundaries.objects.filter(talent=world.talent).update(barred_media=["tv"])
        booking = make.draft(world)
        data = usage(medium=["tv"]) | {f"look-{booking.looks.get().pk}-pictures": "3"}
        html = jonas.post(reverse("booking_quote", args=[booking.pk]), data).content.decode()
        beside = html.split('id="against-media"')[1].split("</div>")[0]
        assert "not available for television" in beside
        assert "not available" not in html.split('id="against-category"')[1].split("</div>")[0]

    def test_book_me_in_person_asks_the_agency_once(self, world, jonas):
        booking = make.draft(world)
        jonas.post(page(booking), sent(booking, "in_person"))
        notice = Notice.objects.get(kind="booking.in_person")
        assert notice.to == world.agency.party and notice.values["model"] == world.talent.stage_name
        again_ = jonas.post(page(booking), sent(booking, "in_person"))
        assert again_.status_code == 422 and Notice.objects.filter(kind="booking.in_person").count() == 1


class TestAgain:
    def test_a_past_booking_becomes_a_draft_without_its_dates_with_its_product(self, world, jonas):
        past = make.draft(world, starts_on=timezone.now().date(), territories=["FR"])
        add_product(by=world.producer.actor, look=past.looks.get(), raw=picture("plain"))
        compose.submit(by=world.producer.actor, booking=past)
        answer = jonas.post(reverse("booking_again", args=[past.pk]))
        draft = Booking.objects.exclude(pk=past.pk).get()
        assert answer.headers["Location"] == page(draft)
        assert (draft.state, draft.starts_on, draft.territories, draft.version) == (State.DRAFT, None, ["FR"], 0)
        old, new = past.looks.get(), draft.looks.get()
        assert (new.brief, new.product_id) == (old.brief, past.looks.get().product_id) and new.products.count() == 1

    @pytest.mark.parametrize(("who", "status"), [("rival_producer", 404), ("maya", 403), ("booker", 403)])
    def test_only_the_brand_itself_books_again(self, world, who, status):
        past = make.submitted(world)
        assert signed_in(getattr(world, who)).post(reverse("booking_again", args=[past.pk])).status_code == status
        with pytest.raises(NotAllowed):
            again.duplicate_booking(by=getattr(world, who).actor, booking=past)

    def test_a_template_keeps_the_composition_without_the_twin_and_starts_a_booking(self, world, jonas):
        booking = make.draft(world, territories=["SE"], window_months=6)
        add_product(by=world.producer.actor, look=booking.looks.get(), raw=picture("cut_out"))
        jonas.post(page(booking), sent(booking, "template", countries=["SE"]) | {"template_name": "  Every   season "})
        template = BookingTemplate.objects.get()
        assert template.name == "Every season" and str(world.twin.pk) not in str(template.usage)
        jonas.post(reverse("booking_new", args=[world.talent.slug]), {"template": template.pk})
        draft = Booking.objects.exclude(pk=booking.pk).get()
        assert (draft.territories, draft.twin) == (["SE"], world.twin)
        assert draft.looks.get().products.get().ground == "cut_out" and draft.looks.get().product

    def test_a_name_that_is_taken_or_missing_is_said_and_the_draft_is_saved(self, world, jonas):
        booking = make.draft(world)
        again.save_template(by=world.producer.actor, booking=booking, name="Basics")
        for name, words in (("Basics", "is there already"), (" ", "Give the template a name")):
            answer = jonas.post(
                page(booking), sent(booking, "template", title=f"Kept {name}") | {"template_name": name}
            )
            assert answer.status_code == 422 and words in answer.content.decode()
        assert BookingTemplate.objects.count() == 1

    def test_renamed_and_deleted_by_its_brand_alone(self, world, jonas):
        template = again.save_template(by=world.producer.actor, booking=make.draft(world), name="Basics")
        rival = signed_in(world.rival_producer)
        for name in ("template_rename", "template_delete"):
            assert rival.post(reverse(name, args=[template.pk]), {"name": "Mine"}).status_code == 404
            assert signed_in(world.maya).post(reverse(name, args=[template.pk])).status_code == 403
        new = rival.post(reverse("booking_new", args=[world.talent.slug]), {"template": template.pk})
        assert new.status_code == 404
        wrong = jonas.post(reverse("template_rename", args=[template.pk]), {"name": ""})
        assert wrong.status_code == 422 and b"Give the template a name" in wrong.content
        jonas.post(reverse("template_rename", args=[template.pk]), {"name": "Essentials"})
        template.refresh_from_db()
        assert template.name == "Essentials"
        jonas.post(reverse("template_delete", args=[template.pk]))
        assert not BookingTemplate.objects.exists()

    def test_the_list_of_templates_asks_the_same_questions_for_few_and_many(self, world, jonas):
        booking = make.draft(world)

        def add(number: int) -> None:
            again.save_template(by=world.producer.actor, booking=booking, name=f"Template {number}")

        few, many = with_few_and_many(jonas, reverse("booking_templates"), add)
        assert few == many


def test_the_composer_asks_the_same_questions_however_many_product_pictures(world, jonas):
    booking = make.draft(world)
    first = booking.looks.get()
    add_product(by=world.producer.actor, look=first, raw=picture("plain"))
    few = queries_of(jonas, page(booking))
    for number in range(5):
        first.products.create(file=first.products.first().file, position=number + 2, ground="plain")
    assert queries_of(jonas, page(booking)) == few


def test_looks_of_a_sent_booking_stay_as_they_are(world):
    booking = make.submitted(world)
    with pytest.raises(StaleState):
        add_product(by=world.producer.actor, look=booking.looks.get(), raw=picture("plain"))
