"""What a model is told about her twin, from her photographs to the yearly approval."""

from datetime import date

from django.urls import reverse

from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.twins.models import Twin


def tell_about_photographs(twin: Twin, photographs: int) -> None:
    _tell(twin, say("twin.photographs_done", count=photographs))


def tell_of_sheet(twin: Twin) -> None:
    _tell(twin, say("twin.ready"))


def tell_of_failure(twin: Twin, what: Saying) -> None:
    """Why, as far as she can do something about it; what the machines said stands in the audit log."""
    _tell(twin, what)


def tell_of_approval(twin: Twin, until: date) -> None:
    _tell(twin, say("twin.approved", day=until))


def tell_of_best_before(twin: Twin, until: date, *, lapsed: bool) -> None:
    _tell(twin, say("twin.lapsed", day=until) if lapsed else say("twin.best_before", day=until))


def _tell(twin: Twin, what: Saying) -> None:
    notify(to=twin.talent.party, what=what, url=reverse("my_twin"), people=twin.talent.people)
