"""A brand's request for pictures of a twin, and its looks."""

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q

from apps.bookings.querysets import BookingQuerySet
from apps.bookings.scenes import WITH_PRODUCT
from apps.bookings.states import State
from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.vocabulary import Category, Exclusivity, Format, Medium, Window
from apps.media.models import StoredFile
from apps.organizations.models import Organization
from apps.twins.models import Twin

if TYPE_CHECKING:
    from apps.bookings.models.terms import Terms

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no letter that reads like a digit
LONGEST_BRIEF = 4_000
MOST_PICTURES = 500


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(7))


def new_lane() -> int:
    """A lane of its own in the rights calendar: two plain licences never exclude each other."""
    return secrets.randbelow(2**62)


class Booking(BaseModel):
    """From draft to delivered licence. `state` is written only by bookings.machine.perform."""

    code = models.CharField(max_length=7, unique=True, default=new_code, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    brand = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="bookings")
    twin = models.ForeignKey(Twin, on_delete=models.PROTECT, related_name="bookings")
    composer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120)
    renews = models.ForeignKey(
        "bookings.Licence", null=True, blank=True, on_delete=models.PROTECT, related_name="renewals",
        help_text="a booking of use alone: this licence again, or wider, and no picture made",
    )  # fmt: skip

    media = ArrayField(models.CharField(max_length=20, choices=Medium.choices), default=list)
    territories = ArrayField(models.CharField(max_length=5), default=list)
    window_months = models.PositiveSmallIntegerField(choices=Window.choices, default=Window.TWELVE)
    starts_on = models.DateField(null=True, blank=True, help_text="first day of the licence; empty: day of delivery")
    exclusivity = models.CharField(max_length=10, choices=Exclusivity.choices, default=Exclusivity.NONE)
    category = models.CharField(max_length=20, choices=Category.choices)
    fee_minor = models.BigIntegerField(null=True, blank=True, help_text="negotiated above the rate card; empty: as it")
    crew_split = models.JSONField(
        default=dict, blank=True, help_text="what each named person of the crew is given on top: credit → minor units"
    )

    # A draft is saved as one types: how often it was, by which page last, and when. See services.saving.
    revision = models.PositiveIntegerField(default=0)
    saved_by_page = models.CharField(max_length=36, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    in_person_at = models.DateTimeField(null=True, blank=True, help_text="the brand asked for a real shoot instead")

    # The plan of approvals, frozen at submission: who answers, who earns, under which mandate.
    agency = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="represented"
    )
    mother_agency = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    commission_bp = models.PositiveIntegerField(default=0)
    mother_bp = models.PositiveIntegerField(default=0)

    booker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="whose request it is at the agency; empty: everybody's. Gives no right",
    )

    version = models.PositiveSmallIntegerField(default=0, help_text="the terms version in force; 0 before submission")
    rounds = models.PositiveSmallIntegerField(default=0, help_text="how often the brand has submitted")
    submitted_at = models.DateTimeField(null=True, blank=True)
    deadline_at = models.DateTimeField(null=True, blank=True, help_text="when silence ends this state")
    finished_at = models.DateTimeField(null=True, blank=True, help_text="the brand finished its selection")
    delivered_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=200, blank=True)
    held_from = models.CharField(max_length=20, blank=True, help_text="state before on hold")
    lane = models.BigIntegerField(default=new_lane, unique=True, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["brand", "state", "-created_at"]),
            models.Index(fields=["twin", "state", "-created_at"]),
            models.Index(fields=["agency", "state", "deadline_at"]),
            models.Index(fields=["state", "deadline_at"]),
            models.Index(fields=["booker", "state"], condition=Q(booker__isnull=False), name="booking_of_booker"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="booking_known_state"),
            models.CheckConstraint(condition=Q(commission_bp__lte=2_000), name="booking_commission_at_most_20_percent"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False) | Q(state="cancelled"),
                name="booking_submitted_has_a_time",
            ),
            models.CheckConstraint(condition=Q(rounds__lte=5), name="booking_at_most_five_rounds"),
            models.UniqueConstraint(
                fields=["renews"],
                condition=~Q(state__in=["declined", "cancelled", "expired", "closed_undelivered", "failed"]),
                name="booking_one_renewal_of_a_licence",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="booking_delivered_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def ref(self) -> str:
        return ref("booking", self.pk)

    @property
    def current_terms(self) -> "Terms":
        """The version in force. Raises Terms.DoesNotExist for a draft."""
        return self.terms.get(version=self.version)

    @property
    def pictures(self) -> int:
        """Ordered pictures over all looks; what is priced."""
        return sum(look.pictures for look in self.looks.all())


class Look(BaseModel):
    """One outfit or scene of a booking."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="looks")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    scene = models.CharField(max_length=30)
    brief = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_BRIEF)])
    pictures = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PICTURES)]
    )
    format = models.CharField(max_length=5, choices=Format.choices, default=Format.PORTRAIT)
    colour = models.CharField(
        max_length=7, blank=True, validators=[RegexValidator(r"^#[0-9a-fA-F]{6}$", "A colour like #c8102e.")]
    )
    light = models.CharField(max_length=5, choices=[("left", "From the left"), ("right", "From the right")], blank=True)
    crop = models.CharField(
        max_length=15,
        choices=[("full", "Full figure"), ("three_quarter", "Three-quarter"), ("portrait", "Portrait")],
        blank=True,
    )
    product = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="look_position_once"),
            models.CheckConstraint(condition=Q(pictures__gte=1, pictures__lte=MOST_PICTURES), name="look_has_pictures"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ref(self) -> str:
        return ref("look", self.pk)

    @property
    def lacks_product(self) -> bool:
        """Its scene cannot be made before the brand adds a picture of its product."""
        return self.scene in WITH_PRODUCT and self.product_id is None
