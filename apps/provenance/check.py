"""The check before release: what was written is read back from the finished bytes and compared."""

import io

from PIL import Image

from apps.provenance import jpeg, xmp
from apps.provenance.xmp import Properties

# JFIF, our XMP, the sRGB profile; tables and frame headers (C0 to CF, DB to DD) are the pixels' own.
OURS = frozenset({jpeg.APP0, jpeg.APP1, jpeg.APP2})
PIXELS = frozenset([*range(0xC0, 0xD0), 0xDB, 0xDD])


class NotReleasable(Exception):
    """The finished file does not say what it must, or says more. A fault of ours: it is not delivered."""


def check(data: bytes, *, properties: Properties, size: tuple[int, int]) -> None:
    """Raises NotReleasable naming the first thing that is wrong with the finished JPEG."""
    strange = [segment.marker for segment in jpeg.segments(data) if segment.marker not in OURS | PIXELS]
    if strange:
        raise NotReleasable(f"unexpected segment {strange[0]:#04x}")
    if not jpeg.ends_with_the_picture(data):
        raise NotReleasable("bytes behind the picture")
    packets = jpeg.xmp_packets(data)
    if len(packets) != 1 or sum(segment.marker == jpeg.APP1 for segment in jpeg.segments(data)) != 1:
        raise NotReleasable("not exactly one metadata packet")
    found = xmp.read(packets[0])
    for name in sorted(properties.keys() | found.keys()):
        if found.get(name) != properties.get(name):
            raise NotReleasable(f"{name} reads back as {found.get(name)!r}")
    with Image.open(io.BytesIO(data)) as reopened:
        if (reopened.size, reopened.mode) != (size, "RGB"):
            raise NotReleasable(f"reopens as {reopened.mode} of {reopened.size}")
