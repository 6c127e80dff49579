"""Every step of an option's table, in every state, by everybody: done exactly where the table says so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.common.errors import NotAllowed, StaleState
from apps.options import machine
from apps.options.models import Option
from apps.options.services import asking
from apps.options.states import State
from apps.options.table import BRAND, BY_ACTION, DECIDER, RIVAL, STEPS, SYSTEM
from apps.talent.models import Mandate
from tests.factories.people import World, make_world
from tests.factories.trying import BOOKERS, COMPOSERS, attempt, everybody

pytestmark = pytest.mark.django_db
SIDES = {BRAND: COMPOSERS, RIVAL: {"another brand's owner"}, SYSTEM: {"the clock"}}


def asked(world: World) -> Option:
    return asking.ask(
        by=world.producer.actor, twin=world.twin, category="fashion", territories=["DE"],
        starts_on=timezone.now().date(), window_months=12,
    )  # fmt: skip


@pytest.mark.parametrize("represented", [True, False])
@pytest.mark.parametrize("state", State)
def test_an_option_moves_exactly_where_the_table_says(state: State, represented: bool, monkeypatch) -> None:
    """`decider` is the agency or, without one, the model herself; nobody stands in for her."""
    world = make_world()
    if not represented:
        Mandate.objects.filter(talent=world.talent).delete()
    option, people = asked(world), everybody(world)
    later = timezone.now() + timedelta(days=1)
    Option.objects.update(state=state, granted_at=timezone.now(), challenged_until=later)
    monkeypatch.setattr(machine, "BY_ACTION", {action: replace(step, guards=()) for action, step in BY_ACTION.items()})
    sides = SIDES | {DECIDER: BOOKERS if represented else {"the model"}}
    for step in STEPS:
        for who, actor in people.items():
            may = who in sides[step.who]
            wanted = None if may and state in step.sources else StaleState if may else NotAllowed
            found = attempt(lambda step=step, actor=actor: machine.perform(option=option, action=step.action, by=actor))
            assert found == wanted, f"{who}: {step.action} from {state}"
