"""Shortlists, boards and packages: who may gather, and that only what may be booked is gathered."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.boards import services
from apps.boards.models import Board, Entry, SavedFilter, Share
from apps.boards.services import gathering
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.organizations.models import Organization
from apps.twins.models import Twin
from apps.twins.services import erasure, listing
from tests.factories.people import World, acting, make_listed_twin, make_member, make_talent, make_user, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def board_of(world: World, **fields: Any) -> Board:
    made = {"name": "Linen", "twins": [world.twin]} | fields
    return services.create(by=world.producer.actor, organization=world.brand, **made)


def package_of(world: World, **fields: Any) -> Board:
    made = {"name": "Winter knits", "twins": [world.twin]} | fields
    return services.create(by=world.booker.actor, organization=world.agency, **made)


def entry_of(board: Board) -> Entry:
    return board.entries.select_related("board__organization").get()


def link_of(by: Actor, board: Board) -> Share:
    return services.share(by=by, board=board, days=14)[0]


def everybody(world: World) -> dict[str, Actor]:
    return {
        "the model": world.maya.actor,
        "the agency's owner": make_member(world.agency, "owner", "colette").actor,
        "the agency's booker": world.booker.actor,
        "the agency's accountant": make_member(world.agency, "accountant", "anne").actor,
        "another agency's booker": world.other_booker.actor,
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "another brand's owner": world.rival_producer.actor,
        "staff": acting(make_user("staff"), "platform", "staff", frozenset()),
        "a stranger": Actor(user_id=None, party="", kind="", name=""),
    }


PRODUCERS = {"the brand's owner", "the brand's producer"}
BOOKERS = {"the agency's owner", "the agency's booker"}
RIVAL = {"another brand's owner"}

ACTS: dict[str, tuple[Callable[[World, Actor], object], set[str]]] = {
    "shortlist": (lambda w, by: services.shortlist(by=by, brand=w.brand, twin=w.twin), PRODUCERS),
    "create a board": (lambda w, by: services.create(by=by, organization=w.brand, name="Linen"), PRODUCERS),
    "create a package": (lambda w, by: services.create(by=by, organization=w.agency, name="Knits"), BOOKERS),
    "change a board": (lambda w, by: services.change(by=by, board=board_of(w), name="Wool", note=""), PRODUCERS),
    "change a package": (lambda w, by: services.change(by=by, board=package_of(w), name="Wool", note=""), BOOKERS),
    "add": (lambda w, by: services.add(by=by, board=board_of(w, twins=[]), twins=[w.twin]), PRODUCERS),
    "add to a package": (lambda w, by: services.add(by=by, board=package_of(w, twins=[]), twins=[w.twin]), BOOKERS),
    "remove": (lambda w, by: services.remove(by=by, entry=entry_of(board_of(w))), PRODUCERS),
    "note": (lambda w, by: services.write_note(by=by, entry=entry_of(package_of(w)), note="wool"), BOOKERS),
    "delete": (lambda w, by: services.delete(by=by, board=board_of(w)), PRODUCERS),
    "share a board": (lambda w, by: services.share(by=by, board=board_of(w), days=14), PRODUCERS),
    "share a package": (lambda w, by: services.share(by=by, board=package_of(w), days=3), BOOKERS),
    "revoke": (lambda w, by: services.revoke(by=by, share=link_of(w.booker.actor, package_of(w))), BOOKERS),
    "take a package over": (
        lambda w, by: services.take_over(by=by, share=link_of(w.booker.actor, package_of(w)), brand=w.brand),
        PRODUCERS,
    ),
    "save a filter": (
        lambda w, by: services.save_filter(by=by, organization=w.brand, name="Tall", query="hmin=175"),
        PRODUCERS,
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_it_is_done_by_whoever_may_and_by_nobody_else_and_leaves_its_event(world: World, name: str) -> None:
    act, may = ACTS[name]
    done = set()
    for who, actor in everybody(world).items():
        before = Event.objects.count()
        try:
            act(world, actor)
        except NotAllowed:
            continue
        else:
            done.add(who)
            assert Event.objects.count() > before
        finally:
            Board.objects.all().delete()
            SavedFilter.objects.all().delete()
    assert done == may


def test_a_shortlist_and_a_filter_are_one_persons_own(world: World) -> None:
    paul = make_member(world.brand, "producer", "paul").actor
    services.shortlist(by=world.producer.actor, brand=world.brand, twin=world.twin)
    hers = Board.objects.get()
    with pytest.raises(NotAllowed):
        services.add(by=paul, board=hers, twins=[world.twin])
    saved = services.save_filter(by=world.producer.actor, organization=world.brand, name="Tall", query="hmin=175")
    with pytest.raises(NotAllowed):
        services.remove_filter(by=paul, saved=saved)
    services.remove_filter(by=world.producer.actor, saved=saved)
    assert not SavedFilter.objects.exists()


def test_a_press_puts_her_on_and_the_next_takes_her_off(world: World) -> None:
    by = world.producer.actor
    assert services.shortlist(by=by, brand=world.brand, twin=world.twin) is True
    assert services.shortlist(by=by, brand=world.brand, twin=world.twin) is False
    assert not Entry.objects.exists() and Board.objects.get().kind == "shortlist"


def test_only_a_twin_that_may_be_booked_is_gathered(world: World) -> None:
    """Nothing is shown or used without the model's own yes: a paused twin goes on no list, and the reason is hers."""
    listing.pause(by=world.maya.actor, twin=world.twin)
    with pytest.raises(Refused, match="not available for your brand now"):
        services.shortlist(by=world.producer.actor, brand=world.brand, twin=world.twin)
    assert not board_of(world).entries.exists()
    assert not package_of(world).entries.exists()


