"""The agency, or the model who has none, grants or refuses an option. A refusal never says why."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import NotAllowed
from apps.common.refs import parse_ref
from apps.options import news
from apps.options.machine import perform, right_of
from apps.options.models import GrantRule, Option
from apps.options.times import LASTS
from apps.talent.models import Mandate, Talent
from apps.twins.models import Twin


@transaction.atomic
def grant(*, by: Actor, option: Option) -> Option:
    """Entry: asked; exit: held, with the next free rank and seven days from now."""
    Twin.objects.select_for_update(no_key=True).get(pk=option.twin_id)  # two grants count each other
    now = timezone.now()
    held = perform(option=option, action="grant", by=by, granted_at=now, expires_at=now + LASTS)
    news.tell_granted(held)
    return held


@transaction.atomic
def refuse(*, by: Actor, option: Option) -> Option:
    """Entry: asked; exit: refused. The brand reads that it is not available, and no more."""
    refused = perform(option=option, action="refuse", by=by)
    news.tell_refused(refused)
    return refused


@transaction.atomic
def set_rule(*, by: Actor, talent: Talent, at_once: bool) -> None:
    """Whether options on this model are granted without asking, by whoever decides about them.

    That is an agency under a mandate that runs and covers twins, or herself. Idempotent. Raises NotAllowed.
    """
    by.require(right_of(by))
    if not _decides(by, talent):
        raise NotAllowed("Only the model herself or an agency that represents her twin sets this.")
    mine = GrantRule.objects.filter(talent=talent, party=by.party)
    if at_once:
        GrantRule.objects.get_or_create(talent=talent, party=by.party)
    else:
        mine.delete()
    record(kind="option.rule", subject=talent.party, by=by.label, payload={"at_once": at_once})


def _decides(by: Actor, talent: Talent) -> bool:
    if by.kind == "talent":
        return by.party == talent.party and by.user_id == talent.user_id
    if by.kind != "agency":
        return False
    running = Mandate.objects.running_on(timezone.now().date())
    return running.filter(agency=parse_ref(by.party, "org"), talent=talent, covers_twins=True).exists()
