"""News for a party: a row that its people see in the portal, and the mails that tell them of it."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.common.models import BaseModel


class NoticeQuerySet(models.QuerySet["Notice"]):
    def for_party(self, party: str) -> Self:
        return self.filter(to=party)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """Returns how many were unread."""
        return self.unread().update(read_at=timezone.now())


class Notice(BaseModel):
    to = models.CharField("party", max_length=80)
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=160)
    body = models.TextField(blank=True)
    url = models.CharField("page that it is about", max_length=300)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["to", "-created_at"], name="notice_of_party"),
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class Mail(BaseModel):
    """One notice to one address. Claimed by a worker before it is handed over, sent once that worked."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="mails")
    address = models.EmailField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "address"], name="mail_once_per_address"),
            models.CheckConstraint(condition=Q(sent_at=None) | Q(claimed_at__isnull=False), name="mail_claimed_first"),
        ]
        indexes = [models.Index(fields=["created_at"], name="mail_unsent", condition=Q(sent_at=None))]

    def __str__(self) -> str:
        return f"{self.notice_id} to {self.address}"
