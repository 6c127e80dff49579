"""How options end by themselves. Every step is a compare-and-set, so a sweep may run twice and at any time."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.common.errors import Refused, StaleState
from apps.options import guards, news
from apps.options.machine import perform
from apps.options.models import Option
from apps.options.states import State
from apps.options.table import BY_ACTION, SYSTEM, Step

ENDS = ("use", "stand", "fall", "expire")  # looked at in this order: what was submitted in time always counts


@transaction.atomic
def settle(*, option: Option) -> Option:
    """Take the step whose time has come, if any. Idempotent.

    Entry: asked, held or challenged. Exit: used when its brand submitted in time, held again when the challenger is
    gone, fallen when the challenge is over, expired when its days are; else as it was.
    """
    row = Option.objects.select_for_update(of=("self",)).with_parties().get(pk=option.pk)
    step = next((step for action in ENDS if _fits(step := BY_ACTION[action], row)), None)
    if step is None:
        return row
    try:
        return _take(row, step)
    except (Refused, StaleState):  # time passed between looking and doing; the next sweep looks again
        return row


def _take(row: Option, step: Step) -> Option:
    changes: dict[str, object] = {}
    if step.action == "use":
        changes["booking"] = guards.submitted_under(row)
    if step.action == "stand":
        changes |= {"challenger": None, "challenged_until": None}
    was_challenged = row.state == State.CHALLENGED
    done = perform(option=row, action=step.action, by=Actor.SYSTEM, **changes)
    if step.action == "stand":
        news.tell_stands(done)
        return done
    if step.action == "fall":
        news.tell_fallen(done)
    elif step.action == "expire":
        news.tell_expired(done)
    elif was_challenged:
        news.tell_answered(done)
    news.tell_moved_up(done)
    return done


def _fits(step: Step, row: Option) -> bool:
    return step.who == SYSTEM and row.state in step.sources and not any(guard(row) for guard in step.guards)
