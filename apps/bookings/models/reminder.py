"""Which deadline somebody was reminded of: once at half time, once six hours before."""

from django.db import models

from apps.bookings.models.booking import Booking
from apps.common.models import BaseModel


class Reminder(BaseModel):
    class Kind(models.TextChoices):
        HALF = "half", "Half time"
        LAST = "last", "Six hours before"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="reminders")
    deadline_at = models.DateTimeField(help_text="a deadline that moves is another one")
    kind = models.CharField(max_length=4, choices=Kind.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "deadline_at", "kind"], name="reminder_once_per_deadline"),
        ]

    def __str__(self) -> str:
        return f"{self.booking}: {self.get_kind_display()}"
