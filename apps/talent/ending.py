"""The end of a mandate: by either side before its day, and the notices before the day itself."""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import Refused, StaleState
from apps.common.refs import ref
from apps.common.wording import say
from apps.talent.mandate_news import tell_agency, tell_model, tell_of_end
from apps.talent.mandate_rules import require_agency, require_herself
from apps.talent.mandate_text import AGENCY_NOTICE_DAYS
from apps.talent.models import Mandate

REMIND_DAYS = (60, 30, 7)


@transaction.atomic
def end_by_model(*, by: Actor, mandate: Mandate) -> Mandate:
    """She ends it at once and without a reason: from now on it covers nothing new. Needs a step-up.

    What was agreed before stays with the agency: licences, their royalties, statements. Raises NotAllowed for anybody
    else, StepUpNeeded, StaleState for one that is over.
    """
    require_herself(by, mandate.talent)
    by.require_step_up()
    locked = _running(mandate)
    today = timezone.now().date()
    _end(locked, first_day_without=today)
    tell_agency(locked, say("mandate.ended", model=locked.talent.stage_name))
    _record(locked, by)
    return locked


@transaction.atomic
def end_by_agency(*, by: Actor, mandate: Mandate) -> Mandate:
    """The agency gives notice; it holds for AGENCY_NOTICE_DAYS more days. Needs a step-up.

    Raises NotAllowed for anybody else, StepUpNeeded, StaleState for one that is over or under notice, Refused where
    its own end comes first.
    """
    require_agency(by, mandate.agency)
    by.require_step_up()
    locked = _running(mandate)
    if locked.ended_on is not None:
        raise StaleState("Notice was given already.")
    first_day_without = timezone.now().date() + timedelta(days=AGENCY_NOTICE_DAYS)
    if first_day_without > locked.ends_on:
        raise Refused(f"It ends by itself on {locked.ends_on:%-d %B %Y}, before your notice would.")
    _end(locked, first_day_without=first_day_without)
    tell_model(locked, say("mandate.notice", agency=locked.agency.name, day=locked.last_day))
    _record(locked, by)
    return locked


def remind(*, today: date) -> int:
    """Tell both sides of every mandate that ends in 60, 30 or 7 days or fewer, once for each. Answers how many.

    A day on which this did not run is made up for by the next: nobody is told twice of the same.
    """
    soon = Mandate.objects.running_on(today).filter(ended_on=None, ends_on__lte=today + timedelta(days=REMIND_DAYS[0]))
    return sum(_remind(pk, today) for pk in soon.order_by("ends_on").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: UUID, today: date) -> bool:
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("talent__user", "agency")
    mandate = rows.get(pk=pk)
    left = (mandate.ends_on - today).days
    step = min(days for days in REMIND_DAYS if left <= days)
    if mandate.reminded_days is not None and mandate.reminded_days <= step:
        return False
    mandate.reminded_days = step
    mandate.save(update_fields=["reminded_days"])
    tell_of_end(mandate, mandate.last_day, left)
    return True


def _running(mandate: Mandate) -> Mandate:
    """The row, locked: running, or signed for later. Raises StaleState when it is over."""
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("talent__user", "agency")
    locked = rows.get(pk=mandate.pk)
    if locked.last_day < timezone.now().date():
        raise StaleState("This mandate is over already.")
    return locked


def _end(mandate: Mandate, *, first_day_without: date) -> None:
    mandate.ended_on = first_day_without
    mandate.save(update_fields=["ended_on"])


def _record(mandate: Mandate, by: Actor) -> None:
    ended = mandate.ended_on.isoformat() if mandate.ended_on else ""
    payload = {"talent": mandate.talent.party, "agency": mandate.agency.party, "first_day_without": ended}
    record(kind="mandate.ended", subject=ref("mandate", mandate.pk), by=by.label, payload=payload)
