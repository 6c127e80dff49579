"""Anybody does anything to several bookings of one twin, in any order, while time passes: what must never be, never is.

The acts and what always holds are in tests/integration/judge. Before a picture "comes back" the real authorisation is
asked, as it is before every GPU call. JUDGE_EXAMPLES=500 looks further than a quick run does.
"""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from apps.bookings.conditions import UNCONDITIONAL
from apps.bookings.models import Booking
from apps.bookings.table import BY_ACTION
from apps.common.vocabulary import Exclusivity
from apps.demonstration.history.clock import standing_at
from tests.factories.bookings import fresh, submitted
from tests.factories.identity import staff_member
from tests.factories.people import Person, acting, make_member, make_world
from tests.integration.judge.asking import Asking
from tests.integration.judge.ending import Ending
from tests.integration.judge.licences import Licences
from tests.integration.judge.stage import BEGIN, BRANDS, ROLES, SEEN

pytestmark = pytest.mark.django_db

EXAMPLES = int(os.environ.get("JUDGE_EXAMPLES", "25"))
# Where every run gets to; the rest of the table comes up in some.
SURELY = {"submit", "agree", "open_conditions", "counter", "fund", "start_making", "expire", "deliver"}


class Bookings(Asking, Licences, Ending):
    @initialize(exclusivity=st.sampled_from(Exclusivity.values), stages=st.sampled_from([0, 1, 2, 3, 4, 5]))
    def two_brands_ask(self, exclusivity: str, stages: int) -> None:
        """A run begins where the first of them is asked for, paid, in the making, in review, passed or delivered."""
        for who in sorted(BRANDS):
            submitted(self.world, brand=who, territories=["DE", "FR"], exclusivity=exclusivity, pictures=2)
        first = fresh(Booking.objects.order_by("created_at")[0])
        if stages:
            for who in ("booker", "maya"):
                self.says(who, first, UNCONDITIONAL)
            self.pays(fresh(first))
        for _ in range(1, stages):
            self.goes_on(fresh(first))


@pytest.fixture
def cast_of_all() -> Iterator[None]:
    with standing_at(BEGIN - timedelta(days=1)):
        world = make_world()
        people = {role: getattr(world, role) for role in ROLES if hasattr(world, role)}
        people["accountant"] = make_member(world.agency, "accountant", "anne")
        people["viewer"] = make_member(world.brand, "viewer", "vera")
        user = staff_member()
        people["staff"] = Person(user, acting(user, "platform", "staff", frozenset()))
    Bookings.people, Bookings.world = people, world
    yield


def test_no_order_of_acts_leads_where_nobody_consented(cast_of_all: None) -> None:
    """Nothing is made, shown or used without the model's own, specific, provable yes."""
    quiet = settings(
        verbosity=Verbosity[os.environ.get("JUDGE_VERBOSITY", "normal")], max_examples=EXAMPLES, stateful_step_count=40, deadline=None, derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    SEEN.clear()  # of another run in this process
    run_state_machine_as_test(Bookings, settings=quiet)
    print(sorted(SEEN.items()))
    print("never came up:", sorted(set(BY_ACTION) - set(SEEN)))
    assert set(SEEN) >= SURELY, "it did not get far enough to judge anything"
