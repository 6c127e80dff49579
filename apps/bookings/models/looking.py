"""The access log: who of a brand looked at a model's pictures. She alone reads it (GDPR art. 15; product.md)."""

from django.conf import settings
from django.db import models

from apps.bookings.models.delivery import Review
from apps.common.models import BaseModel


class PictureView(BaseModel):
    """One person saw one picture on one day, however often. Kept for two years."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="views")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    party = models.CharField(max_length=80)
    day = models.DateField()

    class Meta:
        ordering = ["-day", "-created_at"]
        indexes = [models.Index(fields=["day"]), models.Index(fields=["review", "-day"])]
        constraints = [
            models.UniqueConstraint(fields=["review", "user", "day"], name="picture_view_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.review} on {self.day}"
