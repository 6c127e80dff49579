"""The window of a licence: whole months, both ends inclusive."""

from datetime import date

import pytest

from apps.common.dates import add_months


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2027, 3, 1), 6, date(2027, 8, 31)),
        (date(2027, 1, 31), 1, date(2027, 2, 27)),
        (date(2026, 11, 30), 3, date(2027, 2, 27)),
        (date(2026, 12, 15), 12, date(2027, 12, 14)),
    ],
)
def test_a_window_ends_the_day_before_the_same_day(first, months, last):
    assert add_months(first, months) == last
