"""What prices are made from, as rows: versions of rate cards, and each model's day rate."""

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel


class RateCardQuerySet(models.QuerySet["RateCard"]):
    def current(self, owners: list[str]) -> dict[str, "RateCard"]:
        """The newest card of each owner that has one."""
        newest = self.filter(owner__in=owners).order_by("owner", "-version").distinct("owner")
        return {card.owner: card for card in newest}


class RateCard(BaseModel):
    """One version of an owner's factors, in basis points. Never changed: a new price is a new version.

    It names only what differs from the card it is laid over: talent over agency over platform over the defaults.
    """

    owner = models.CharField(max_length=80, help_text="platform, org:… or talent:…")
    version = models.PositiveIntegerField()
    factors = models.JSONField()
    created_by = models.CharField(max_length=120)

    objects = RateCardQuerySet.as_manager()

    class Meta:
        ordering = ["owner", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "version"], name="rate_card_version_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="rate_card_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} v{self.version}"


class DayRate(BaseModel):
    """What a day of this model costs: B of every quote. Frozen into the terms when they are made."""

    talent_ref = models.CharField(max_length=80, unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=120)

    class Meta:
        ordering = ["talent_ref"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="day_rate_above_zero"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="day_rate_currency_code"),
        ]

    def __str__(self) -> str:
        return f"{self.talent_ref}: {self.amount_minor} {self.currency}"
