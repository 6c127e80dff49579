"""The pages of choosing: a press, a saved filter, two side by side, a board; at a constant number of questions."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.boards import services
from apps.boards.models import Board, Entry, SavedFilter
from apps.twins.services import listing
from tests.factories import portal_people as people
from tests.factories.counting import queries_of
from tests.factories.people import World, make_listed_twin, make_member, make_talent, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def producer(world: World) -> Client:
    client = Client()
    client.force_login(world.producer.user)
    return client


def test_one_press_answers_with_the_pressed_button_and_the_tray(world: World, producer: Client) -> None:
    press = {"twin": world.talent.slug}
    answer = producer.post(reverse("shortlist_press"), press, headers={"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in answer and "1 on my shortlist" in answer
    back = producer.post(reverse("shortlist_press"), press | {"next": reverse("twins")})
    assert back.status_code == 302 and not Entry.objects.exists()


def test_a_press_on_a_paused_twin_says_so_in_general_words(world: World, producer: Client) -> None:
    listing.pause(by=world.maya.actor, twin=world.twin)
    press = {"twin": world.talent.slug}
    answer = producer.post(reverse("shortlist_press"), press, headers={"HX-Request": "true"})
    assert (
        "not available for your brand now" in answer["HX-Trigger"] and 'aria-pressed="false"' in answer.content.decode()
    )


def test_a_viewer_sees_no_heart_and_may_not_press(world: World) -> None:
    client = Client()
    client.force_login(make_member(world.brand, "viewer", "vera").user)
    assert "data-key" in (page := client.get(reverse("twins")).content.decode()) and 'class="add"' not in page
    assert client.post(reverse("shortlist_press"), {"twin": world.talent.slug}).status_code == 403
    assert client.get(reverse("board_new")).status_code == 403


def test_a_filter_is_saved_in_one_spelling_and_leads_back(world: World, producer: Client) -> None:
    typed = "sort=name&use=tv&use=own&q=%20maya&skin=dark&page=3"
    answer = producer.post(reverse("filter_save"), {"name": "Moving pictures", "query": typed})
    assert answer["Location"] == f"{reverse('twins')}?q=maya&use=own&use=tv"
    assert "Moving pictures" in producer.get(reverse("twins")).content.decode()
    again = producer.post(reverse("filter_save"), {"name": "Moving pictures", "query": typed})
    assert again.status_code == 422 and "You have a filter of this name" in again.content.decode()
    producer.post(reverse("filter_remove", args=[SavedFilter.objects.get().pk]))
    assert not SavedFilter.objects.exists()


def test_each_chip_leads_to_the_search_without_it(world: World, producer: Client) -> None:
    page = producer.get(reverse("twins") + "?q=maya&use=tv&hmin=150").content.decode()
    assert "?use=tv&amp;hmin=150" in page or "?hmin=150&amp;use=tv" in page
    assert "?q=maya&amp;use=tv" in page


def test_two_are_compared_and_one_that_may_not_be_booked_is_left_out(world: World, producer: Client) -> None:
    zoe = make_listed_twin(*make_talent("zoe", agency=world.agency))
    address = f"{reverse('compare')}?twin={world.talent.slug}&twin={zoe.talent.slug}"
    page = producer.get(address).content.decode()
    assert page.count('<a class="name"') == 2 and "Price from" in page and "Television" in page
    listing.pause(by=world.maya.actor, twin=world.twin)
    page = producer.get(address).content.decode()
    assert "1 of them is not available" in page and "Choose two to four" in page
    assert world.talent.stage_name not in page


def test_a_board_says_in_general_words_why_somebody_may_not_be_booked(world: World, producer: Client) -> None:
    board = services.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])
    address = reverse("board", args=[board.pk])
    world.talent.boundaries.barred_brands.add(world.brand)
    page = producer.get(address).content.decode()
    assert "Not available for your brand now." in page and reverse("twin", args=[world.talent.slug]) not in page


def test_a_shortlist_becomes_a_board(world: World, producer: Client) -> None:
    services.shortlist(by=world.producer.actor, brand=world.brand, twin=world.twin)
    shortlist = Board.objects.get()
    producer.post(reverse("board_new"), {"name": "Linen", "note": "", "from": str(shortlist.pk)})
    assert Board.objects.get(kind="board").entries.get().twin == world.twin
    refused = producer.post(reverse("board_new"), {"name": "", "note": "kept words"})
    assert refused.status_code == 422 and "kept words" in refused.content.decode()


def test_boards_and_a_board_ask_the_same_number_of_questions_for_any_number(world: World, producer: Client) -> None:
    board = services.create(by=world.producer.actor, organization=world.brand, name="Linen", twins=[world.twin])
    addresses = [reverse("boards"), reverse("board", args=[board.pk])]
    few = [queries_of(producer, address) for address in addresses]
    for number in range(6):
        twin = people.twin(f"Model {number}", of=world.agency)
        services.add(by=world.producer.actor, board=board, twins=[twin])
        services.create(by=world.producer.actor, organization=world.brand, name=f"Board {number}", twins=[twin])
    assert [queries_of(producer, address) for address in addresses] == few
