"""Signed addresses of files. Who holds one may see that one file, in that one form, until its time is over.

An address is handed out by a view that has checked who asks; the file view checks nothing but the address.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from apps.common.clock import true_now
from apps.media.models import StoredFile
from apps.media.renditions import RECIPES

SALT = "apps.media.signing"


@dataclass(frozen=True)
class Grant:
    """What an address allows. `rendition` is empty for the original, `download_as` for showing it in the page."""

    file_id: UUID
    rendition: str
    expires_at: datetime
    download_as: str

    @property
    def left(self) -> timedelta:
        return self.expires_at - true_now()


def signed_url(
    file: StoredFile, *, seconds: int, rendition: str = "", download_as: str = "", absolute: bool = False
) -> str:
    """An address of the file that ends in at most `seconds`.

    The end of a rendition's address is rounded down to a sixth of its time, so that a page looked at again uses the
    same address and the browser its copy. Raises ValueError for an unknown rendition.
    """
    if rendition and rendition not in RECIPES:
        raise ValueError(f"unknown rendition {rendition!r}")
    expires = int(true_now().timestamp()) + seconds
    if rendition:
        expires -= expires % max(1, seconds // 6)
    token = _signer().sign_object([file.pk.hex, rendition, expires, download_as])
    path = reverse("media:file", args=[token])
    return f"{settings.SITE_URL.rstrip('/')}{path}" if absolute else path


def read_token(token: str) -> Grant | None:
    """What the token grants now; None when it was altered, made elsewhere, or is over."""
    try:
        file_id, rendition, expires, download_as = _signer().unsign_object(token)
    except BadSignature:
        return None
    grant = Grant(UUID(file_id), rendition, datetime.fromtimestamp(expires, UTC), download_as)
    return grant if grant.left > timedelta() else None


def _signer() -> Signer:
    return Signer(key=settings.FILE_URL_KEY, salt=SALT)
