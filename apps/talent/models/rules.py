"""What binds a model's bookings beside her word: her standing rules, and what she signed elsewhere."""

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from apps.common.depiction import Kind, Trait
from apps.common.models import BaseModel
from apps.common.vocabulary import Category, Exclusivity, LicenceType, Medium
from apps.organizations.models import Organization
from apps.talent.models.person import Talent

LONGEST_WINDOW_MONTHS = 120  # NO FAKES: a licence of at most ten years
WIDEST_TOLERANCE = 30  # per cent; beyond, it is another body


def every_licence_type() -> list[str]:
    return list(LicenceType.values)


class Boundaries(BaseModel):
    """The talent's standing rules. They bind every request, and are looked at again before every GPU call.

    The body lock: by how many per cent body, skin and hair of a picture may differ from her capture set. It is frozen
    into each voucher; where she allows less since, nothing more is made under it.
    """

    talent = models.OneToOneField(Talent, on_delete=models.CASCADE, related_name="boundaries")
    barred_categories = ArrayField(models.CharField(max_length=20, choices=Category.choices), default=list, blank=True)
    barred_brands = models.ManyToManyField(Organization, blank=True, related_name="barred_by")
    barred_media = ArrayField(models.CharField(max_length=20, choices=Medium.choices), default=list, blank=True)
    barred_territories = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    longest_window_months = models.PositiveSmallIntegerField(default=24)
    lowest_fee_minor = models.BigIntegerField(default=0, help_text="F, in the minor unit of the day rate's currency")
    licence_types = ArrayField(models.CharField(max_length=1, choices=LicenceType.choices), default=every_licence_type)
    body_tolerance = models.PositiveSmallIntegerField(default=5, help_text="per cent")
    skin_tolerance = models.PositiveSmallIntegerField(default=5, help_text="per cent")
    hair_tolerance = models.PositiveSmallIntegerField(default=15, help_text="per cent")

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [
            models.CheckConstraint(
                condition=Q(longest_window_months__gte=1, longest_window_months__lte=LONGEST_WINDOW_MONTHS),
                name="boundaries_window_within_ten_years",
            ),
            models.CheckConstraint(condition=Q(lowest_fee_minor__gte=0), name="boundaries_fee_not_negative"),
            models.CheckConstraint(condition=Q(licence_types__len__gt=0), name="boundaries_some_licence_type"),
            models.CheckConstraint(
                condition=Q(
                    body_tolerance__lte=WIDEST_TOLERANCE,
                    skin_tolerance__lte=WIDEST_TOLERANCE,
                    hair_tolerance__lte=WIDEST_TOLERANCE,
                ),
                name="boundaries_body_lock_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"Boundaries of {self.talent}"

    @property
    def body_lock(self) -> dict[str, int]:
        """Per cent by which body, skin and hair may differ from the capture set."""
        return {"body": self.body_tolerance, "skin": self.skin_tolerance, "hair": self.hair_tolerance}


class NeverAgain(BaseModel):
    """Something that she saw in a picture and never wants to be shown in again: one scene, crop, light, or clothes.

    Made with one tap from a rejected picture, and taken out by her on the page of her rules.
    """

    boundaries = models.ForeignKey(Boundaries, on_delete=models.CASCADE, related_name="never_again")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=30)

    class Meta:
        ordering = ["kind", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["boundaries", "kind", "value"], name="never_again_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="never_again_known_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.words}"

    @property
    def trait(self) -> Trait:
        return Trait(self.kind, self.value)

    @property
    def words(self) -> str:
        return self.trait.words


class OutsideCommitment(BaseModel):
    """An exclusivity signed elsewhere. It blocks like one of our own, for every brand, and none is told whose it is.

    Entered by her or by an agency of hers, and taken out by whoever entered it or by herself.
    """

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="outside_commitments")
    entered_by = models.CharField(max_length=80, help_text="party that entered it")
    exclusivity = models.CharField(max_length=10, choices=Exclusivity.choices, default=Exclusivity.CATEGORY)
    brand = models.CharField(
        max_length=120, blank=True, help_text="that it is for; private to the agency and the model"
    )
    category = models.CharField(max_length=20, choices=Category.choices)
    territories = ArrayField(models.CharField(max_length=5))
    window = DateRangeField()
    note = models.CharField(max_length=200, blank=True, help_text="private to the agency and the model")

    class Meta:
        ordering = ["window"]
        indexes = [models.Index(fields=["talent"])]
        constraints = [
            models.CheckConstraint(condition=Q(window__isempty=False), name="outside_commitment_has_days"),
            models.CheckConstraint(
                condition=Q(window__lower_inf=False, window__upper_inf=False), name="outside_commitment_has_an_end"
            ),
            models.CheckConstraint(
                condition=~Q(exclusivity=Exclusivity.NONE), name="outside_commitment_is_an_exclusivity"
            ),
            models.CheckConstraint(condition=Q(territories__len__gt=0), name="outside_commitment_is_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.talent}: {self.get_category_display()} elsewhere"
