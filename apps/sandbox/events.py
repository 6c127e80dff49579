"""Telling the site what happened: an event for each change; its webhooks leave after the commit."""

from functools import partial
from typing import Any

from django.db import transaction

from apps.sandbox import faults, render
from apps.sandbox.models import Delivery, Event, Fault
from apps.sandbox.tasks import send_webhook

COPIES = {"": 1, Fault.Kind.LOST_EVENT: 0, Fault.Kind.DOUBLE_EVENT: 3}


def emit(kind: str, row: Any) -> Event:
    """Keeps the event and its webhooks in the running transaction of the stand-in."""
    event = Event.objects.create(type=kind, subject=row.id, body=render.subject(row))
    for _ in range(COPIES[faults.take(kind, faults.OF_EVENTS)]):
        delivery = Delivery.objects.create(event=event)
        transaction.on_commit(partial(send_webhook.delay, delivery.pk), using="sandbox", robust=True)
    return event
