"""What the public may learn about a picture or a licence: the licence's summary and its live state, nothing else."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from apps.bookings.models import Deliverable, Licence
from apps.common.vocabulary import Category, Exclusivity, Medium


@dataclass(frozen=True)
class Standing:
    """How a licence stands today: the tone of the verdict and its words."""

    tone: str
    title: str
    words: str


@dataclass(frozen=True)
class Summary:
    licence: Licence
    standing: Standing
    media: str
    category: str
    exclusivity: str


def fingerprint(upload: UploadedFile) -> str:
    """SHA-256 of the bytes as they came. Nothing is written anywhere."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def by_picture(sha256: str) -> Summary | None:
    """The licence of a delivered file with exactly these bytes; None proves nothing."""
    found = Deliverable.objects.filter(sha256=sha256).select_related("licence__brand", "licence__twin__talent").first()
    return summary(found.licence) if found and found.licence.state != Licence.State.PENDING else None


def by_licence(code: str) -> Summary | None:
    """By the short code that captions carry, in either case."""
    licences = Licence.objects.exclude(state=Licence.State.PENDING).select_related("brand", "twin__talent")
    found = licences.filter(code=code.upper()).first()
    return summary(found) if found else None


def summary(licence: Licence) -> Summary:
    return Summary(
        licence=licence,
        standing=standing(licence, timezone.now().date()),
        media=", ".join(str(Medium(medium).label) for medium in licence.media),
        category=str(Category(licence.category).label),
        exclusivity=str(Exclusivity(licence.exclusivity).label),
    )


def standing(licence: Licence, today: date) -> Standing:
    """Dates are UTC, inclusive."""
    if licence.state == Licence.State.REVOKED:
        return Standing("neg", "Ours, but revoked", "The licence was ended. This picture may not be used any more.")
    if licence.state == Licence.State.EXPIRED or today > licence.ends_on:
        return Standing(
            "warn", "Ours, but expired", "The licence has run out. This picture should have been taken down."
        )
    if today < licence.starts_on:
        return Standing(
            "accent", "Licensed, not open yet", "The licence opens later. Until then the picture may not run."
        )
    return Standing("pos", "Licensed and valid", "The model said yes to this use, and the licence is running.")
