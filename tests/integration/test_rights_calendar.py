"""The rights calendar's pages: an agency sees all its models, a brand free, blocked and its own rank, nobody more."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.common.vocabulary import Category
from apps.options.models import Option
from apps.options.services import asking, challenging, deciding
from apps.portal.months import Entry, Months
from apps.talent.commitments import enter_commitment
from apps.talent.models import Mandate
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_member, make_organization, make_talent, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def today(plus: int = 0) -> date:
    return timezone.now().date() + timedelta(days=plus)


def held(world: World, by: Person, **fields) -> Option:
    start = {"category": "fashion", "territories": ["DE"], "starts_on": today(), "window_months": 12}
    return deciding.grant(by=world.booker.actor, option=asking.ask(by=by.actor, twin=world.twin, **start | fields))


def read(person: Person, name: str, *args: str, **query: str) -> str:
    page = signed_in(person).get(reverse(name, args=args), query)
    assert page.status_code == 200
    return page.content.decode()


def of_twin(world: World, person: Person, **query: str) -> str:
    return read(person, "calendar_of_twin", world.talent.slug, **query)


class TestMonths:
    def test_the_cells_of_every_lane_add_up_to_its_months(self):
        months = Months(date(2027, 3, 1), 12)
        entries = [
            Entry("bound", "a", date(2026, 1, 1), date(2027, 4, 2)),
            Entry("bound", "b", date(2027, 4, 3), date(2027, 4, 30)),
            Entry("bound", "c", date(2027, 6, 1), date(2030, 1, 1)),
            Entry("bound", "never", date(2028, 3, 1), date(2028, 4, 1)),
        ]
        lanes = months.lanes(entries)
        assert [[(cell.span, cell.entry and cell.entry.title) for cell in lane] for lane in lanes] == [
            [(2, "a"), (1, None), (9, "c")],
            [(1, None), (1, "b"), (10, None)],
        ]
        assert months.lanes([]) == [months.lanes([])[0]]
        assert (months.last, months.earlier, months.later) == (date(2028, 2, 29), date(2026, 3, 1), date(2028, 3, 1))


class TestAgency:
    def test_it_reads_what_its_models_are_bound_and_optioned_for_with_names(self, world):
        make.agreed(world, exclusivity="category", starts_on=today())
        held(world, world.rival_producer, territories=["FR"])
        enter_commitment(
            by=world.booker.actor, talent=world.talent, exclusivity="category", category="hair", territories=["SE"],
            starts_on=today(), ends_on=today(90), brand="Elsewhere House",
        )  # fmt: skip
        page = read(world.booker, "rights_calendar")
        for words in ("Halden Rye", "Agreed, exclusive: Ready-to-wear, Germany", "Option 1: Ready-to-wear, France",
                      "Maison Orsay", "Elsewhere House", "Elsewhere, exclusive: Hair, Sweden"):  # fmt: skip
            assert words in page, words

    def test_a_plain_booking_reads_otherwise_than_an_exclusive_one(self, world):
        make.agreed(world, starts_on=today())
        assert "Agreed: Ready-to-wear, Germany" in read(world.booker, "rights_calendar")

    def test_other_agencies_of_hers_see_a_blocked_slot_only(self, world):
        """The mother agency is informed of the local one's bookings; a second local agency is not."""
        make.agreed(world, exclusivity="category", starts_on=today())
        held(world, world.rival_producer, category="beauty")
        enter_commitment(
            by=world.booker.actor, talent=world.talent, exclusivity="category", category="hair", territories=["SE"],
            starts_on=today(), ends_on=today(90), brand="Elsewhere House",
        )  # fmt: skip
        Mandate.objects.filter(talent=world.talent, kind="local").update(territories=["DE", "FR"])
        Mandate.objects.create(
            talent=world.talent, agency=make_organization("agency", "second"), kind="local", covers_twins=True,
            territories=["US"], starts_on=today(-1), ends_on=today(200),
        )  # fmt: skip
        second = make_member(Mandate.objects.get(agency__slug="second").agency, "booker", "bo")
        page = read(second, "rights_calendar")
        assert "Maya Okafor" in page
        assert "Blocked" in page
        assert "Ready-to-wear, Germany" in page
        for name in ("Halden Rye", "Maison Orsay", "Elsewhere House", "Option 1"):
            assert name not in page
        assert "Halden Rye" in read(world.mother_booker, "rights_calendar")
        assert "Maya Okafor" not in read(world.other_booker, "rights_calendar")

    def test_it_narrows_by_category_place_months_and_name(self, world):
        make.agreed(world, starts_on=today())
        shows = "Agreed: Ready-to-wear, Germany"
        assert shows in read(world.booker, "rights_calendar", category="fashion", place="europe")
        assert shows not in read(world.booker, "rights_calendar", category="denim")
        assert shows not in read(world.booker, "rights_calendar", place="FR")
        assert shows not in read(world.booker, "rights_calendar", since=f"{today().year + 3}-01")
        assert shows in read(world.booker, "rights_calendar", category="no such", since="nonsense", length="7")
        assert "Nobody by that name" in read(world.booker, "rights_calendar", q="zzz")

    def test_a_full_exclusivity_stands_there_once_and_under_every_category(self, world):
        make.agreed(world, exclusivity="full", starts_on=today())
        words = "Agreed, exclusive: Every category, Germany"
        assert read(world.booker, "rights_calendar").count(words) == 2, "the table, and the list of the phone"
        assert words in read(world.booker, "rights_calendar", category="beauty")

    def test_the_number_of_queries_does_not_grow_with_the_rows(self, world):
        client = signed_in(world.booker)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                client.get(reverse("rights_calendar"))
            return len(found)

        make.agreed(world, starts_on=today())
        held(world, world.rival_producer)
        few = queries()
        for number in range(5):
            make_talent(f"model-{number}", agency=world.agency)
            make.agreed(world, starts_on=today())
            held(world, world.rival_producer, category=Category.values[number + 1])
        assert queries() == few


