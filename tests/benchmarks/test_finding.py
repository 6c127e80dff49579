"""A hundred thousand twins must feel like a hundred: the twins page as a producer opens it, over many rows against few.

The floors of the same run: the same page over few rows, and a question that reads every row of the table once.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.twins.models import Twin
from tests.factories import portal_people as people
from tests.factories.many_twins import many_twins

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]

FEW, MANY = 100, 100_000
TRIES = 15
TIMES_THE_FEW = 5  # a thousand times the rows: at most so many times the time of the page
LONGEST_QUESTION = 0.15  # seconds, on two cores with nothing else to do

SEARCHES = {
    "everything": "",
    "by price": "sort=price",
    "facets": "use=tv&board=women&hmin=170",
    "one agency": "agency={agency}",
    "a name": "q=noor+achebe",
    "a mistyped name": "q=lindqvst",
    "a mistyped agency of everybody": "q=hose",
    "a name and facets": "q=noor&use=tv&board=women&sort=price",
    "a letter": "q=n",
    "nobody": "q=zzzzzz",
}


@contextmanager
def questions() -> Iterator[list[float]]:
    """Seconds that each question to the database took."""
    took: list[float] = []

    def timed(execute: Callable[..., Any], *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*args)
        finally:
            took.append(time.perf_counter() - start)

    with connection.execute_wrapper(timed):
        yield took


def seconds(act: Callable[[], object]) -> float:
    """The best of its tries: the others measure what else the machine is doing."""
    act()
    took = []
    for _ in range(TRIES):
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
    return min(took)


def measure(client: Client, agency: str) -> dict[str, tuple[float, float]]:
    """By search, the seconds of the whole page and those of its longest question."""
    found = {}
    for name, query in SEARCHES.items():
        address = f"{reverse('twins')}?{query.format(agency=agency)}"
        longest: list[float] = []

        def ask(address: str = address, longest: list[float] = longest) -> None:
            with questions() as took:
                assert client.get(address).status_code == 200
            longest.append(max(took))

        found[name] = seconds(ask), min(longest)
    return found


def read_once() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(words) FROM boards_findable")


def test_a_hundred_thousand_twins(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    client.force_login(people.member(people.brand("Maison Orsay"), "Ines Martel", "producer"))
    agency = many_twins(FEW)[0].slug
    few = measure(client, agency)
    start = time.perf_counter()
    many_twins(MANY - FEW, agencies=100, first=FEW)
    made = time.perf_counter() - start
    many = measure(client, agency)
    floor = seconds(read_once)
    pause = seconds(lambda: Twin.objects.filter(talent__slug="many-1").update(state=Twin.State.LISTED))
    with capsys.disabled():
        print(f"\n{MANY:,} twins made in {made:.0f} s; one change of a fact {pause * 1e3:.1f} ms")
        print(f"floor: every row read once {floor * 1e3:.0f} ms")
        for name, (page, question) in many.items():
            before = few[name][0]
            print(
                f"{name}: page {before * 1e3:.0f} ms over {FEW}, {page * 1e3:.0f} ms over {MANY:,}, {page / before:.1f}"
                f" times; longest question {question * 1e3:.0f} ms, {question / floor:.1f} times the floor"
            )
    assert {name: page / few[name][0] for name, (page, _) in many.items() if page > TIMES_THE_FEW * few[name][0]} == {}
    assert {name: question for name, (_, question) in many.items() if question > LONGEST_QUESTION} == {}
