"""Lists that grow to ten, a thousand and a hundred thousand rows: what is asked for, and how much is shown."""

from collections.abc import Callable

from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.people import Person

ROUNDS = (range(1, 10), range(10, 1_000), range(1_000, 100_000))  # beside the one that is copied
LONGEST_PAGE = 400_000  # bytes


def assert_constant(pages: dict[str, Person], add: Callable[[range], object]) -> None:
    """`pages` are addresses, each with whoever reads it. None asks more questions for more rows, or shows them all."""
    readers = {address: signed_in(person) for address, person in pages.items()}
    asked: dict[str, list[int]] = {address: [] for address in pages}
    for numbers in ROUNDS:
        add(numbers)
        for address, client in readers.items():
            asked[address].append(queries_of(client, address))
    assert {address: counts for address, counts in asked.items() if len(set(counts)) != 1} == {}
    sizes = {address: len(client.get(address).content) for address, client in readers.items()}
    assert {address: size for address, size in sizes.items() if size > LONGEST_PAGE} == {}