class TestBrand:
    def test_it_reads_free_blocked_and_its_own_rank_and_nothing_else(self, world):
        make.agreed(world, brand="rival_producer", exclusivity="category", starts_on=today(), territories=["FR"])
        held(world, world.rival_producer)
        held(world, world.producer)
        page = of_twin(world, world.producer)
        for words in ("Free", "Blocked", "Your option, rank 2"):
            assert words in page, words
        assert "Maison Orsay" not in page
        assert "rank 1" not in page
        assert "Your option, rank" not in of_twin(world, world.producer, place="FR")

    def test_what_blocks_depends_on_the_exclusivity_it_wants(self, world):
        make.agreed(world, brand="rival_producer", starts_on=today())
        assert ">Blocked<" not in of_twin(world, world.producer, place="DE")
        assert ">Blocked<" in of_twin(world, world.producer, place="DE", exclusivity="category")

    def test_two_blocks_that_touch_read_as_one(self, world):
        """How many things block a twin is nobody's business."""
        for start, end in ((today(), today(40)), (today(41), today(80))):
            enter_commitment(
                by=world.maya.actor, talent=world.talent, exclusivity="category", category="fashion",
                territories=["DE"], starts_on=start, ends_on=end,
            )  # fmt: skip
        assert of_twin(world, world.producer, place="DE").count(">Blocked<") == 2, "the table, and the phone's list"

    def test_an_option_is_put_here_and_what_is_wrong_stands_beside_its_field(self, world):
        client, url = signed_in(world.producer), reverse("calendar_of_twin", args=[world.talent.slug])
        form = {"category": "fashion", "countries": ["DE"], "starts_on": today(3).isoformat(), "window_months": "6"}
        wrong = client.post(url, form | {"countries": []})
        assert wrong.status_code == 422
        assert "Choose at least one region or country" in wrong.content.decode()
        assert today(3).isoformat() in wrong.content.decode(), "nothing typed is lost"
        assert client.post(url, form).status_code == 302
        option = Option.objects.get()
        assert (option.territories, option.first_day, option.window_months) == (["DE"], today(3), 6)

    def test_a_twin_that_is_not_shown_to_a_brand_has_no_calendar_for_it(self, world):
        world.talent.boundaries.barred_brands.add(world.brand)
        url = reverse("calendar_of_twin", args=[world.talent.slug])
        assert signed_in(world.producer).get(url).status_code == 404
        assert signed_in(world.booker).get(url).status_code == 403

    def test_who_only_looks_puts_none(self, world):
        viewer = make_member(world.brand, "viewer", "only-looks")
        assert "Put an option" not in of_twin(world, viewer)
        url = reverse("calendar_of_twin", args=[world.talent.slug])
        assert signed_in(viewer).post(url, {}).status_code == 403


