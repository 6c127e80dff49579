"""One signed grant per purpose, given by the talent herself, withdrawn as easily as given (GDPR art. 9 and 7(3))."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from apps.common.models import BaseModel
from apps.signatures.models import Signature
from apps.talent.models import Talent


class Purpose(models.TextChoices):
    SCAN = "scan", "Scan: keep my capture set and measure my face"
    TRAIN = "train", "Train: make a twin from it"
    GENERATE = "generate", "Generate: make pictures of my twin for bookings I said yes to"
    PUBLISH = "publish", "Publish: let brands use the pictures they licensed"
    PROMOTE = "promote", "Promote: show my twin to brands on Double"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, at: datetime | None = None) -> "ConsentQuerySet":
        now = at or timezone.now()
        return self.filter(granted_at__lte=now, ends_at__gt=now).filter(
            Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=now)
        )


class Consent(BaseModel):
    """One purpose, granted by one talent, with the signature over the text that she saw.

    California AB 2602: `intended_uses` are reasonably specific; there is no "any media" default.
    """

    talent = models.ForeignKey(Talent, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT)
    scope = models.TextField()
    rate_of_pay = models.CharField(max_length=200)
    intended_uses = ArrayField(models.CharField(max_length=120))
    counsel = models.CharField(max_length=160, blank=True, help_text="name of her own counsel or union, not the agency")
    counsel_on = models.DateField(null=True, blank=True, help_text="when it advised her")
    granted_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["talent", "purpose", "-granted_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("granted_at")), name="consent_has_a_duration"),
            models.CheckConstraint(
                condition=Q(counsel="", counsel_on=None) | (~Q(counsel="") & Q(counsel_on__isnull=False)),
                name="consent_counsel_has_a_day",
            ),
            models.CheckConstraint(condition=Q(intended_uses__len__gt=0), name="consent_has_intended_uses"),
            models.UniqueConstraint(
                fields=["talent", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_open_per_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.talent}: {self.purpose}"
