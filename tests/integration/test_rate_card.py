"""An agency's rate card on its page: what it changes against the usual factors, version by version."""

import pytest
from django.urls import reverse

from apps.pricing.models import RateCard
from apps.pricing.services import factors_for
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import Person, World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


def publish(world: World, version: int, who: Person | None = None, **typed: str):
    fields = {name.replace("_", "-", 1): value for name, value in typed.items()} | {"version": str(version)}
    return signed_in(who or world.booker).post(reverse("rate_card"), fields)


def cards(world: World) -> list[tuple[int, dict]]:
    rows = RateCard.objects.filter(owner=world.agency.party).order_by("version")
    return [(card.version, card.factors) for card in rows]


def test_only_what_differs_is_published_and_holds_at_once(world: World) -> None:
    assert publish(world, 0, media_tv="6", media_own="1", window_12="1.25").status_code == 302
    assert cards(world) == [(1, {"media": {"tv": 60_000}, "window": {"12": 12_500}})]
    holds = factors_for(talent_ref=world.talent.party, agency=world.agency.party)
    assert (holds.bp("media", "tv"), holds.bp("media", "own"), holds.bp("window", "12")) == (60_000, 10_000, 12_500)
    page = signed_in(world.booker).get(reverse("rate_card")).content.decode()
    assert "Television × 6, 12 months × 1.25" in page and "Version 1" in page and "Claire" in page


def test_another_version_leaves_the_first_as_it_was(world: World) -> None:
    publish(world, 0, media_tv="6")
    publish(world, 1, media_tv="5", volume_further_500="0.25")
    publish(world, 2)
    assert cards(world) == [
        (1, {"media": {"tv": 60_000}}),
        (2, {"media": {"tv": 50_000}, "volume": {"further_500": 2_500}}),
        (3, {"media": {"tv": 40_000}, "volume": {"further_500": 5_000}}),  # back to the usual factors
    ]
    assert "The usual factors." in signed_in(world.booker).get(reverse("rate_card")).content.decode()


def test_what_is_no_factor_is_refused_beside_its_field_and_kept(world: World) -> None:
    answer = publish(world, 0, media_tv="much", territory_more="21", category_swim="3")
    page = answer.content.decode()
    assert answer.status_code == 422 and cards(world) == []
    assert "A number, like 1.75." in page and "From 0.01 to 20." in page
    assert 'value="much"' in page and 'value="3"' in page


def test_nothing_new_and_an_old_page_publish_nothing(world: World) -> None:
    assert publish(world, 0).status_code == 409
    publish(world, 0, media_tv="6")
    late = publish(world, 0, media_tv="7")
    assert late.status_code == 409 and "Somebody else published a version meanwhile." in late.content.decode()
    assert publish(world, 1, media_tv="6.0").status_code == 409
    assert len(cards(world)) == 1


def test_an_accountant_reads_it_and_a_foreign_booker_has_her_own(world: World) -> None:
    publish(world, 0, media_tv="6")
    accountant = make_member(world.agency, "accountant", "anne")
    page = signed_in(accountant).get(reverse("rate_card")).content.decode()
    assert "× 6" in page and "<button" not in page.split("</header>")[1].split("<footer")[0]
    assert publish(world, 1, accountant, media_tv="7").status_code == 403
    assert (
        "None yet: the usual factors hold." in signed_in(world.other_booker).get(reverse("rate_card")).content.decode()
    )


def test_the_page_asks_the_same_number_of_queries_whatever_the_versions(world: World) -> None:
    few, many = with_few_and_many(
        signed_in(world.booker), reverse("rate_card"), lambda n: publish(world, n, media_tv=f"{5 + n / 10}")
    )
    assert few == many
