"""Conditions as pure rules: they only narrow, they are read back in words, and a version is held against each."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.bookings.conditions import Conditions, Offer, beyond, in_words, narrowed, problems_of, spread, worse_than
from apps.common.vocabulary import Exclusivity, Window

ASKED = Offer(100_000, "EUR", 24, ("own", "tv"), ("DE", "FR"), "full", 6, looks=2)
WORLDWIDE = replace(ASKED, territories=("WORLD",))

conditions = st.builds(
    Conditions,
    lowest_fee_minor=st.none() | st.integers(100_001, 900_000),
    longest_window_months=st.sampled_from([None, 3, 6, 12]),
    media=st.sampled_from([(), ("own",), ("tv",)]),
    territories=st.sampled_from([(), ("DE",), ("FR",)]),
    no_exclusivity=st.booleans(),
    most_pictures=st.none() | st.integers(2, 5),
    note=st.text(max_size=20),
)


@given(conditions)
def test_what_was_asked_narrowed_by_a_condition_keeps_to_it_and_gives_nothing_more(one: Conditions) -> None:
    offer = narrowed(ASKED, [one])
    assert worse_than(one, offer) == {} == beyond(ASKED, offer)
    assert bool(worse_than(one, ASKED)) == one.binding


@given(conditions)
def test_conditions_are_kept_as_they_were_set(one: Conditions) -> None:
    assert Conditions.from_json(one.as_json()) == one
    assert bool(problems_of(one, ASKED)) != one.binding


@given(conditions, conditions)
def test_where_two_contradict_one_another_the_models_come_first(hers: Conditions, theirs: Conditions) -> None:
    assert worse_than(hers, narrowed(ASKED, [hers, theirs])) == {}


@given(st.lists(st.integers(1, 20), min_size=1, max_size=6), st.data())
def test_fewer_pictures_leave_every_look_one_and_none_more_than_it_had(before: list[int], data: st.DataObject) -> None:
    pictures = data.draw(st.integers(len(before), sum(before)))
    after = spread(pictures, before)
    assert sum(after) == pictures
    assert all(1 <= now <= then for now, then in zip(after, before, strict=True))


def test_they_are_said_in_plain_words_the_note_last() -> None:
    one = Conditions(123_456, 6, ("own",), ("DE", "FR"), True, 1, "No red")
    assert in_words(one, "EUR") == [
        "A fee of at least EUR 1,234.56", "At most 6 months", "Only Own site and organic social",
        "Only France, Germany", "No exclusivity", "At most 1 picture", "“No red”",
    ]  # fmt: skip


@pytest.mark.parametrize("months", Window.values)
def test_a_window_is_only_a_condition_where_it_is_shorter(months: int) -> None:
    assert bool(problems_of(Conditions(longest_window_months=months), ASKED)) == (months >= ASKED.window_months)


@pytest.mark.parametrize("exclusivity", Exclusivity.values)
def test_more_exclusivity_than_asked_for_is_given_to_nobody(exclusivity: str) -> None:
    in_category = replace(ASKED, exclusivity="category")
    assert bool(beyond(in_category, replace(ASKED, exclusivity=exclusivity))) == (exclusivity == "full")


def test_of_the_whole_world_single_countries_are_some() -> None:
    some = Conditions(territories=("DE", "AT"))
    assert problems_of(some, WORLDWIDE) == {}
    assert narrowed(WORLDWIDE, [some]).territories == ("DE", "AT")
    assert worse_than(some, WORLDWIDE) == {"territories": "Only Austria, Germany is the condition."}
