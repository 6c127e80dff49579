"""Sixteen people of every kind, and whether one of them may do something."""

from collections.abc import Callable

from django.db import transaction

from apps.accounts.actor import Actor
from apps.common.errors import DomainError
from tests.factories.identity import staff_member
from tests.factories.people import World, acting, make_member, make_user

BOOKERS = {"the agency's owner", "the agency's booker"}
COMPOSERS = {"the brand's owner", "the brand's producer"}
PAYERS = COMPOSERS | {"the brand's finance"}
VOTERS = {"the model"} | BOOKERS


def everybody(world: World) -> dict[str, Actor]:
    return {
        "the model": world.maya.actor,
        "another model": world.other_model.actor,
        "the agency's owner": make_member(world.agency, "owner", "colette").actor,
        "the agency's booker": world.booker.actor,
        "the agency's accountant": make_member(world.agency, "accountant", "anne").actor,
        "the mother agency's booker": world.mother_booker.actor,
        "another agency's booker": world.other_booker.actor,
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "another brand's owner": world.rival_producer.actor,
        "staff": acting(staff_member(), "platform", "staff", frozenset()),
        "somebody who acts for nobody": acting(make_user("nobody"), "", "", frozenset()),
        "a stranger": Actor(user_id=None, party="", kind="", name=""),
        "the clock": Actor.SYSTEM,
    }


def attempt(act: Callable[[], object]) -> type[DomainError] | None:
    """None where it was done. Nothing of it stays."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except DomainError as error:
        return type(error)
    return None


def who_may(people: dict[str, Actor], act: Callable[[Actor], object]) -> set[str]:
    """Everybody tries; nothing of it stays."""
    return {who for who, actor in people.items() if attempt(lambda actor=actor: act(actor)) is None}
