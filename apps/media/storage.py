"""Bytes in the default storage: a private folder or a bucket, told apart by what the storage can do, never by name."""

from datetime import timedelta
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage


def save_bytes(name: str, data: bytes) -> str:
    """Store and answer the name under which the storage really kept it."""
    return default_storage.save(name, ContentFile(data))


def save_file(name: str, handle: IO[bytes]) -> str:
    """The same from an open file, read from where it stands, a piece at a time."""
    return default_storage.save(name, File(handle))


def open_file(name: str) -> IO[bytes]:
    """For reading a piece at a time. Raises FileNotFoundError."""
    opened: IO[bytes] = default_storage.open(name, "rb")
    return opened


def read_bytes(name: str) -> bytes:
    """Raises FileNotFoundError."""
    with default_storage.open(name, "rb") as handle:
        return handle.read()


def delete_bytes(name: str) -> None:
    """Deleting what is not there is no error."""
    default_storage.delete(name)


def presigned(name: str, *, valid_for: timedelta, content_type: str, disposition: str) -> str | None:
    """A URL at which the storage itself serves the bytes, or None where the storage cannot sign one."""
    storage: Any = default_storage
    if not getattr(storage, "querystring_auth", False):
        return None
    answered_as = {"ResponseContentType": content_type, "ResponseContentDisposition": disposition}
    url: str = storage.url(name, parameters=answered_as, expire=max(1, int(valid_for.total_seconds())))
    return url
