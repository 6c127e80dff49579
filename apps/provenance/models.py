from django.db import models

from apps.common.models import BaseModel


class Fingerprint(BaseModel):
    """The SHA-256 of a file that left the house, and what it was: the first answer of a look-up by picture."""

    sha256 = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=80, db_index=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} is {self.subject}"
