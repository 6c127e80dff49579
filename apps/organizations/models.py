"""Agencies and brands, how they were checked, the people who work for them, and who is asked to join these."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.vocabulary import Category
from apps.organizations.permissions import ALL_ROLES, ROLE_PERMISSIONS, ROLE_WORDS, Permission, roles_with


class OrganizationQuerySet(models.QuerySet["Organization"]):
    def checked(self) -> "OrganizationQuerySet":
        return self.filter(checked_at__isnull=False)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def open(self, day: date) -> "AbsenceQuerySet":
        """Now or to come."""
        return self.filter(ended_at=None, ends_on__gte=day)

    def on(self, day: date) -> "AbsenceQuerySet":
        """Away that day, while both still have the right: a role that was changed or lost ends it by itself."""
        bookers = Membership.objects.filter(
            organization=models.OuterRef("organization"), role__in=roles_with("agency", Permission.ANSWER_FOR_AGENCY)
        )
        return self.open(day).filter(
            models.Exists(bookers.filter(user=models.OuterRef("user"))),
            models.Exists(bookers.filter(user=models.OuterRef("deputy"))),
            starts_on__lte=day,
        )


class Organization(BaseModel):
    """An agency or a brand. Unchecked ones (`checked_at` empty) can prepare but not transact.

    Only services.checking writes `checked_at`, each time with a row of OrganizationCheck that says why.
    """

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
    contact_email = models.EmailField("contact e-mail", blank=True)
    contact_phone = models.CharField(max_length=30, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    credit_limit_minor = models.BigIntegerField(
        default=0,
        help_text="brands: how much may be open on invoices, in minor units; 0 is no credit",
    )
    synthetic = models.BooleanField(default=False, help_text="part of the demonstration; nobody real")

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["kind", "name"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_limit_minor=0) | Q(credit_limit_minor__gt=0, kind="brand", checked_at__isnull=False),
                name="organization_credit_for_checked_brands",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        return ref("org", self.pk)

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.name.split()[:2]).upper()


class OrganizationCheck(BaseModel):
    """One step of the check, with its reason; the rows of one organisation are the trail. The owners read them too."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"
        CHANGED = "changed", "Details changed"  # by an owner: has to be looked at again
        CREDIT = "credit", "Credit"  # how much of it; says nothing about the check itself

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="checks")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["organization", "-created_at"], name="check_trail")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="check_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_decision_display()}"


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

    @property
    def role_label(self) -> str:
        return ROLE_WORDS[self.organization.kind][self.role].label


class Absence(BaseModel):
    """A booker is away, and a colleague with the same right stands in for her. Gives no right that he did not have.

    Nothing is ever delegated for a model, and by nobody but the booker herself. Back earlier, she ends it (`ended_at`).
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="absences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stands_in")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="inclusive")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(condition=~Q(user=models.F("deputy")), name="absence_another_stands_in"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start"),
        ]
        indexes = [
            models.Index(fields=["organization", "ends_on"], condition=Q(ended_at=None), name="absence_open"),
            models.Index(fields=["deputy", "ends_on"], condition=Q(ended_at=None), name="absence_of_deputy"),
        ]

    def __str__(self) -> str:
        return f"{self.user} away from {self.starts_on} to {self.ends_on}"


class TeamInvitation(BaseModel):
    """Asks the owner of one address to join a team in one role, once.

    States: pending (its mail is queued), sent, expired, withdrawn, accepted. The secret of the link is made with the
    mail, and only its SHA-256 is kept: nobody who reads the table can accept. Sending again makes a new secret.
    """

    class State(models.TextChoices):
        PENDING = "pending", "On its way"
        SENT = "sent", "Sent"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"
        ACCEPTED = "accepted", "Accepted"

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mail address", help_text="in lower case")
    role = models.CharField(max_length=20)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    queued_at = models.DateTimeField(default=timezone.now, help_text="when its last mail was asked for")
    secret_sha256 = models.CharField(max_length=64, null=True, blank=True, unique=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["email"]
        indexes = [models.Index(fields=["queued_at"], condition=Q(mailed_at=None), name="team_invitation_unmailed")]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="team_invitation_lower_case"),
            models.CheckConstraint(condition=Q(role__in=ALL_ROLES), name="team_invitation_known_role"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="team_invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(secret_sha256=None, expires_at=None)
                | Q(secret_sha256__isnull=False, expires_at__isnull=False),
                name="team_invitation_secret_expires",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="team_invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.email} to {self.organization}"

    @property
    def role_label(self) -> str:
        return ROLE_WORDS[self.organization.kind][self.role].label

    @property
    def state(self) -> State:
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        if self.mailed_at is None or self.expires_at is None:
            return self.State.PENDING
        return self.State.SENT if timezone.now() < self.expires_at else self.State.EXPIRED
