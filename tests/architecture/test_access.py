"""Every address is guarded as the table in access.py says: asked as a stranger and as every kind of actor."""

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.architecture.access import ANYBODY, KINDS, SIGNED_IN
from tests.architecture.urls import Address, addresses
from tests.factories.people import make_member, make_organization, make_talent, make_user

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def people() -> dict[str, Client]:
    """One signed-in person of each kind who has every right of her kind."""
    brand = make_member(make_organization("brand", "halden-rye"), "owner", "jonas").user
    agency = make_member(make_organization("agency", "elan"), "owner", "claire").user
    _, maya = make_talent("maya-okafor")
    staff = make_user("staff")
    staff.is_staff = True
    staff.save()
    clients = {}
    for kind, user in {"brand": brand, "agency": agency, "talent": maya.user, "staff": staff}.items():
        clients[kind] = Client()
        clients[kind].force_login(user)
    return clients


def answers(client: Client, address: Address) -> list[HttpResponse]:
    """To GET and to POST; a method that the view does not take tells nothing and is left out."""
    found = [client.get(address.path), client.post(address.path)]
    taken = [answer for answer in found if answer.status_code != 405]
    assert taken, f"{address.name} takes neither GET nor POST"
    return taken


def is_sent_to_sign_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and "/login/" in answer.headers["Location"]


def of_the_site() -> list[Address]:
    return [address for address in addresses() if not address.name.startswith("admin:")]


def test_every_address_stands_in_the_table_once() -> None:
    declared = [*ANYBODY, *SIGNED_IN, *KINDS]
    assert len(declared) == len(set(declared))
    there = {address.name for address in of_the_site()} | {"admin:login"}
    assert there == set(declared)


def test_a_stranger_is_sent_to_sign_in() -> None:
    stranger = Client()
    for address in of_the_site():
        if address.name in ANYBODY:
            continue
        for answer in answers(stranger, address):
            assert is_sent_to_sign_in(answer), f"{address.name} answers a stranger with {answer.status_code}"


def test_nobody_enters_a_page_of_another_kind(people: dict[str, Client]) -> None:
    for address in of_the_site():
        for kind in people.keys() - KINDS.get(address.name, people.keys()):
            for answer in answers(people[kind], address):
                assert answer.status_code == 403, f"{address.name} answers {kind} with {answer.status_code}"


def test_a_page_lets_its_own_kind_in(people: dict[str, Client]) -> None:
    """Past the guard: a thing that does not exist is then not found, a form without values refused."""
    for address in of_the_site():
        for kind in KINDS.get(address.name, set()):
            for answer in answers(people[kind], address):
                assert answer.status_code != 403 and not is_sent_to_sign_in(answer), f"{address.name} refuses {kind}"


def test_the_admin_is_for_staff(people: dict[str, Client]) -> None:
    inside = [address for address in addresses() if address.name.startswith("admin:") and "log" not in address.name]
    assert len(inside) > 50
    for client in (Client(), people["brand"], people["agency"], people["talent"]):
        for address in inside:
            for answer in answers(client, address):
                assert is_sent_to_sign_in(answer), f"{address.path} answers with {answer.status_code}"
