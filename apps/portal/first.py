"""The first of many rows, and how many more there are."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class First:
    rows: list[Any]
    more: int


def first_of(rows: "QuerySet[Any]", most: int) -> First:
    """Two queries."""
    return First(list(rows[:most]), max(rows.count() - most, 0))
