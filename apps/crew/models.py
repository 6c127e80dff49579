"""Photographers, stylists and others whom brands pay beside the fee of a booking (product.md, 14: crew line)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from apps.common.models import BaseModel
from apps.common.refs import ref


class CrewMember(BaseModel):
    """One payee of crew splits, known by an address alone until somebody who reads its mail claims it.

    Made when a brand sends terms that give her a share. What she earns gathers on her party whether she claims it or
    not: nothing of it ever goes to anybody else.
    """

    email = models.EmailField()
    name = models.CharField(max_length=80, help_text="as she was named first")
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, hers to say; where she is paid")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="crew_member_email_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True) | Q(claimed_at__isnull=False), name="crew_member_claimed_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        return ref("crew", self.pk)
