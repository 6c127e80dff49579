"""Every step of every booking, written by the state machine."""

from django.db import models

from apps.bookings.models.booking import Booking
from apps.bookings.states import State
from apps.common.models import BaseModel


class Transition(BaseModel):
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="transitions")
    action = models.CharField(max_length=30)
    source = models.CharField(max_length=20, choices=State.choices)
    target = models.CharField(max_length=20, choices=State.choices)
    by = models.CharField(max_length=140, help_text="Actor.label")
    by_kind = models.CharField(max_length=10)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["booking", "created_at"])]

    def __str__(self) -> str:
        return f"{self.action}: {self.source} → {self.target}"
