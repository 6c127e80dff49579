"""The append-only, hash-chained log. Events never change; what they say about people can be erased.

`Event.record` is the canonical JSON {seq, ts, kind, subject, commit, prev}; `hash` is SHA-256 over a zero byte and that
text (the leaf hash of RFC 6962), and `prev` is the hash of the event before. `commit` is SHA-256 over the salt and the
body in `Payload`, so deleting a payload leaves the chain whole and says nothing about what stood there.
"""

import json
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


def _from_record(key: str, length: int) -> models.GeneratedField:
    """A column that PostgreSQL derives from the record: it can be searched and cannot disagree with it."""
    return models.GeneratedField(
        expression=KeyTextTransform(key, Cast("record", models.JSONField())),
        output_field=models.CharField(max_length=length),
        db_persist=True,
    )


class Event(models.Model):
    seq = models.BigIntegerField(primary_key=True)
    record = models.TextField()
    hash = models.CharField(max_length=64, unique=True)
    kind = _from_record("kind", 80)
    subject = _from_record("subject", 120)
    recorded_at = _from_record("ts", 32)

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["subject", "seq"], name="audit_event_subject"),
            models.Index(fields=["kind", "seq"], name="audit_event_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind} {self.subject}"

    @property
    def body(self) -> dict[str, Any] | None:
        """`{"by": …, "data": …}`, or None once erased."""
        try:
            return dict(json.loads(self.payload.body))
        except Payload.DoesNotExist:
            return None


class Payload(models.Model):
    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, db_column="seq")
    salt = models.BinaryField(max_length=16)
    body = models.TextField()

    def __str__(self) -> str:
        return f"payload of event {self.event_id}"
