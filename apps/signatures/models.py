"""What was shown, and who signed it: the evidence behind every consent, memo and approval."""

from django.db import models
from django.db.models import Q

from apps.common.models import BaseModel
from apps.media.models import StoredFile


class Signature(BaseModel):
    """One text, as the signer saw it, signed in person. Append-only.

    New York Fashion Workers Act: a replica needs the model's own written consent; no proxy, no staff.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    version = models.CharField(max_length=60)
    language = models.CharField(max_length=10)
    text = models.TextField()
    text_sha256 = models.CharField(max_length=64)
    signer = models.UUIDField(help_text="the person")
    party = models.CharField(max_length=80, help_text="on whose behalf")
    signed_at = models.DateTimeField()
    stepped_up_at = models.DateTimeField()
    session_sha256 = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "kind"]), models.Index(fields=["party", "-signed_at"])]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="signature_has_a_text")]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Certificate(BaseModel):
    """The PDF of one signature, made once by a task after it and never again. Kept whatever else is erased.

    `sha256` is of the file's bytes and stands in the audit chain as well, with this row as the subject.
    """

    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="certificate")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    stamped_at = models.DateTimeField(help_text="trusted time stamp of the PDF's own signature")

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"Certificate of {self.signature}"
