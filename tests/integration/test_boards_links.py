"""A board behind a link: who opens it, what it shows, and when it stops."""

import hashlib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.boards import services
from apps.boards.models import Board, Opening, Share
from apps.media import renditions
from apps.media.services import store
from apps.organizations.models import Organization
from apps.portal.views.shares import OPENED_PER_MINUTE
from apps.twins.models import Twin
from apps.twins.services import listing
from tests.factories.counting import queries_of
from tests.factories.likenesses import photograph
from tests.factories.people import World, make_listed_twin, make_talent, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_world()


def shared(world: World, *, package: bool = False, **fields: object) -> tuple[Board, str]:
    """A board of the brand, or a package of the agency, and the address of its link."""
    by, owner = (world.booker.actor, world.agency) if package else (world.producer.actor, world.brand)
    made = {"name": "Linen, first light", "twins": [world.twin]} | fields
    board = services.create(by=by, organization=owner, **made)  # type: ignore[arg-type]
    _, secret = services.share(by=by, board=board, days=14)
    return board, reverse("shared", args=[secret])


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def text_of(address: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_stranger_opens_it_and_sees_names_notes_and_no_price(world: World) -> None:
    board, address = shared(world)
    services.write_note(
        by=world.producer.actor, entry=board.entries.select_related("board").get(), note="Beside a window"
    )
    page = text_of(address)
    assert world.talent.stage_name in page and "Beside a window" in page
    assert "€" not in page and "Compose" not in page


def test_only_the_fingerprint_of_the_secret_is_kept_and_the_page_tells_it_once(world: World) -> None:
    board, _ = shared(world)
    client = signed_in(world.producer.user)
    page = client.post(reverse("board_share", args=[board.pk]), {"days": "3"}).content.decode()
    secret = page.split("/s/")[1].split("/")[0]
    assert Share.objects.filter(secret_sha256=hashlib.sha256(secret.encode()).hexdigest()).exists()
    assert secret not in text_of(reverse("board", args=[board.pk]), client)


def test_every_picture_of_it_is_watermarked(world: World) -> None:
    file = store(
        data=photograph("P001", "studio_portrait"), kind="cover", owner=world.talent.party, content_type="image/jpeg"
    )
    Twin.objects.filter(pk=world.twin.pk).update(chosen_cover=file, cover_until=timezone.now() + timedelta(days=9))
    _, address = shared(world)
    page = text_of(address)
    pictures = [part.split('"')[0] for part in page.split('<img src="')[1:]]
    assert len(pictures) == 1
    assert Client().get(pictures[0]).status_code == 200
    made = file.renditions.get()
    assert made.name == "shared640" and renditions.RECIPES["shared640"].mark


def test_it_stops_when_it_ends_or_is_taken_back_and_says_no_more_than_that_it_is_not_there(world: World) -> None:
    _, ended = shared(world)
    Share.objects.update(expires_at=timezone.now())
    board, revoked = shared(world)
    client = signed_in(world.producer.user)
    link = board.shares.get()
    assert client.post(reverse("share_revoke", args=[link.pk])).status_code == 302
    for address in (ended, revoked, reverse("shared", args=["never-made"])):
        assert Client().get(address).status_code == 404
    assert client.post(reverse("share_revoke", args=[link.pk])).status_code == 409


def test_a_deleted_board_ends_its_links(world: World) -> None:
    board, address = shared(world)
    signed_in(world.producer.user).post(reverse("board_delete", args=[board.pk]))
    assert Client().get(address).status_code == 404


def test_it_shows_only_who_may_be_booked_now_and_not_why_somebody_may_not(world: World) -> None:
    """Nothing is shown without the model's own yes: a pause and a rule take her off every link at once."""
    _, address = shared(world)
    listing.pause(by=world.maya.actor, twin=world.twin)
    page = text_of(address)
    assert world.talent.stage_name not in page and "paused" not in page
    assert "not available now" in page
    listing.resume(by=world.maya.actor, twin=world.twin)
    assert world.talent.stage_name in text_of(address)
    world.talent.boundaries.barred_brands.add(world.brand)
    assert world.talent.stage_name not in text_of(address)


def test_a_brand_that_she_bars_does_not_see_her_in_a_package_for_anybody(world: World) -> None:
    _, address = shared(world, package=True)
    world.talent.boundaries.barred_brands.add(world.rival)
    assert world.talent.stage_name in text_of(address, signed_in(world.producer.user))
    assert world.talent.stage_name not in text_of(address, signed_in(world.rival_producer.user))


def test_each_opening_is_counted_and_listed_without_an_address(world: World) -> None:
    board, address = shared(world, package=True)
    phone = Client(headers={"User-Agent": "Mozilla/5.0 (iPhone) Version/17 Safari/604"})
    phone.get(address)
    phone.head(address)
    signed_in(world.producer.user).get(address)
    signed_in(world.booker.user).get(address)  # the agency looks at its own
    seen = [(one.device, one.organization) for one in Opening.objects.order_by("created_at")]
    assert seen == [("Safari on iPhone", None), ("A browser", world.brand)]
    page = text_of(reverse("board", args=[board.pk]), signed_in(world.booker.user))
    assert "Opened 2×" in page and "Safari on iPhone" in page and world.brand.name in page


def test_whoever_opens_too_often_waits(world: World) -> None:
    _, address = shared(world)
    answers = {Client().get(address).status_code for _ in range(OPENED_PER_MINUTE)}
    assert answers == {200}
    assert Client().get(address).status_code == 429
    assert Opening.objects.count() == OPENED_PER_MINUTE


def test_no_search_engine_and_no_cache_keeps_it(world: World) -> None:
    answer = Client().get(shared(world)[1])
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and "no-store" in answer["Cache-Control"]


def test_a_brand_takes_the_package_over_with_one_press(world: World) -> None:
    _, address = shared(world, package=True, for_brand=world.brand)
    assert "Sign in to take it over" in text_of(address)
    producer = signed_in(world.producer.user)
    assert "Take it over as a board" in text_of(address, producer)
    answer = producer.post(f"{address}take/")
    board = Board.objects.get(organization=world.brand)
    assert answer.status_code == 302 and answer["Location"] == reverse("board", args=[board.pk])
    assert world.talent.stage_name in text_of(answer["Location"], producer)


@pytest.mark.parametrize("who", ["rival_producer", "booker", "maya"])
def test_nobody_else_takes_it_over(world: World, who: str) -> None:
    _, address = shared(world, package=True, for_brand=world.brand)
    client = signed_in(getattr(world, who).user)
    assert "Take it over as a board" not in text_of(address, client)
    assert client.post(f"{address}take/").status_code == 403
    assert not Board.objects.filter(kind="board").exists()


def test_a_longer_board_asks_no_more_questions(world: World) -> None:
    board, address = shared(world, package=True)
    few = queries_of(Client(), address)
    for number in range(6):
        twin = make_listed_twin(*make_talent(f"model-{number}", agency=world.agency))
        services.add(by=world.booker.actor, board=board, twins=[twin])
    assert queries_of(Client(), address) == few


def test_another_house_finds_neither_board_nor_link(world: World) -> None:
    board, _ = shared(world)
    rival = signed_in(world.rival_producer.user)
    link = board.shares.get()
    assert rival.get(reverse("board", args=[board.pk])).status_code == 404
    assert rival.post(reverse("share_revoke", args=[link.pk])).status_code == 404
    assert Organization.objects.get(pk=world.brand.pk).boards.get().shares.get().alive
