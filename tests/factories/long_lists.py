"""Lists that grow to ten, a thousand and a hundred thousand rows: what is asked for, and how much is shown."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.clients import signed_in
from tests.factories.people import Person

ROUNDS = (range(1, 10), range(10, 1_000), range(1_000, 100_000))  # beside the one that is copied
LONGEST_PAGE = 400_000  # bytes


def assert_constant(pages: dict[str, Person], add: Callable[[range], object]) -> None:
    """`pages` are addresses, each with whoever reads it. None asks more questions for more rows, or shows them all."""
    readers = {address: signed_in(person) for address, person in pages.items()}
    seen: dict[str, list[tuple[int, int]]] = {address: [] for address in pages}
    for numbers in ROUNDS:
        add(numbers)
        for address, client in readers.items():
            if not seen[address]:
                _read(client, address)  # fills the caches
            seen[address].append(_read(client, address))
    asked = {address: [questions for questions, _ in read] for address, read in seen.items()}
    more = {address: counts for address, counts in asked.items() if len(set(counts)) != 1}
    long = {address: read[-1][1] for address, read in seen.items() if read[-1][1] > LONGEST_PAGE}
    assert not more and not long, f"questions with each round: {more}; bytes: {long}"


def _read(client: Client, address: str) -> tuple[int, int]:
    """Questions asked and bytes answered."""
    with CaptureQueriesContext(connection) as questions:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(questions), len(answer.content)
