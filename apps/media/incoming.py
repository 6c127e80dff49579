"""Files that a browser brings straight to the storage, before anybody has looked at them.

The site hands out a slot: an address that takes one object of bounded size under one name for a quarter of an hour.
Where the storage signs its own (a bucket), the bytes never pass through the site; a private folder is stood in for by
a view of ours that holds to the same rules. What lies here is served to nobody, and is gone within a day.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse
from django.utils import timezone

from apps.common.errors import InvalidInput
from apps.media import storage

FOLDER = "incoming"
VALID_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
SALT = "apps.media.incoming"


@dataclass(frozen=True)
class Slot:
    """Where one file goes: a multipart POST of `fields` and then `file` to `url`. `name` is its name in the storage."""

    name: str
    url: str
    fields: dict[str, str]


def open_slot(*, most_bytes: int) -> Slot:
    """A slot for one file of at most `most_bytes`, open for fifteen minutes."""
    name = f"{FOLDER}/{uuid4().hex}"
    bucket: Any = default_storage
    if getattr(bucket, "querystring_auth", False):
        post = bucket.connection.meta.client.generate_presigned_post(
            Bucket=bucket.bucket_name,
            Key=name,
            Conditions=[["content-length-range", 1, most_bytes]],
            ExpiresIn=int(VALID_FOR.total_seconds()),
        )
        return Slot(name, post["url"], post["fields"])
    token = _signer().sign_object([name, most_bytes])
    return Slot(name, reverse("media:incoming", args=[token]), {})


def read_slot(token: str) -> tuple[str, int] | None:
    """Name and largest size that one of our own addresses stands for; None when altered or over."""
    try:
        name, most_bytes = _signer().unsign_object(token, max_age=VALID_FOR)
    except BadSignature:
        return None
    return name, most_bytes


def put(name: str, data: bytes) -> None:
    """What a bucket does by itself: sent again, the same name holds what came last."""
    storage.delete_bytes(name)
    storage.save_bytes(name, data)


def take(name: str, *, most_bytes: int) -> bytes:
    """The bytes as they came. Raises InvalidInput where nothing arrived, or more than was agreed."""
    if not default_storage.exists(name):
        raise InvalidInput("It did not arrive. Please send it again.")
    if not 0 < default_storage.size(name) <= most_bytes:
        raise InvalidInput("A photograph has between one byte and 30 MB.")
    return storage.read_bytes(name)


def drop(name: str) -> None:
    """Dropping what is not there is no error."""
    storage.delete_bytes(name)


def drop_forgotten() -> int:
    """What came and was never spoken of again. Answers how many were dropped."""
    if not default_storage.exists(FOLDER) and not getattr(default_storage, "querystring_auth", False):
        return 0
    oldest = timezone.now() - FORGOTTEN_AFTER
    names = [f"{FOLDER}/{entry}" for entry in default_storage.listdir(FOLDER)[1]]
    old = [name for name in names if default_storage.get_modified_time(name) < oldest]
    for name in old:
        drop(name)
    return len(old)


def _signer() -> TimestampSigner:
    return TimestampSigner(key=settings.FILE_URL_KEY, salt=SALT)