def test_a_barred_brand_gathers_her_neither_itself_nor_by_a_package_for_it(world: World) -> None:
    world.talent.boundaries.barred_brands.add(world.brand)
    assert not board_of(world).entries.exists()
    assert not package_of(world, for_brand=world.brand).entries.exists()
    assert package_of(world, for_brand=world.rival).entries.count() == 1


def test_an_agency_chooses_of_its_own_roster_alone(world: World) -> None:
    stranger = make_listed_twin(*make_talent("zoe"))
    assert package_of(world, twins=[world.twin, stranger]).entries.get().twin == world.twin


def test_what_an_agency_no_longer_represents_leaves_what_its_links_show(world: World) -> None:
    package = package_of(world)
    assert gathering.may_hold(package).get() == world.twin
    world.talent.mandates.filter(agency=world.agency).update(ended_on=timezone.now().date())
    assert not gathering.may_hold(package).exists()


def test_a_package_is_taken_over_once_with_the_notes_and_only_what_that_brand_may_book(world: World) -> None:
    other = make_listed_twin(*make_talent("zoe", agency=world.agency))
    package = package_of(world, twins=[world.twin, other])
    services.write_note(by=world.booker.actor, entry=package.entries.get(twin=world.twin), note="for the knits")
    other.talent.boundaries.barred_brands.add(world.brand)
    link = link_of(world.booker.actor, package)
    taken = services.take_over(by=world.producer.actor, share=link, brand=world.brand)
    entry = taken.entries.get()
    assert (taken.kind, taken.organization, entry.twin, entry.note) == (
        "board", world.brand, world.twin, "for the knits",
    )  # fmt: skip
    assert services.take_over(by=world.producer.actor, share=link, brand=world.brand) == taken
    services.delete(by=world.booker.actor, board=package)
    assert Board.objects.get() == taken


def test_a_package_for_one_brand_is_taken_over_by_that_brand_alone(world: World) -> None:
    link = link_of(world.booker.actor, package_of(world, for_brand=world.rival))
    with pytest.raises(NotAllowed):
        services.take_over(by=world.producer.actor, share=link, brand=world.brand)
    assert services.take_over(by=world.rival_producer.actor, share=link, brand=world.rival)


def test_a_board_and_a_stopped_link_are_not_taken_over(world: World) -> None:
    with pytest.raises(StaleState):
        services.take_over(
            by=world.rival_producer.actor, share=link_of(world.producer.actor, board_of(world)), brand=world.rival
        )
    link = link_of(world.booker.actor, package_of(world))
    services.revoke(by=world.booker.actor, share=link)
    with pytest.raises(StaleState):
        services.take_over(by=world.producer.actor, share=link, brand=world.brand)


def test_a_shortlist_and_an_unchecked_house_make_no_links(world: World) -> None:
    services.shortlist(by=world.producer.actor, brand=world.brand, twin=world.twin)
    shortlist, board = Board.objects.get(), board_of(world)
    with pytest.raises(Refused, match="your own"):
        services.share(by=world.producer.actor, board=shortlist, days=14)
    Organization.objects.filter(pk=world.brand.pk).update(checked_at=None)
    board.organization.refresh_from_db()
    with pytest.raises(Refused, match="checked"):
        services.share(by=world.producer.actor, board=board, days=14)


@pytest.mark.parametrize(
    ("fields", "field"), [({"name": " "}, "name"), ({"name": "x" * 81}, "name"), ({"note": "x" * 1_001}, "note")]
)
def test_what_cannot_be_says_which_field(world: World, fields: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        board_of(world, **fields)
    assert error.value.field == field


def test_an_erased_twin_leaves_every_board_with_what_was_written_of_her(world: World) -> None:
    """GDPR art. 17."""
    board = board_of(world)
    services.write_note(by=world.producer.actor, entry=entry_of(board), note="freckles")
    erasure.erase(by=world.maya.actor, twin=Twin.objects.get(pk=world.twin.pk))
    assert not Entry.objects.exists()
