"""A model, an agency and a brand go from nothing to a bookable twin, each with a browser and a letter box alone.

Nothing is made, shown or used without the model's own, specific, provable yes: at each turn this also asks for what
must not be possible yet.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import journey_model as model
from tests.browser import journey_parties as parties
from tests.browser.journey_parties import AGENCY, Axe, House
from tests.browser.visitors import PATIENCE
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def house(browser: Browser, stack: Stack) -> Iterator[House]:
    """Their pages have time: pictures are really made, and the machine may have other work."""
    house = House(browser, stack)
    expect.set_options(timeout=1_000 * PATIENCE)
    yield house
    expect.set_options(timeout=5_000)
    for visitor in house.everybody():
        visitor.page.context.close()


def test_from_nothing_to_a_bookable_twin(house: House, axe: Axe, tmp_path: Path) -> None:
    parties.staff_signs_in(house.staff)
    parties.an_agency_registers(house, axe)
    parties.nothing_is_mailed_before_the_check(house)
    parties.staff_checks(house.staff, AGENCY)
    model.a_model_joins_by_the_mailed_link(house, axe)
    model.she_proves_who_she_is(house, axe, tmp_path)
    model.she_tells_of_herself_and_sets_her_rules(house.iris, axe)
    model.the_agency_proposes_and_she_signs_twice(house, axe)
    parties.the_agency_sets_her_day_rate(house.booker, axe)
    parties.a_brand_registers_and_is_checked(house, axe)
    model.she_gives_four_consents_one_by_one(house.iris, axe)
    model.she_takes_her_photographs(house.iris, axe)
    model.she_approves_her_test_sheet(house, axe)
    model.she_is_shown_only_once_she_agrees(house, axe)
    parties.the_brand_finds_her_and_has_a_firm_price(house.producer, axe)
    for visitor in house.everybody():
        visitor.has_told_nothing_bad()
