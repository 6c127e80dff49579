"""Words pinned to a place on a candidate, and the brand's wish for another picture that carries them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.bookings.models.booking import Look
from apps.bookings.models.delivery import Review
from apps.common.models import BaseModel
from apps.common.refs import ref

LONGEST_PIN = 300
LONGEST_NOTE = 1_200


class PinQuerySet(models.QuerySet["Pin"]):
    def of_side(self, kind: str) -> "PinQuerySet":
        """What somebody of this kind of party reads: a brand its own pins, the model and her agency everybody's."""
        return self.filter(side=Pin.Side.BRAND) if kind == "brand" else self.all()

    def open(self) -> "PinQuerySet":
        return self.filter(resolved_at__isnull=True)


class Pin(BaseModel):
    """A remark at one place of a picture, in thousandths of its width and height.

    A brand pins on pictures that the model passed, she and her agency on hers. What they write is theirs: no brand ever
    reads it, on no picture.
    """

    class Side(models.TextChoices):
        BRAND = "brand", "Brand"
        MODEL = "model", "Model and agency"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="pins")
    side = models.CharField(max_length=5, choices=Side.choices)
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=LONGEST_PIN)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    party = models.CharField(max_length=80, help_text="for whom the author wrote")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["review", "created_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(x__lte=1000, y__lte=1000), name="pin_on_the_picture"),
            models.CheckConstraint(condition=~Q(text=""), name="pin_says_something"),
            models.CheckConstraint(
                condition=Q(resolver__isnull=True) | Q(resolved_at__isnull=False), name="pin_resolved_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def ref(self) -> str:
        return ref("pin", self.pk)


class Wish(BaseModel):
    """One more picture of a look that the brand asks for with words. Nothing is made for words that the model has not
    seen: it waits for her yes, and her silence is no.

    `note` is what the open pins said when it was asked for; a pin changed later does not change it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for the model"
        GRANTED = "granted", "Let through by the model"
        REFUSED = "refused", "Not with these words"
        LAPSED = "lapsed", "Not answered in time"
        CLOSED = "closed", "Not needed any more"

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="wishes")
    note = models.CharField(max_length=LONGEST_NOTE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.UUIDField()
    deadline_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name_plural = "wishes"
        indexes = [models.Index(fields=["deadline_at"], condition=Q(state="waiting"), name="wish_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["look"], condition=Q(state="waiting"), name="wish_one_waits_per_look"),
            models.CheckConstraint(
                condition=Q(state__in=["granted", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["waiting", "lapsed", "closed"], decided_by__isnull=True),
                name="wish_answer_has_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.look}: {self.get_state_display()}"

    @property
    def ref(self) -> str:
        return ref("wish", self.pk)
