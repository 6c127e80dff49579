"""No page is forgotten by `make screenshots`: every address is planned, or left out with a reason that holds."""

import pytest
from django.test import Client

from tests.architecture.access import KINDS
from tests.architecture.urls import Address, addresses
from tests.screenshots.plan import FINDERS, LEFT_OUT, POSTED, STRANGER, roles_of

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def of_the_site() -> list[Address]:
    """The admin's pages follow from its registry: the plan walks that one."""
    return [address for address in addresses() if not address.name.startswith("admin:")]


def test_every_address_is_photographed_or_left_out_with_a_reason() -> None:
    there = {address.name for address in of_the_site()}
    assert there == {*FINDERS, *LEFT_OUT}
    assert FINDERS.keys().isdisjoint(LEFT_OUT)


def test_what_is_left_out_as_no_page_is_none() -> None:
    posted = [address for address in of_the_site() if LEFT_OUT.get(address.name) == POSTED]
    assert len(posted) > 10
    for address in posted:
        answer = Client().get(address.path)
        assert answer.status_code == 405, f"{address.name} answers a GET with {answer.status_code}"


def test_a_page_is_photographed_as_every_kind_that_may_open_it() -> None:
    for name in FINDERS:
        roles = set(roles_of(name))
        assert roles <= KINDS.get(name, roles)
    assert roles_of("library") == ["brand"]
    assert roles_of("own_licence") == ["agency", "brand", "talent"]
    assert roles_of("home") == [STRANGER]
