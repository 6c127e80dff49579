"""How a product comes off its ground: cut out already, in front of a plain one, or in front of something.

The engine has the last word; this tells the brand while it composes, by the same two signs.
"""

import io

from PIL import Image, ImageChops, ImageStat

from apps.bookings.models import LookProduct

SIDE = 256
EDGE = 4
OPAQUE = 250  # from here on nothing shows through
SPREAD = 9  # of 255: how far the edge may stray from its middle colour and still be plain


def ground_of_picture(data: bytes) -> LookProduct.Ground:
    """`data` is a picture that media.uploads made clean."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGBA")
    picture.thumbnail((SIDE, SIDE))
    if any(picture.getchannel("A").histogram()[:OPAQUE]):
        return LookProduct.Ground.CUT_OUT
    return LookProduct.Ground.PLAIN if _is_plain(picture.convert("RGB")) else LookProduct.Ground.BUSY


def _is_plain(picture: Image.Image) -> bool:
    """Nine tenths of the edge lie near its middle colour."""
    edge = _edge(picture)
    middle = tuple(int(value) for value in ImageStat.Stat(edge).median)
    apart = ImageChops.difference(edge, Image.new("RGB", edge.size, middle))
    red, green, blue = apart.split()
    counts = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    return sum(counts[: SPREAD + 1]) >= 0.9 * sum(counts)


def _edge(picture: Image.Image) -> Image.Image:
    """The four margins, laid under one another."""
    width, height = picture.size
    strips = [
        picture.crop((0, 0, width, EDGE)),
        picture.crop((0, height - EDGE, width, height)),
        picture.crop((0, 0, EDGE, height)).transpose(Image.Transpose.ROTATE_90),
        picture.crop((width - EDGE, 0, width, height)).transpose(Image.Transpose.ROTATE_90),
    ]
    edge = Image.new("RGB", (min(width, height), EDGE * len(strips)))
    for number, strip in enumerate(strips):
        edge.paste(strip.crop((0, 0, edge.width, EDGE)), (0, EDGE * number))
    return edge
