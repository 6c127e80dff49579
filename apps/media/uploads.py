"""What people upload becomes a clean picture of ours, or is refused with a sentence that helps.

Only an allow-listed decoder ever sees the bytes; the pixels move to a new canvas and are encoded again, so positions,
comments, thumbnails, tails and whatever else travelled in the file stay behind.
"""

import io
import struct
import zlib
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from apps.common.errors import InvalidInput

MAX_BYTES = 30 * 1024 * 1024
MAX_PIXELS = 60_000_000
MIN_SIDE = 32
MAX_PROFILE_BYTES = 1024 * 1024
JPEG_QUALITY = 95
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
# A phone's JPEG often carries a second picture (depth, gain map) and opens as MPO; its first frame is the photograph.
FIRST_FRAME_IS_THE_PHOTOGRAPH = ("MPO",)

# Everything that Pillow's and libheif's decoders raise for bytes that are not what they claim to be.
DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, EOFError, RuntimeError, TypeError,
    struct.error, zlib.error,
)  # fmt: skip

pillow_heif.register_heif_opener()


class Unusable(InvalidInput):
    """This upload cannot become a picture; the message says why and what would."""


@dataclass(frozen=True)
class CleanImage:
    """Newly encoded sRGB pixels without any metadata. PNG only where the upload had real transparency."""

    data: bytes
    content_type: str
    width: int
    height: int


def sanitise(raw: bytes) -> CleanImage:
    """A clean picture out of untrusted bytes: JPEG, PNG, WebP or HEIC, up to 30 MB and 60 megapixels.

    Orientation is applied, colours are converted to sRGB. Raises Unusable.
    """
    if not raw:
        raise Unusable("The file is empty. Please choose the picture again.", code="empty")
    if len(raw) > MAX_BYTES:
        raise Unusable("The file is larger than 30 MB. Please export a smaller one.", code="too_large")
    return _encode(_decode(raw))


def _decode(raw: bytes) -> Image.Image:
    """Upright sRGB pixels, RGB or RGBA, on a canvas that carries nothing else."""
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            _check_before_decoding(opened)
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _bare(_to_srgb(upright))
    except Image.UnidentifiedImageError as error:
        raise Unusable("This is not a JPEG, PNG, WebP or HEIC picture.", code="not_a_picture") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except DECODER_ERRORS as error:
        raise Unusable("The picture is damaged or incomplete. Please export it again.", code="damaged") from error


def _check_before_decoding(opened: Image.Image) -> None:
    """Judge by the header alone, before a pixel is unpacked."""
    if opened.width * opened.height > MAX_PIXELS:
        raise _too_many_pixels()
    if min(opened.size) < MIN_SIDE:
        raise Unusable(f"The picture is only {opened.width} × {opened.height} pixels.", code="too_small")
    if getattr(opened, "n_frames", 1) > 1 and opened.format not in FIRST_FRAME_IS_THE_PHOTOGRAPH:
        raise Unusable("The picture moves or has several pages. Please upload a still one.", code="animated")


def _too_many_pixels() -> Unusable:
    return Unusable("The picture has more than 60 megapixels. Please export a smaller one.", code="too_many_pixels")


def _to_srgb(picture: Image.Image) -> Image.Image:
    """RGB, or RGBA where something shows through."""
    alpha = picture.convert("RGBA").getchannel("A") if picture.has_transparency_data else None
    opaque = picture if picture.mode in ("RGB", "CMYK") else picture.convert("RGB")
    pixels = _managed(opaque, picture.info.get("icc_profile") or b"") or opaque.convert("RGB")
    if alpha is not None and any(alpha.histogram()[:255]):
        pixels.putalpha(alpha)
    return pixels


def _managed(opaque: Image.Image, profile: bytes) -> Image.Image | None:
    """Through the embedded profile where there is a sound one: phones photograph in Display P3. Else None."""
    if not 0 < len(profile) <= MAX_PROFILE_BYTES:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(opaque, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return None  # a broken profile or one for other channels: the numbers are then taken as sRGB


def _bare(picture: Image.Image) -> Image.Image:
    canvas = Image.new(picture.mode, picture.size)
    canvas.paste(picture)
    return canvas


def _encode(picture: Image.Image) -> CleanImage:
    out = io.BytesIO()
    if picture.mode == "RGBA":
        picture.save(out, "PNG", compress_level=6)
        return CleanImage(out.getvalue(), "image/png", *picture.size)
    picture.save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return CleanImage(out.getvalue(), "image/jpeg", *picture.size)
