"""A hundred thousand twins, boards, links opened, options and rights: as few questions as with ten."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.boards import services as boards
from apps.boards.models import Board, Findable, Opening
from apps.bookings.models import RightsSlot
from apps.options.models import GrantRule, Option
from apps.options.services import asking, deciding
from apps.portal.boards import boards_of
from apps.talent.models import OutsideCommitment
from tests.factories import bookings as make
from tests.factories.long_lists import assert_constant
from tests.factories.many import code, id_of, multiply
from tests.factories.many_twins import copies_of_twin, copies_to_find
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def held(world: World) -> Option:
    option = asking.ask(
        by=world.producer.actor, twin=world.twin, category="fashion", territories=["DE"],
        starts_on=timezone.now().date(), window_months=12,
    )  # fmt: skip
    return deciding.grant(by=world.booker.actor, option=option)


def refused(world: World) -> Option:
    option = asking.ask(
        by=world.producer.actor, twin=world.twin, category="denim", territories=["FR"],
        starts_on=timezone.now().date(), window_months=3,
    )  # fmt: skip
    return deciding.refuse(by=world.booker.actor, option=option)


def test_twins_of_an_agency(world: World) -> None:
    """Found by brands, kept by their agency, put into packages, under options and on the calendar."""
    option, over = held(world), refused(world)
    found, rule = Findable.objects.get(twin=world.twin), GrantRule(talent=world.talent, party=world.agency.party)
    rule.save()
    package = boards.create(by=world.booker.actor, organization=world.agency, name="For spring", twins=[world.twin])
    board = boards.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])

    def add(numbers: range) -> None:
        copies_of_twin(world.twin, numbers)
        copies_to_find(found, numbers)
        multiply(rule, numbers, talent_id=id_of("talent"))
        multiply(option, numbers, twin_id=id_of("twin"))
        multiply(over, numbers)

    twins, roster, calendar = reverse("twins"), reverse("roster"), reverse("rights_calendar")
    brand = dict.fromkeys(
        [
            twins,
            f"{twins}?q=achebe+elan&use=tv&board=women&agency={world.agency.slug}&hmin=165&sort=price",
            f"{twins}?q=achbe&sort=new&page=2",
            f"{twins}?sort=new&page=3000",
            reverse("twin", args=[world.talent.slug]),
            reverse("brand_home"),
            f"{reverse('board', args=[board.pk])}?q=achebe",
            reverse("calendar_of_twin", args=[world.talent.slug]),
            reverse("options"),
            f"{reverse('options')}?page=2",
        ],
        world.producer,
    )
    agency = dict.fromkeys(
        [
            roster,
            f"{roster}?view=quiet&q=achebe&sort=-name",
            f"{calendar}",
            f"{calendar}?q=achebe&page=2",
            f"{reverse('options')}?",
            f"{reverse('options')}?model=achebe&page=3",
            reverse("agency_desk"),
            reverse("boards"),
            reverse("board", args=[package.pk]),
            f"{reverse('board', args=[package.pk])}?q=achebe",
        ],
        world.booker,
    )
    assert_constant(brand | agency | {f"{reverse('options')}?x": world.maya}, add)
    for reader, index in ((world.producer, "option_open_of_brand"), (world.booker, "option_open_of_agency")):
        assert index in Option.objects.visible_to(reader.actor).open().newest_first()[:50].explain()


def test_boards_and_packages(world: World) -> None:
    board = boards.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])
    package = boards.create(
        by=world.booker.actor, organization=world.agency, name="Spring", for_brand=world.brand, twins=[world.twin]
    )
    link, _ = boards.share(by=world.booker.actor, board=package, days=14)

    def add(numbers: range) -> None:
        for one in (board, package):
            multiply(one, numbers, id=id_of(one.name))
            multiply(one.entries.get(), numbers, board_id=id_of(one.name))
        multiply(link, numbers, board_id=id_of(package.name), secret_sha256="lpad(n::text, 64, '0')")

    listed = reverse("boards")
    pages = {listed: world.producer, f"{listed}?page=2": world.producer, f"{listed}?": world.booker}
    assert_constant(pages, add)
    ours = boards_of(world.producer.actor).order_by("-created_at", "pk")
    assert "boards_newest" in ours[:30].explain()
    assert "boards_received" in boards.received_by(world.brand)[:30].explain()


def test_links_of_a_board_and_who_opened_them(world: World) -> None:
    board = boards.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])
    link, secret = boards.share(by=world.producer.actor, board=board, days=14)
    opening = Opening.objects.create(share=link, device="Safari on iPhone", organization=world.rival)
    over = timezone.now() - timedelta(days=1)

    def add(numbers: range) -> None:
        multiply(opening, numbers)
        multiply(
            link, numbers, secret_sha256="lpad(n::text, 64, '0')", expires_at=f"'{over.isoformat()}'::timestamptz"
        )  # fmt: skip

    page = reverse("board", args=[board.pk])
    pages = {page: world.producer, reverse("boards"): world.producer, reverse("shared", args=[secret]): world.booker}
    assert_constant(pages, add)
    assert Board.objects.count() == 1


def test_rights_that_are_bound(world: World) -> None:
    """On one twin a thousand, in a table of a hundred thousand, and as many elsewhere: exclusive rights keep each other
    away, so that no twin has more."""
    booking = make.agreed(world)
    slot = RightsSlot.objects.filter(booking=booking)[0]
    elsewhere = OutsideCommitment.objects.create(
        talent=world.talent, entered_by=world.talent.party, exclusivity="category", brand="Somebody", category="denim",
        territories=["SE"], window=slot.window, note="A year",
    )  # fmt: skip

    def add(numbers: range) -> None:
        whose = f"CASE WHEN n < 1000 THEN original.twin_id ELSE {id_of('twin')} END"
        multiply(booking, numbers, id=id_of("booking"), code=code(), lane="n", twin_id=whose)
        multiply(slot, numbers, booking_id=id_of("booking"), lane="int8range(n, n + 1)", twin_id=whose)
        multiply(elsewhere, numbers)

    hers = reverse("roster_commitments", args=[world.talent.slug])
    pages = {
        reverse("rights_calendar"): world.booker,
        reverse("calendar_of_twin", args=[world.talent.slug]): world.producer,
        reverse("commitments"): world.maya,
        f"{reverse('commitments')}?page=2": world.maya,
        hers: world.booker,
    }
    assert_constant(pages, add)
