"""Figures of the charts: they add up, and they speak no local decimal comma."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.portal.charts import HEIGHT, LEFT, WIDTH, Point, bar_chart, split_bar

AMOUNTS = st.lists(st.integers(min_value=-10_000_000, max_value=10_000_000), min_size=1, max_size=24)


def points(amounts: list[int]) -> list[Point]:
    return [Point(label="Nov", tip="", amount_minor=amount, href="/", current=False) for amount in amounts]


@given(AMOUNTS)
def test_every_bar_stays_inside_the_frame(amounts: list[int]) -> None:
    for bar in bar_chart(points(amounts)).bars:
        top, bottom = Decimal(bar.y), Decimal(bar.y) + Decimal(bar.height)
        assert 0 <= top <= bottom <= HEIGHT
        assert LEFT <= Decimal(bar.x) <= WIDTH


@given(AMOUNTS)
def test_ticks_are_round_amounts_that_cover_the_bars(amounts: list[int]) -> None:
    ticks = [tick.amount_minor for tick in bar_chart(points(amounts)).ticks]
    assert ticks == sorted(ticks) and 0 in ticks
    assert ticks[0] <= min(0, *amounts, 0) and ticks[-1] >= max(0, *amounts, 0)
    assert 2 <= len(ticks) <= 9


def test_a_higher_amount_makes_a_taller_bar() -> None:
    low, high, debt = bar_chart(points([100_00, 200_00, -50_00])).bars
    assert Decimal(high.height) == pytest.approx(2 * Decimal(low.height), abs=Decimal("0.2"))
    assert Decimal(debt.y) >= Decimal(low.y) + Decimal(low.height) - Decimal("0.2")


def test_coordinates_have_a_point_in_every_language() -> None:
    with translation.override("fr"):
        chart = bar_chart(points([12_345]))
    assert "," not in "".join([chart.step, chart.bar_width, *(bar.y + bar.x for bar in chart.bars)])


@given(st.lists(st.integers(min_value=0, max_value=10_000_000), min_size=1, max_size=4))
def test_the_parts_of_a_split_fill_the_bar_in_order(amounts: list[int]) -> None:
    slices = split_bar(amounts)
    if not any(amounts):
        assert slices == []
        return
    assert [piece.x for piece in slices] == sorted(piece.x for piece in slices)
    assert all(piece.x + piece.width <= 10_000 for piece in slices)


def test_a_split_keeps_proportions() -> None:
    you, agency, platform = split_bar([420_000, 157_500, 42_000])
    assert (you.width + 20, agency.width + 20, platform.width + 20) == (6_780, 2_542, 678)
