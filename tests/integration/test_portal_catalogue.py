"""What a brand finds in the catalogue: only what it may book, at a constant number of queries."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.consents.models import Consent, Purpose
from apps.organizations.models import Organization
from apps.portal import catalogue
from apps.portal.catalogue import Wanted
from apps.twins.models import Twin
from tests.factories import portal_people as people
from tests.factories.counting import with_few_and_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def orsay() -> Organization:
    return people.brand("Maison Orsay")


def names(brand: Organization, wanted: Wanted | None = None) -> list[str]:
    return [card.name for card in catalogue.search(brand, wanted or Wanted(), "1").cards]


def signed_in(client: Client, brand: Organization, role: str = "producer") -> Client:
    client.force_login(people.member(brand, "Ines Martel", role))
    return client


def test_a_listed_twin_with_all_consents_is_found(orsay: Organization) -> None:
    people.twin("Noor Achebe", of=people.agency())
    assert names(orsay) == ["Noor Achebe"]


def _pause(twin: Twin) -> None:
    Twin.objects.filter(pk=twin.pk).update(state=Twin.State.PAUSED)


def _withdraw_publish(twin: Twin) -> None:
    Consent.objects.filter(talent=twin.talent, purpose=Purpose.PUBLISH).update(withdrawn_at=timezone.now())


def _withdraw_promote(twin: Twin) -> None:
    Consent.objects.filter(talent=twin.talent, purpose=Purpose.PROMOTE).update(withdrawn_at=timezone.now())


def _lapse(twin: Twin) -> None:
    Twin.objects.filter(pk=twin.pk).update(best_before=timezone.now().date().replace(year=2020, day=1))


def _bar_fashion(twin: Twin) -> None:
    twin.talent.boundaries.barred_categories = ["fashion"]
    twin.talent.boundaries.save()


@pytest.mark.parametrize("hide", [_pause, _withdraw_publish, _withdraw_promote, _lapse, _bar_fashion])
def test_a_twin_that_may_not_work_for_this_brand_is_not_shown(
    orsay: Organization, hide: Callable[[Twin], None], client: Client
) -> None:
    noor = people.twin("Noor Achebe", of=people.agency())
    hide(noor)
    assert names(orsay) == []
    assert signed_in(client, orsay).get(reverse("twin", args=[noor.talent.slug])).status_code == 404


def test_a_barred_brand_does_not_find_her_but_its_competitor_does(orsay: Organization) -> None:
    noor = people.twin("Noor Achebe", of=people.agency())
    noor.talent.boundaries.barred_brands.add(orsay)
    assert names(orsay) == []
    assert names(people.brand("Halden & Rye")) == ["Noor Achebe"]


def test_facets_narrow_and_count_within_what_the_others_leave(orsay: Organization) -> None:
    elan, northlight = people.agency("Élan Models"), people.agency("Northlight")
    people.twin("Noor Achebe", of=elan, board="women")
    people.twin("Mateo Ruiz", of=northlight, board="men")
    saga = people.twin("Saga Lindqvist", of=northlight, board="women")
    saga.talent.boundaries.barred_media = ["tv"]
    saga.talent.boundaries.save()
    results = catalogue.search(orsay, Wanted(boards=("women",), uses=("tv",)), "1")
    assert [card.name for card in results.cards] == ["Noor Achebe"]
    counts = {facet.key: {option.label: option.count for option in facet.options} for facet in results.facets}
    assert counts["board"] == {"Women": 1, "Men": 1}
    assert counts["use"]["Television"] == 1 and counts["use"]["E-commerce"] == 2
    assert counts["agency"] == {"Élan Models": 1}


def test_no_facet_asks_for_ethnicity_or_skin(orsay: Organization) -> None:
    keys = {facet.key for facet in catalogue.search(orsay, Wanted(), "1").facets}
    assert keys == {"use", "board", "agency"}


def test_the_price_starts_at_the_smallest_booking(orsay: Organization) -> None:
    people.twin("Noor Achebe", of=people.agency(), day_rate=150_000)
    card = catalogue.search(orsay, Wanted(), "1").cards[0]
    # session 1,500 + usage 1,500 × 0.5 = 2,250; service 20 % and platform 8 % of it
    assert (card.from_minor, card.currency) == (288_000, "EUR")


def test_a_broken_address_still_shows_twins(orsay: Organization, client: Client) -> None:
    people.twin("Noor Achebe", of=people.agency())
    page = signed_in(client, orsay).get(reverse("twins") + "?use=soul&hmin=tall&sort=skin&page=99")
    assert page.status_code == 200 and "Noor Achebe" in page.content.decode()


def test_the_catalogue_asks_the_same_number_of_questions_for_any_number_of_twins(
    orsay: Organization, client: Client
) -> None:
    elan = people.agency()
    signed_in(client, orsay)
    few, many = with_few_and_many(client, reverse("twins"), lambda number: people.twin(f"Model {number:02d}", of=elan))
    assert few == many


def test_htmx_gets_the_results_alone(orsay: Organization, client: Client) -> None:
    people.twin("Noor Achebe", of=people.agency())
    page = signed_in(client, orsay).get(reverse("twins"), headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<div id="results">') and "<html" not in page


def test_a_stranger_signs_in_first_and_a_model_is_refused(client: Client) -> None:
    assert client.get(reverse("twins")).status_code == 302
    client.force_login(people.talent("Noor Achebe").user)
    assert client.get(reverse("twins")).status_code == 403


def test_the_twin_page_tells_rules_in_general_words_and_keeps_the_lowest_fee(
    orsay: Organization, client: Client
) -> None:
    noor = people.twin("Noor Achebe", of=people.agency("Élan Models"))
    noor.talent.boundaries.barred_categories = ["fur"]
    noor.talent.boundaries.lowest_fee_minor = 777_700
    noor.talent.boundaries.save()
    page = signed_in(client, orsay).get(reverse("twin", args=[noor.talent.slug])).content.decode()
    assert "Fur" in page and "Élan Models" in page and "24 months" in page
    assert "7,777" not in page
