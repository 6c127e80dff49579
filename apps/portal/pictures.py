"""Addresses of pictures for pages: short-lived, one per width."""

from dataclasses import dataclass

from apps.media.models import StoredFile
from apps.media.signing import signed_url

ONE_HOUR = 3600


@dataclass(frozen=True)
class Picture:
    """What an `<img>` needs; `src` is empty where there is no picture yet, `wash` are its colours until it loads."""

    src: str = ""
    srcset: str = ""
    full: str = ""
    wash: str = ""


NO_PICTURE = Picture()


def picture(file: StoredFile | None) -> Picture:
    """A released picture or a cover in the widths that screens ask for."""
    if file is None or not file.is_picture or file.deleted_at:
        return NO_PICTURE
    urls = {name: signed_url(file, seconds=ONE_HOUR, rendition=name) for name in ("w320", "w640", "w1280")}
    return Picture(
        src=urls["w640"],
        srcset=f"{urls['w320']} 320w, {urls['w640']} 640w, {urls['w1280']} 1280w",
        full=urls["w1280"],
        wash=file.wash,
    )


def thumbnail(file: StoredFile | None) -> str:
    """The address of the smallest rendition, or nothing."""
    if file is None or not file.is_picture or file.deleted_at:
        return ""
    return signed_url(file, seconds=ONE_HOUR, rendition="w320")
