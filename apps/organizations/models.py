"""Agencies and brands, and the people who work for them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.vocabulary import Category
from apps.organizations.permissions import ROLE_PERMISSIONS, Permission


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def checked(self) -> "OrganizationQuerySet":
        return self.filter(checked_at__isnull=False)


class Organization(BaseModel):
    """An agency or a brand. Unchecked ones (`checked_at` empty) can prepare but not transact."""

    class Kind(models.TextChoices):
        AGENCY = "agency", "Agency"
        BRAND = "brand", "Brand"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80, unique=True)
    legal_name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2; decides the place of VAT")
    registration_number = models.CharField(max_length=60, blank=True)
    vat_number = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    category = models.CharField(max_length=20, choices=Category.choices, blank=True, help_text="brands: main category")
    competitor_group = models.SlugField(max_length=40, blank=True, help_text="brands: who counts as a competitor")
    about = models.CharField(max_length=300, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    synthetic = models.BooleanField(default=False, help_text="part of the demonstration; nobody real")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        return ref("org", self.pk)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class Membership(BaseModel):
    """One person's role in one organisation."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "producer", "finance", "viewer", "booker", "accountant"]),
                name="membership_known_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.role} of {self.organization}"

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLE_PERMISSIONS[self.organization.kind].get(self.role, frozenset())
