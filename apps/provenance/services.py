"""Releasing a picture: label, metadata, read-back. And the fingerprints of what was released."""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms

from apps.common.canonical import sha256_hex
from apps.provenance import xmp
from apps.provenance.check import check
from apps.provenance.facts import ReleaseFacts
from apps.provenance.label import burn
from apps.provenance.models import Fingerprint
from apps.provenance.properties import properties_of

__all__ = ["ReleaseFacts", "Released", "find", "register", "release"]

JPEG_QUALITY = 92


@dataclass(frozen=True)
class Released:
    """A JPEG that may leave the house. Nothing touches it afterwards: another byte is another fingerprint."""

    data: bytes
    sha256: str
    width: int
    height: int


def release(*, picture: bytes, facts: ReleaseFacts) -> Released:
    """The picture with its label burnt in and its facts as XMP, in a new sRGB JPEG that was read back and compared.

    Nothing of the input but its pixels goes in. Raises check.NotReleasable when the file does not say what it must,
    OSError when `picture` is no picture.
    """
    labelled = burn(_pixels(picture), facts.label_text, facts.label_corner).picture
    properties = properties_of(facts)
    out = io.BytesIO()
    labelled.save(
        out,
        "JPEG",
        quality=JPEG_QUALITY,
        subsampling=0,
        optimize=True,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        xmp=xmp.write(properties),
    )
    data = out.getvalue()
    check(data, properties=properties, size=labelled.size)
    return Released(data, sha256_hex(data), *labelled.size)


def register(*, sha256: str, subject: str) -> Fingerprint:
    """Remember what a released file was. Raises IntegrityError for bytes that are already known."""
    return Fingerprint.objects.create(sha256=sha256, subject=subject)


def find(sha256: str) -> str | None:
    """The subject ("deliverable:…") of exactly this file, or None, which proves nothing."""
    return Fingerprint.objects.filter(sha256=sha256).values_list("subject", flat=True).first()


def _pixels(picture: bytes) -> Image.Image:
    """RGB pixels on a canvas without anything else; what is transparent becomes white."""
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
        if not opened.has_transparency_data:
            canvas = Image.new("RGB", opened.size)
            canvas.paste(opened.convert("RGB"))
            return canvas
        canvas = Image.new("RGBA", opened.size, "white")
        canvas.alpha_composite(opened.convert("RGBA"))
        return canvas.convert("RGB")
