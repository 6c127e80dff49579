"""Her twin is approved: what was paid for its making is earned."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.programmes.models import Place
from apps.programmes.news import tell_earned
from apps.royalties import services as royalties
from apps.twins.models import TwinVersion


@transaction.atomic
def earn(*, place_id: UUID) -> bool:
    """Entry: accepted; exit: earned, once she has approved her twin and the payment is there; else nothing.

    Can be repeated. The 45 days run from here.
    """
    rows = Place.objects.select_for_update(of=("self",)).select_related("programme__organization", "talent__user")
    row = rows.filter(pk=place_id, state=Place.State.ACCEPTED, order__paid_at__isnull=False).first()
    if row is None or row.talent is None:
        return False
    if not TwinVersion.objects.filter(twin__talent=row.talent_id, state=TwinVersion.State.APPROVED).exists():
        return False
    now = timezone.now()
    royalties.earn(charge_ref=row.ref, delivered_at=now, by=Actor.SYSTEM)
    row.state, row.ended_at = Place.State.EARNED, now
    row.save(update_fields=["state", "ended_at"])
    tell_earned(row)
    record(kind="programme.earned", subject=row.ref, by=Actor.SYSTEM.label, payload={"talent": row.talent.party})
    return True
