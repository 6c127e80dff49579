"""How many questions a page asks the database, with few rows and with many."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

FEW, MANY = 3, 30


def queries_of(client: Client, address: str) -> int:
    """Queries of one successful GET, after a first one that fills the caches."""
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as questions:
        client.get(address)
    return len(questions)


def with_few_and_many(client: Client, address: str, add: Callable[[int], object]) -> tuple[int, int]:
    """The page's queries with 3 rows and with 30; `add` makes one row of the given number."""
    for number in range(FEW):
        add(number)
    few = queries_of(client, address)
    for number in range(FEW, MANY):
        add(number)
    return few, queries_of(client, address)
