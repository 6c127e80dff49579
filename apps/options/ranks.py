"""The rank of an option: a pure rule. `OptionQuerySet.ranked` counts the same, and a test compares them.

A rank holds per overlap of category × territory × window: two options that do not meet do not rank against each other.
The order is that of the grants, so a rank once told only ever gets better.
"""

from collections.abc import Iterable

from apps.options.models import Option
from apps.options.states import LIVE


def meet(one: Option, other: Option) -> bool:
    """Whether both are about the same use of the same twin on at least one day in at least one country."""
    return (
        one.twin_id == other.twin_id
        and one.category == other.category
        and not set(one.territories).isdisjoint(other.territories)
        and one.window.lower < other.window.upper
        and other.window.lower < one.window.upper
    )


def rank(option: Option, among: Iterable[Option]) -> int:
    """1 for the first option. Raises ValueError for one that was never granted."""
    return 1 + sum(1 for other in among if other.state in LIVE and meet(option, other) and _before(other, option))


def _before(one: Option, other: Option) -> bool:
    if one.granted_at is None or other.granted_at is None:
        raise ValueError("an option that was not granted has no rank")
    return (one.granted_at, one.pk) < (other.granted_at, other.pk)
