"""What a brand does with a licence: the labels it chose, where the pictures ran, and what anybody objects to."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q

from apps.bookings.models.delivery import Licence
from apps.bookings.querysets import LabelChoiceQuerySet, TakedownQuerySet
from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.vocabulary import Medium
from apps.media.models import StoredFile


class LabelChoice(BaseModel):
    """Where the brand will show the pictures, and the label which that asks for. No download before there is one."""

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="label_choices")
    territory = models.CharField(max_length=5)
    channel = models.CharField(max_length=20, choices=Medium.choices)
    label = models.CharField(max_length=20)
    chosen_by = models.UUIDField()

    objects = LabelChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["licence", "territory", "channel"], name="label_chosen_once_for_a_market")
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.territory}"


class Placement(BaseModel):
    """A place where the brand used a picture. The address is kept and shown, never fetched.

    `beyond` is what of it lies outside the licence; such a place is over-use and is invoiced. After the licence's end
    the brand states when and by whom it was taken down.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="placements")
    url = models.URLField("address", max_length=500, blank=True)
    where = models.CharField("place", max_length=160, blank=True, help_text="where it has no address: a poster, a spot")
    medium = models.CharField(max_length=20, choices=Medium.choices)
    territories = ArrayField(models.CharField(max_length=5), help_text="countries where it can be seen")
    first_on = models.DateField("first day")
    last_on = models.DateField("last day", null=True, blank=True, help_text="empty: it still runs")
    beyond = ArrayField(models.CharField(max_length=20), default=list)
    logged_by = models.UUIDField()
    price = models.JSONField(null=True, help_text="of an over-use, frozen: apps.pricing.amounts.Amounts")
    split = models.JSONField(null=True, help_text="who receives what of it")
    paid_at = models.DateTimeField(null=True, blank=True)
    taken_down_on = models.DateField(null=True, blank=True)
    taken_down_by = models.CharField(max_length=120, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["licence", "-created_at"]),
            models.Index(fields=["licence"], condition=Q(stated_at=None), name="placement_not_taken_down"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(url="") | ~Q(where=""), name="placement_is_somewhere"),
            models.CheckConstraint(
                condition=Q(last_on=None) | Q(last_on__gte=F("first_on")), name="placement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(beyond=[], price=None, split=None, paid_at=None)
                | (~Q(beyond=[]) & Q(price__isnull=False, split__isnull=False)),
                name="placement_over_use_has_a_price",
            ),
            models.CheckConstraint(
                condition=Q(stated_at=None, taken_down_on=None, taken_down_by="")
                | (Q(stated_at__isnull=False, taken_down_on__isnull=False) & ~Q(taken_down_by="")),
                name="placement_statement_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.url or self.where

    @property
    def ref(self) -> str:
        return ref("placement", self.pk)

    @property
    def is_over_use(self) -> bool:
        return bool(self.beyond)


class TakedownNotice(BaseModel):
    """Somebody says that a picture must not be shown. TAKE IT DOWN: 48 hours; staff decide, with a reason."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        UPHELD = "upheld", "Upheld"
        REFUSED = "refused", "Refused"

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="takedowns")
    name = models.CharField(max_length=120)
    email = models.EmailField()
    where = models.CharField("seen at", max_length=500, blank=True)
    words = models.TextField("what is wrong", validators=[MaxLengthValidator(4_000)])
    address = models.CharField(max_length=45, blank=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    suspended_at = models.DateTimeField(null=True, blank=True, help_text="downloads are closed since then")
    reason = models.CharField(max_length=1_000, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = TakedownQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["state", "due_at"]), models.Index(fields=["licence", "state"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="takedown_decision_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.licence.code}: {self.get_state_display()}"

    @property
    def ref(self) -> str:
        return ref("takedown", self.pk)


class LicencePack(BaseModel):
    """Every file of a licence in one label, with certificate and manifest, packed by a task and kept for a week."""

    class State(models.TextChoices):
        MAKING = "making", "Being packed"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be packed"
        DELETED = "deleted", "Deleted"

    licence = models.ForeignKey(Licence, on_delete=models.CASCADE, related_name="packs")
    label = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices, default=State.MAKING)
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(state="making"), name="pack_being_made"),
            models.Index(fields=["ends_at"], condition=Q(state="ready"), name="pack_to_end"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["licence", "label"], condition=Q(state__in=["making", "ready"]), name="pack_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(file__isnull=False, ends_at__isnull=False), name="pack_ready_with_file"
            ),
        ]

    def __str__(self) -> str:
        return f"Pack of {self.licence.code}"

    @property
    def ref(self) -> str:
        return ref("pack", self.pk)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0
