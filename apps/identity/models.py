"""Who a model is and that she is of age: looked at once, by a person, and what she showed is deleted afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.media.models import StoredFile
from apps.talent.models import Talent

EIGHTEEN_YEARS = Func(template="INTERVAL '18 years'", output_field=models.DurationField())


class IdentityCheck(BaseModel):
    """One look at one document and one selfie. States: submitted, then approved or refused, for good.

    Both pictures rest encrypted under a key of this check alone. `documents_deleted_at` says that pictures and key are
    gone; the row stays, with what was decided, by whom and when. Adults only (NO FAKES; New York Fashion Workers Act
    keeps child models to laws of their own): the database holds it too.
    """

    class State(models.TextChoices):
        SUBMITTED = "submitted", "Waits to be looked at"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    class Document(models.TextChoices):
        PASSPORT = "passport", "Passport"
        IDENTITY_CARD = "identity_card", "Identity card"
        RESIDENCE_PERMIT = "residence_permit", "Residence permit"

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="identity_checks")
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    kind = models.CharField("document", max_length=20, choices=Document.choices)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    selfie = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    birth_date = models.DateField(null=True, blank=True, help_text="as the document says, read by whoever approved")
    reason = models.CharField(max_length=300, blank=True, help_text="why it was refused; the model reads it")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_on = models.DateField(null=True, blank=True)
    documents_deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "created_at"], name="identity_to_look_at"),
            models.Index(
                fields=["decided_on"],
                name="identity_to_forget",
                condition=Q(decided_on__isnull=False, documents_deleted_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["talent"], condition=~Q(state="refused"), name="identity_one_open_or_approved"
            ),
            models.CheckConstraint(
                condition=Q(state="submitted", decided_on=None) | (~Q(state="submitted") & Q(decided_on__isnull=False)),
                name="identity_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(birth_date__lte=F("decided_on") - EIGHTEEN_YEARS),
                name="identity_adults_only",
            ),
            models.CheckConstraint(condition=~Q(state="refused", reason=""), name="identity_refused_with_a_reason"),
            models.CheckConstraint(
                condition=Q(documents_deleted_at=None) | Q(decided_on__isnull=False),
                name="identity_forgotten_after_the_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.talent}: {self.get_kind_display()}"

    @property
    def ref(self) -> str:
        return ref("identity", self.pk)
