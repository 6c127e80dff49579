"""A package for a brand: the brand is told, finds it on its page of boards, and opens it without the link's secret."""

import pytest
from django.urls import reverse

from apps.boards import services
from apps.boards.models import Board, Opening
from apps.notifications.models import Mail, Notice
from apps.organizations.models import Organization
from tests.factories.clients import signed_in
from tests.factories.people import Person, World, make_member, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def package_for(world: World, brand: Organization | None) -> Board:
    return services.create(
        by=world.booker.actor, organization=world.agency, name="Winter knits", for_brand=brand, twins=[world.twin]
    )


def sent(world: World) -> Board:
    package = package_for(world, world.brand)
    services.share(by=world.booker.actor, board=package, days=14)
    return package


def told(brand: Organization) -> list[str]:
    return list(Notice.objects.filter(to=brand.party, kind="board.package").values_list("url", flat=True))


def text_of(person: Person, name: str, *args: object) -> str:
    answer = signed_in(person).get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_brand_is_told_with_the_first_link_and_never_of_the_secret(world: World) -> None:
    viewer = make_member(world.brand, "viewer", "vera")
    package = package_for(world, world.brand)
    assert told(world.brand) == []
    _, secret = services.share(by=world.booker.actor, board=package, days=14)
    services.share(by=world.booker.actor, board=package, days=3)
    assert told(world.brand) == [reverse("package", args=[package.pk])]
    notice = Notice.objects.get(kind="board.package")
    assert secret not in notice.url + str(notice.values)
    mailed = Mail.objects.filter(notice=notice).values_list("address", flat=True)
    assert world.producer.user.email in mailed and viewer.user.email not in mailed
    page = text_of(world.producer, "notices")
    assert "Elan sends you a package: Winter knits" in page and "One twin, chosen for you." in page


def test_a_package_for_anybody_and_a_board_tell_nobody(world: World) -> None:
    board = services.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])
    services.share(by=world.producer.actor, board=board, days=14)
    services.share(by=world.booker.actor, board=package_for(world, None), days=14)
    assert not Notice.objects.filter(kind="board.package").exists()


def test_another_brand_that_it_is_given_to_is_told_and_the_first_one_sees_it_no_more(world: World) -> None:
    package = sent(world)
    services.change(by=world.booker.actor, board=package, name="Winter knits", note="", for_brand=world.rival)
    assert told(world.rival) == [reverse("package", args=[package.pk])]
    assert signed_in(world.producer).get(reverse("package", args=[package.pk])).status_code == 404


def test_it_stands_among_the_boards_and_is_taken_over_there(world: World) -> None:
    package = sent(world)
    assert reverse("package", args=[package.pk]) in text_of(world.producer, "boards")
    assert "Winter knits" not in text_of(world.rival_producer, "boards")
    assert "Take it over as a board" in text_of(world.producer, "package", package.pk)
    assert Opening.objects.get().organization == world.brand
    answer = signed_in(world.producer).post(reverse("package_take", args=[package.pk]))
    taken = Board.objects.get(taken_from=package)
    assert answer.url == reverse("board", args=[taken.pk])
    assert "Taken over" in text_of(world.producer, "boards")


def test_it_is_gone_with_the_last_link(world: World) -> None:
    package = sent(world)
    services.revoke(by=world.booker.actor, share=package.shares.select_related("board__organization").get())
    client = signed_in(world.producer)
    assert client.get(reverse("package", args=[package.pk])).status_code == 404
    assert client.post(reverse("package_take", args=[package.pk])).status_code == 404
    assert "Winter knits" not in text_of(world.producer, "boards")


def test_who_looks_only_reads_it_and_takes_nothing_over(world: World) -> None:
    package, viewer = sent(world), make_member(world.brand, "viewer", "vera")
    assert "Take it over as a board" not in text_of(viewer, "package", package.pk)
    assert signed_in(viewer).post(reverse("package_take", args=[package.pk])).status_code == 403


@pytest.mark.parametrize("who", ["rival_producer", "booker", "maya"])
def test_nobody_else_opens_it(world: World, who: str) -> None:
    package = sent(world)
    assert signed_in(getattr(world, who)).get(reverse("package", args=[package.pk])).status_code in (403, 404)
