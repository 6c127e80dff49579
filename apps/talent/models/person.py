"""The models (in code: talent): who they are and what they say of themselves."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.accounts.models import User
from apps.common.models import BaseModel
from apps.common.refs import ref

ADULT = 18


def age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Board(models.TextChoices):
    WOMEN = "women", "Women"
    MEN = "men", "Men"
    OPEN = "open", "Open"


class Talent(BaseModel):
    """A human being who may own a twin. Adults only: see the check in services."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="talent"
    )
    stage_name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    birth_date = models.DateField()
    country = models.CharField(max_length=2)
    board = models.CharField(max_length=10, choices=Board.choices, default=Board.WOMEN)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    height_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    bust_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    waist_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    hips_cm = models.PositiveSmallIntegerField(null=True, blank=True)
    shoe_eu = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    hair = models.CharField(max_length=40, blank=True)
    eyes = models.CharField(max_length=40, blank=True)
    about = models.CharField(max_length=300, blank=True)
    union = models.CharField(max_length=120, blank=True, help_text="the union or guild that she belongs to")
    synthetic = models.BooleanField(default=False, help_text="part of the demonstration; nobody real")

    class Meta:
        ordering = ["stage_name"]
        verbose_name_plural = "talent"
        indexes = [models.Index(fields=["board", "stage_name"])]

    def __str__(self) -> str:
        return self.stage_name

    @property
    def party(self) -> str:
        return ref("talent", self.pk)

    @property
    def people(self) -> list[User]:
        """Who reads what she is told: herself, unless her account is gone."""
        return [self.user] if self.user else []
