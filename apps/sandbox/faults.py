"""Things that shall go wrong, taken one at a time."""

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import StrIndex

from apps.sandbox.models import Fault

OF_CALLS = [
    Fault.Kind.LOST_REQUEST,
    Fault.Kind.LOST_ANSWER,
    Fault.Kind.FAILS_BEFORE,
    Fault.Kind.FAILS_AFTER,
    Fault.Kind.BUSY,
]
OF_EVENTS = [Fault.Kind.LOST_EVENT, Fault.Kind.DOUBLE_EVENT]


def take(target: str, kinds: list[Fault.Kind]) -> str:
    """The kind of the oldest fault meant for this call or event, counted down; empty when none is."""
    with transaction.atomic(using="sandbox"):
        fault = (
            Fault.objects.select_for_update(skip_locked=True)
            .filter(kind__in=kinds, remaining__gt=0)
            .annotate(found=StrIndex(Value(target), F("target")))
            .filter(found=1)
            .order_by("pk")
            .first()
        )
        if fault is None:
            return ""
        Fault.objects.filter(pk=fault.pk).update(remaining=F("remaining") - 1)
        return fault.kind
