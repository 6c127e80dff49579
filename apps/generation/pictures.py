"""Is what came back a picture, whole, of the format and size that was asked for? Judged before anything shows it."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass

from PIL import Image

from apps.integrations.gpu.types import RemoteOutput

MOST_BYTES = 40 * 1024 * 1024
FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg"}
# Everything that Pillow's decoders raise for bytes that are not what they claim to be.
DECODER_ERRORS = (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, struct.error, zlib.error)


class BadPicture(Exception):
    """What came back cannot be used; the message says why."""


@dataclass(frozen=True)
class GoodPicture:
    data: bytes
    content_type: str
    width: int
    height: int


def inspect(data: bytes, *, output: RemoteOutput, size: tuple[int, int]) -> GoodPicture:
    """Check digest, kind and exact size, then decode every pixel. Raises BadPicture.

    The size stands in the header and is compared first, so that nothing larger than asked for is ever unpacked.
    """
    if len(data) != output.size or hashlib.sha256(data).hexdigest() != output.sha256:
        raise BadPicture("It is not the picture that the GPU service announced.")
    try:
        with Image.open(io.BytesIO(data), formats=tuple(FORMATS)) as picture:
            if picture.size != size:
                raise BadPicture(f"It is {picture.width} × {picture.height} pixels instead of {size[0]} × {size[1]}.")
            picture.load()
            return GoodPicture(data, FORMATS[str(picture.format)], picture.width, picture.height)
    except Image.UnidentifiedImageError as error:
        raise BadPicture("It is no PNG or JPEG picture.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("It is a decompression bomb.") from error
    except DECODER_ERRORS as error:
        raise BadPicture("The picture is damaged.") from error