class TestOptionPages:
    def test_each_side_reads_what_is_its_own(self, world):
        held(world, world.producer)
        second = held(world, world.rival_producer)
        challenging.challenge(
            by=world.rival_producer.actor, option=second, booking=make.draft(world, brand="rival_producer")
        )
        brand, rival = read(world.producer, "options"), read(world.rival_producer, "options")
        assert "Maison Orsay" not in brand
        assert "Halden Rye" not in rival
        assert "Challenged" in brand
        for person in (world.booker, world.maya):
            page = read(person, "options")
            assert "Halden Rye" in page
            assert "by Maison Orsay" in page
        for outsider in (world.mother_booker, world.other_booker, world.other_model):
            assert "Halden Rye" not in read(outsider, "options")

    def test_the_agency_grants_the_brand_renews_and_gives_up(self, world):
        option = asking.ask(
            by=world.producer.actor, twin=world.twin, category="fashion", territories=["DE"], starts_on=today(),
            window_months=3,
        )  # fmt: skip
        for person, act, state in (
            (world.booker, "grant", "held"),
            (world.producer, "renew", "held"),
            (world.producer, "withdraw", "withdrawn"),
        ):  # fmt: skip
            assert signed_in(person).post(reverse("option_act", args=[option.pk, act])).status_code == 302
            option.refresh_from_db()
            assert option.state == state
        late = signed_in(world.producer).post(reverse("option_act", args=[option.pk, "renew"]))
        assert (late.status_code, "Taken back" in late.content.decode()) == (409, True)

    def test_a_challenge_by_its_button(self, world):
        first, second = held(world, world.producer), held(world, world.rival_producer)
        client, url = signed_in(world.rival_producer), reverse("option_challenge", args=[second.pk])
        assert client.post(url, {"booking": "nonsense"}).status_code == 404
        assert client.post(url, {"booking": make.draft(world).pk}).status_code == 404, "another brand's draft"
        booking = make.draft(world, brand="rival_producer")
        assert str(booking.pk) in read(world.rival_producer, "options")
        assert client.post(url, {"booking": booking.pk}).status_code == 302
        first.refresh_from_db()
        assert first.state == "challenged"

    def test_outsiders_find_nothing_and_insiders_without_the_right_are_told(self, world):
        option = held(world, world.producer)
        url = reverse("option_act", args=[option.pk, "withdraw"])
        assert signed_in(world.rival_producer).post(url).status_code == 404
        assert signed_in(world.other_booker).post(url).status_code == 404
        assert signed_in(make_member(world.brand, "viewer", "only-looks")).post(url).status_code == 403
        assert signed_in(world.booker).post(url).status_code == 403
        assert signed_in(world.producer).post(reverse("option_act", args=[option.pk, "fall"])).status_code == 404

    def test_the_rule_by_its_button(self, world):
        client, url = signed_in(world.booker), reverse("option_rule")
        assert client.post(url, {"model": world.talent.slug, "at_once": "yes"}).status_code == 302
        assert "Ask me again" in read(world.booker, "options")
        assert client.post(url, {"model": "kai-lindgren", "at_once": "yes"}).status_code == 404
        assert client.post(url, {"model": world.talent.slug}).status_code == 302
        assert "Ask me again" not in read(world.booker, "options")
