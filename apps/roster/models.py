"""An agency's own list of people, the invitations that ask them in, and how it files its models."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.common.models import BaseModel
from apps.media.models import StoredFile
from apps.organizations.models import Organization
from apps.talent.models import Board, Talent

UNDO_LASTS = timedelta(minutes=10)


class RosterEntry(BaseModel):
    """Somebody as her agency knows her. `talent` is empty until she accepts; what she says of herself stands there."""

    agency = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="roster_entries")
    talent = models.ForeignKey(Talent, null=True, blank=True, on_delete=models.SET_NULL, related_name="roster_entries")
    email = models.EmailField("e-mail address", help_text="in lower case")
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    birth_date = models.DateField()
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    board = models.CharField(max_length=10, choices=Board.choices)
    language = models.CharField(max_length=10, help_text="of the invitation; a BCP 47 code in lower case")

    class Meta:
        ordering = ["last_name", "first_name"]
        verbose_name_plural = "roster entries"
        indexes = [models.Index(fields=["agency", "last_name", "first_name"], name="roster_list")]
        constraints = [
            # Together: one entry per agency and address, however the address is written.
            models.CheckConstraint(condition=Q(email=Lower("email")), name="roster_email_lower_case"),
            models.UniqueConstraint(fields=["agency", "email"], name="roster_email_once_per_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Invitation(BaseModel):
    """Asks the person of one entry in, once.

    States: pending (nothing was mailed yet), sent, expired, accepted. The secret of its link and the day it expires
    come with the mail; only the secret's SHA-256 is kept, so nobody who reads the table can accept.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        SENT = "sent", "Sent"
        EXPIRED = "expired", "Expired"
        ACCEPTED = "accepted", "Accepted"

    entry = models.ForeignKey(RosterEntry, on_delete=models.CASCADE, related_name="invitations")
    secret_sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(accepted_at=None), name="invitation_one_open"),
            models.CheckConstraint(
                condition=Q(secret_sha256=None, expires_at=None)
                | Q(secret_sha256__isnull=False, expires_at__isnull=False),
                name="invitation_secret_expires",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(secret_sha256__isnull=False), name="invitation_sent_before_accepted"
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.entry}"

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.expires_at is None:
            return self.State.PENDING
        return self.State.SENT if timezone.now() < self.expires_at else self.State.EXPIRED


class RosterUpload(BaseModel):
    """A CSV file that a booker sent: first checked without writing anything, then imported when she says so.

    States: checking, then checked or unusable; importing, then done. `report` is that of services.importing, as JSON.
    The file is deleted when it is done or put away.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being read"
        CHECKED = "checked", "Read, waits for your word"
        UNUSABLE = "unusable", "Cannot be used"
        IMPORTING = "importing", "Being taken over"
        DONE = "done", "Taken over"

    agency = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="roster_uploads")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHECKING)
    report = models.JSONField(default=dict, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["agency", "-created_at"], name="roster_uploads_list")]

    def __str__(self) -> str:
        return self.name

    @property
    def moves(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.IMPORTING)


class RosterPlace(BaseModel):
    """Where an agency files one of its models: on which of its boards, or set aside. Hers alone stays untouched.

    Without a row she stands on the board that her own profile names, and in sight.
    """

    agency = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="roster_places")
    board = models.CharField(max_length=10, choices=Board.choices, blank=True, help_text="empty: as her profile says")
    set_aside_at = models.DateTimeField(null=True, blank=True, help_text="since when the roster hides her")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "talent"], name="roster_place_once")]

    def __str__(self) -> str:
        return f"{self.talent} at {self.agency}"


class BulkAct(BaseModel):
    """What a booker did with several models at once. For ten minutes it can be undone.

    `before` maps each model's id to [board, set aside at] as it was. A reminder is sent only when its ten minutes are
    over (`sent_at`), so that undoing it means that nobody was reminded.
    """

    class What(models.TextChoices):
        REMIND = "remind", "Remind"
        BOARD = "board", "Move to a board"
        ASIDE = "aside", "Set aside"
        BACK = "back", "Bring back"

    agency = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    what = models.CharField(max_length=10, choices=What.choices)
    board = models.CharField(max_length=10, choices=Board.choices, blank=True)
    before = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["agency", "done_by", "-created_at"], name="bulk_act_latest"),
            models.Index(
                fields=["created_at"], name="bulk_act_to_send", condition=Q(what="remind", undone_at=None, sent_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(what="board") ^ Q(board=""), name="bulk_act_board_fits"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(undone_at=None), name="bulk_act_sent_or_undone"),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {len(self.before)}"

    @property
    def words(self) -> str:
        """What was done, for the offer to undo it."""
        if self.what == self.What.BOARD:
            return f"Moved to {self.get_board_display().lower()}"
        return {"remind": "To be reminded", "aside": "Set aside", "back": "Brought back"}[self.what]

    @property
    def undo_until(self) -> datetime:
        return self.created_at + UNDO_LASTS


class RosterColumns(BaseModel):
    """Which columns of the roster a person chose, for whichever agency she works."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roster_columns")
    columns = ArrayField(models.CharField(max_length=20))

    class Meta:
        verbose_name_plural = "roster columns"

    def __str__(self) -> str:
        return f"Columns of {self.user}"
