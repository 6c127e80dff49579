"""What belongs to composing: the pictures of a look's product, compositions kept under a name, and the crew."""

from django.conf import settings
from django.db import models

from apps.bookings.models.booking import Booking, Look
from apps.common.models import BaseModel
from apps.media.models import StoredFile
from apps.organizations.models import Organization

MOST_PRODUCTS = 6  # pictures of one look's product
MOST_CREDITS = 20


class LookProduct(BaseModel):
    """One picture of a brand's product. The first of a look is also `look.product`: the one that the scene places."""

    class Ground(models.TextChoices):
        """How the product comes off its ground, as the engine will do it."""

        CUT_OUT = "cut_out", "Cut out: nothing behind it"
        PLAIN = "plain", "Plain ground: we cut it out"
        BUSY = "busy", "Something is behind it: shown to the model only"

    look = models.ForeignKey(Look, on_delete=models.CASCADE, related_name="products")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=10, choices=Ground.choices)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["look", "position"], name="look_product_position_once")]

    def __str__(self) -> str:
        return f"{self.look}: picture {self.position}"

    @property
    def can_be_placed(self) -> bool:
        """Whether the engine can stand it into a picture."""
        return self.ground != self.Ground.BUSY


class BookingTemplate(BaseModel):
    """A composition without a twin and without dates. `usage` and `looks` are a draft as plain data."""

    brand = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="booking_templates")
    name = models.CharField(max_length=80)
    usage = models.JSONField()
    looks = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["brand", "name"], name="booking_template_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def pictures(self) -> int:
        return sum(look["pictures"] for look in self.looks)


class Credit(BaseModel):
    """One person of the crew, named on every picture of a booking (product.md, 14: crew line)."""

    class Role(models.TextChoices):
        PHOTOGRAPHER = "photographer", "Photographer"
        STYLIST = "stylist", "Stylist"
        HAIR = "hair", "Hair"
        MAKE_UP = "make_up", "Make-up"
        OTHER = "other", "Other"

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="credits")
    role = models.CharField(max_length=15, choices=Role.choices)
    role_text = models.CharField(max_length=40, blank=True, help_text="what an “other” did")
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=120, blank=True, help_text="shown to the parties of the booking only")
    email = models.EmailField(blank=True, help_text="where a share of hers is told of; shown to nobody but the brand")
    entered_by = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["booking", "position"], name="credit_position_once"),
            models.CheckConstraint(
                condition=~models.Q(role="other") | ~models.Q(role_text=""), name="credit_other_says_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.name}"

    @property
    def part(self) -> str:
        """What this person did, as a credit line says it."""
        return self.role_text if self.role == self.Role.OTHER else str(self.Role(self.role).label)
