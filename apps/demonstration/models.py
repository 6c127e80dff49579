"""What the demonstration remembers: which stories of the programme are told, and which tour a visitor is on."""

from django.db import models

from apps.bookings.models import Booking
from apps.common.models import BaseModel


class ToldStory(models.Model):
    """A story of the programme that is told to its end; an interrupted load goes on with the others."""

    slug = models.SlugField(max_length=120, primary_key=True)
    told_at = models.DateTimeField(auto_now_add=True, help_text="true time, not the story's")

    class Meta:
        verbose_name_plural = "told stories"

    def __str__(self) -> str:
        return self.slug


class Tour(BaseModel):
    """One start of one tour. How far it is, is read from the booking alone; nothing here counts steps."""

    class Story(models.TextChoices):
        BRAND = "brand", "As a brand"
        AGENCY = "agency", "As an agency"
        MODEL = "model", "As a model"

    story = models.CharField(max_length=10, choices=Story.choices)
    booking = models.ForeignKey(Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    left_at = models.DateTimeField(null=True, blank=True, help_text="the visitor put the bar away")

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(story__in=["brand", "agency", "model"]), name="tour_known_story"),
        ]

    def __str__(self) -> str:
        return f"{self.get_story_display()}, {self.created_at:%Y-%m-%d %H:%M}"
