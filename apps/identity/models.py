"""Who a model is and that she is of age: looked at once, and what she showed is deleted afterwards."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.media.models import StoredFile
from apps.talent.models import Talent

EIGHTEEN_YEARS = Func(template="INTERVAL '18 years'", output_field=models.DurationField())


class IdentityCheck(BaseModel):
    """One look at one document and one selfie. States: started (at Stripe only, nothing shown yet), submitted, then
    approved or refused, for good.

    By a person: both pictures rest encrypted under a key of this check alone. By Stripe: nothing of them comes here.
    `documents_deleted_at` says that they are gone, here or there; the row stays, with what was decided, by whom and
    when. Adults only (NO FAKES; New York Fashion Workers Act keeps child models to laws of their own): the database
    holds it too.
    """

    class Way(models.TextChoices):
        PERSON = "person", "A person of Double"
        STRIPE = "stripe", "Stripe Identity"

    class State(models.TextChoices):
        STARTED = "started", "Begun, nothing shown yet"
        SUBMITTED = "submitted", "Waits to be looked at"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    class Document(models.TextChoices):
        PASSPORT = "passport", "Passport"
        IDENTITY_CARD = "identity_card", "Identity card"
        RESIDENCE_PERMIT = "residence_permit", "Residence permit"

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="identity_checks")
    way = models.CharField("looked at by", max_length=10, choices=Way.choices, default=Way.PERSON)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    kind = models.CharField("document", max_length=20, choices=Document.choices, blank=True)
    document = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    selfie = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    session_id = models.CharField(max_length=100, null=True, unique=True, help_text="by Stripe: its own id")
    attempt = models.PositiveSmallIntegerField(default=0, help_text="part of the key to Stripe; 0 before it was asked")
    due_at = models.DateTimeField(null=True, help_text="by Stripe: when it is asked again, before and after a decision")
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
            models.Index(fields=["due_at"], name="identity_open_at_stripe", condition=Q(way="stripe", decided_on=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["talent"], condition=~Q(state="refused"), name="identity_one_open_or_approved"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["started", "submitted"], decided_on=None)
                | (~Q(state__in=["started", "submitted"]) & Q(decided_on__isnull=False)),
                name="identity_decided_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(way="person", document__isnull=False, selfie__isnull=False, session_id=None)
                & ~Q(state="started")
                | Q(way="stripe", document=None, selfie=None, kind=""),
                name="identity_pictures_only_by_person",
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
        return f"{self.talent}: {self.get_kind_display() or self.get_way_display()}"

    @property
    def ref(self) -> str:
        return ref("identity", self.pk)

    @property
    def waits_for_staff(self) -> bool:
        """What Stripe looks at is never decided here."""
        return self.state == self.State.SUBMITTED and self.way == self.Way.PERSON
