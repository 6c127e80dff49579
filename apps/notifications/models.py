"""News for a party: a row that its people see in the portal, and the mails that tell them of it.

A row holds what happened; in which words, each reader's language decides.
"""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.common.models import BaseModel
from apps.common.wording import Saying, Words, words_of


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
    values = models.JSONField(default=dict, blank=True, help_text="plain facts; see common.wording")
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
        return self.words("en").title

    @property
    def saying(self) -> Saying:
        return Saying(self.kind, self.values)

    def words(self, language: str) -> Words:
        """What it says to somebody who reads this language. A closed list of kinds: KeyError for any other."""
        return words_of(self.saying, language)


class Mail(BaseModel):
    """One notice to one address, in the language of the person behind it.

    Claimed by a worker before it is handed over, sent once that worked.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="mails")
    address = models.EmailField()
    language = models.CharField(max_length=10, default="en")
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
