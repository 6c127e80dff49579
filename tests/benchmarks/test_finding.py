"""A hundred thousand twins must feel like a hundred: the questions of the twins page over many rows against few."""

import time
from collections.abc import Callable

import pytest

from apps.organizations.models import Organization
from apps.portal import catalogue
from apps.portal.catalogue import Wanted
from apps.twins.models import Twin
from tests.factories import portal_people as people
from tests.factories.many_twins import many_twins

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]

FEW, MANY = 100, 100_000
TRIES = 5
SLOWEST = 60  # a thousand times the rows costs at most this many times the time

SEARCHES = {
    "everything": Wanted(),
    "by price": Wanted(sort="price"),
    "facets": Wanted(uses=("tv",), boards=("women",), shortest=170),
    "a name": Wanted(name="noor achebe"),
    "a mistyped name": Wanted(name="lindqvst"),
}


def seconds(search: Callable[[], object]) -> float:
    """The median."""
    search()
    took = []
    for _ in range(TRIES):
        start = time.perf_counter()
        search()
        took.append(time.perf_counter() - start)
    return sorted(took)[TRIES // 2]


def measure(brand: Organization) -> dict[str, float]:
    found = {}
    for name, wanted in SEARCHES.items():
        found[name] = seconds(lambda wanted=wanted: catalogue.search(brand, wanted, "1"))
    return found


def test_a_hundred_thousand_twins(capsys: pytest.CaptureFixture[str]) -> None:
    brand = people.brand("Maison Orsay")
    many_twins(FEW)
    few = measure(brand)
    start = time.perf_counter()
    many_twins(MANY - FEW, agencies=100, first=FEW)
    made = time.perf_counter() - start
    many = measure(brand)
    pause = seconds(lambda: Twin.objects.filter(talent__slug="many-1").update(state=Twin.State.LISTED))
    with capsys.disabled():
        print(f"\n{MANY:,} twins made in {made:.0f} s; one change of a fact {pause * 1000:.1f} ms")
        for name, took in many.items():
            print(f"{name}: {few[name] * 1000:.0f} ms with {FEW}, {took * 1000:.0f} ms, {took / few[name]:.1f} times")
    assert all(many[name] < SLOWEST * few[name] for name in SEARCHES)
