"""What the two sides of a booking write to each other, with what they attach, and how far each person has read.

There are two threads of a booking, brand with agency and agency with model; where nobody represents her there is one,
brand with model. Nothing of an answer stands here: answers are sealed elsewhere.
"""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.common.models import BaseModel
from apps.common.refs import parse_ref
from apps.media.models import StoredFile

LONGEST_TEXT = 4_000


class Between(models.TextChoices):
    BRAND_AGENCY = "brand-agency", "Brand and agency"
    AGENCY_MODEL = "agency-model", "Agency and model"
    BRAND_MODEL = "brand-model", "Brand and model"  # only where no agency represents her


class ThreadQuerySet(models.QuerySet["Thread"]):
    def of(self, actor: Actor) -> "ThreadQuerySet":
        """The threads in which this actor's party has a seat. A mother agency is informed of a booking and has none."""
        if actor.kind == "brand":
            kinds = (Between.BRAND_AGENCY, Between.BRAND_MODEL)
            ours = Q(booking__brand=parse_ref(actor.party, "org"))
        elif actor.kind == "agency":
            kinds = (Between.BRAND_AGENCY, Between.AGENCY_MODEL)
            ours = Q(booking__agency=parse_ref(actor.party, "org"))
        elif actor.kind == "talent":
            return self.of_model(parse_ref(actor.party, "talent"))
        else:
            return self.none()
        return self.filter(ours, between__in=kinds)

    def of_model(self, talent: UUID) -> "ThreadQuerySet":
        """Those that she reads: with her agency or, where none represents her, with the brand."""
        return self.filter(booking__twin__talent=talent, between__in=(Between.AGENCY_MODEL, Between.BRAND_MODEL))


class Thread(BaseModel):
    """Begins with its first message. `last_number` is written with the row locked, so that numbers have no gaps."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="threads")
    between = models.CharField(max_length=20, choices=Between.choices)
    last_number = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "between"], name="thread_once"),
            models.CheckConstraint(condition=Q(between__in=Between.values), name="thread_known_sides"),
        ]
        indexes = [models.Index(fields=["-last_at"], name="thread_latest")]

    def __str__(self) -> str:
        return f"{self.get_between_display()} on {self.booking_id}"


class Message(BaseModel):
    """One text of one person on behalf of her party. Deleted, its row stays and says nothing any more.

    `told_at` is when the other side was told of it, or when that was no longer needed; see digest.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    party = models.CharField(max_length=80, help_text="on whose behalf")
    writer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="message_number_once"),
            models.CheckConstraint(condition=Q(deleted_at=None) | Q(body=""), name="message_deleted_says_nothing"),
        ]
        indexes = [
            models.Index(fields=["thread", "created_at"], name="message_untold", condition=Q(told_at=None)),
            models.Index(fields=["writer", "-created_at"], name="message_pace"),
        ]

    def __str__(self) -> str:
        return f"{self.number} in {self.thread_id}"


class Attachment(BaseModel):
    """One picture or PDF. What came is encrypted at once and looked at by a task, which keeps it or says why not.

    Entry: waiting, with `upload`; exit: kept with `file`, or refused with a reason; `upload` is deleted either way.
    Both are encrypted with the key of the booking's twin: whoever erases her twin erases these as well.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Being looked at"
        KEPT = "kept", "Kept"
        REFUSED = "refused", "Refused"

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    upload = models.OneToOneField(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(state="kept") | Q(file__isnull=False), name="attachment_kept_is_there"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="attachment_refused_says_why"),
        ]
        indexes = [models.Index(fields=["created_at"], name="attachment_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return self.name


class ReadMark(BaseModel):
    """How far one person has read one thread, for the party she acts for."""

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    party = models.CharField(max_length=80)
    number = models.PositiveIntegerField(help_text="of the last message that stood on her screen")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user", "party"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} up to {self.number}"
