"""What a brand gathers before it books, what an agency sends it, and the table in which twins are found."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.organizations.models import Organization
from apps.talent.models import Board as TalentBoard
from apps.twins.models import Twin


class Findable(models.Model):
    """One narrow row for each twin that some brand could book, derived from the facts of her own tables.

    Triggers of the migration 0002 write it inside the transaction that changes a fact, whoever changes it; nothing else
    does. Ends are a column: a row counts while `until` lies ahead. It only finds. What may be booked is asked of
    the facts themselves (cleared.py) wherever something is shown by name, kept or booked.
    """

    twin = models.OneToOneField(Twin, primary_key=True, on_delete=models.CASCADE, related_name="findable")
    name = models.CharField(max_length=160, help_text="for the order: lower case, without accents")
    words = models.TextField(help_text="her name and her agencies, lower case, without accents")
    board = models.CharField(max_length=10, choices=TalentBoard.choices)
    height_cm = models.PositiveSmallIntegerField(null=True)
    rate_minor = models.BigIntegerField()
    since = models.DateTimeField(help_text="when the twin was made")
    until = models.DateTimeField(help_text="when the first of her consents or her approval ends")
    agencies = ArrayField(models.UUIDField(), help_text="whose mandate covers the twin today")
    barred_media = ArrayField(models.CharField(max_length=20))
    barred_categories = ArrayField(models.CharField(max_length=20))
    barred_brands = ArrayField(models.UUIDField())

    class Meta:
        indexes = [
            models.Index(fields=["name", "twin"], name="findable_by_name"),
            models.Index(fields=["rate_minor", "twin"], name="findable_by_rate"),
            models.Index(fields=["-since", "twin"], name="findable_by_age"),
            GinIndex(OpClass("words", name="gin_trgm_ops"), name="findable_words"),
            GinIndex(fields=["agencies"], name="findable_agencies"),
        ]

    def __str__(self) -> str:
        return self.name


class Word(models.Model):
    """One word of the names and agencies of `Findable`, so that a mistyped one is compared with words, not with twins.

    A trigger of the migration 0003 writes it with the row; mending.py takes out what no row has any more.
    """

    text = models.TextField(primary_key=True)

    class Meta:
        ordering = ["text"]
        indexes = [GinIndex(OpClass("text", name="gin_trgm_ops"), name="word_trigrams")]

    def __str__(self) -> str:
        return self.text


class SavedFilter(BaseModel):
    """A search of the twins page under a name: one person's, for one brand."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1_000, help_text="the query of the address")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "organization", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name


class Board(BaseModel):
    """A named list of twins with notes.

    A shortlist is one producer's own, without a name to give; a board is the whole brand's; a package is what an
    agency chose of its roster, for one brand or for anybody with its link.
    """

    class Kind(models.TextChoices):
        SHORTLIST = "shortlist", "Shortlist"
        BOARD = "board", "Board"
        PACKAGE = "package", "Package"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="boards")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=80)
    note = models.TextField(max_length=1_000, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    for_brand = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="packages",
        help_text="packages: who may take it over; anybody with the link where it is empty",
    )  # fmt: skip
    taken_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="taken_as")

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["organization", "kind", "-created_at"], name="boards_list"),
            models.Index(fields=["organization", "-created_at", "id"], name="boards_newest"),
            models.Index(
                fields=["for_brand", "-created_at", "id"], condition=Q(kind="package"), name="boards_received"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "made_by"], condition=Q(kind="shortlist"), name="shortlist_once_per_person"
            ),
            models.UniqueConstraint(fields=["organization", "taken_from"], name="package_taken_once"),
            models.CheckConstraint(condition=Q(for_brand=None) | Q(kind="package"), name="board_for_brand_is_package"),
            models.CheckConstraint(condition=Q(taken_from=None) | Q(kind="board"), name="board_taken_is_a_board"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return ref("board", self.pk)

    @property
    def is_package(self) -> bool:
        return self.kind == self.Kind.PACKAGE


class Entry(BaseModel):
    """One twin on a board, with a note that whoever holds a link of the board reads too."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="entries")
    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["board", "created_at"], name="board_entries")]
        constraints = [models.UniqueConstraint(fields=["board", "twin"], name="board_entry_once")]

    def __str__(self) -> str:
        return f"{self.twin} on {self.board}"


class Share(BaseModel):
    """A link to a board for people without an account. Only the SHA-256 of its secret is kept: whoever reads the table
    opens nothing, and a lost link is replaced, not found again. Alive until it ends or is taken back."""

    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="shares")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["board", "-created_at"], name="board_shares")]

    def __str__(self) -> str:
        return f"Link to {self.board}"

    @property
    def ref(self) -> str:
        return ref("share", self.pk)

    @property
    def alive(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class Opening(BaseModel):
    """The link was opened: when, and with what; whose it was only where somebody was signed in. No address is kept."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="openings")
    device = models.CharField(max_length=60, help_text="“Safari on iPhone”")
    organization = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["share", "-created_at"], name="share_openings")]

    def __str__(self) -> str:
        return f"{self.share}, {self.created_at:%d.%m.%Y %H:%M}"
