"""Arithmetic of days that a licence and a mandate share."""

from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """The day before the same day `months` later: a window of whole months, both ends inclusive."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, last) - timedelta(days=1)
        except ValueError:
            continue
    raise ValueError(f"no such month: {year}-{month}")
