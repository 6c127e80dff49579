"""The check before release: what was written is read back from the finished bytes and compared."""

import io

from PIL import Image

from apps.integrations.c2pa.errors import Unreadable
from apps.integrations.c2pa.reader import read_own
from apps.provenance import jpeg, xmp
from apps.provenance.facts import ReleaseFacts
from apps.provenance.manifest import ACTIONS, LICENCE, licence_of
from apps.provenance.properties import SOURCE_TYPES, properties_of

# JFIF, our XMP, the sRGB profile, our signature; tables and frame headers (C0 to CF, DB, DD) are the pixels' own.
OURS = frozenset({jpeg.APP0, jpeg.APP1, jpeg.APP2, jpeg.APP11})
PIXELS = frozenset([*range(0xC0, 0xD0), 0xDB, 0xDD])


class NotReleasable(Exception):
    """The finished file does not say what it must, or says more. A fault of ours: it is not delivered."""


def check(data: bytes, *, facts: ReleaseFacts, size: tuple[int, int]) -> None:
    """Raises NotReleasable naming the first thing that is wrong with the finished JPEG."""
    _check_structure(data)
    _check_metadata(data, facts)
    _check_signature(data, facts)
    with Image.open(io.BytesIO(data)) as reopened:
        if (reopened.size, reopened.mode) != (size, "RGB"):
            raise NotReleasable(f"reopens as {reopened.mode} of {reopened.size}")


def _check_structure(data: bytes) -> None:
    strange = [segment.marker for segment in jpeg.segments(data) if segment.marker not in OURS | PIXELS]
    if strange:
        raise NotReleasable(f"unexpected segment {strange[0]:#04x}")
    if not jpeg.ends_with_the_picture(data):
        raise NotReleasable("bytes behind the picture")


def _check_metadata(data: bytes, facts: ReleaseFacts) -> None:
    packets = jpeg.xmp_packets(data)
    if len(packets) != 1 or sum(segment.marker == jpeg.APP1 for segment in jpeg.segments(data)) != 1:
        raise NotReleasable("not exactly one metadata packet")
    meant, found = properties_of(facts), xmp.read(packets[0])
    for name in sorted(meant.keys() | found.keys()):
        if found.get(name) != meant.get(name):
            raise NotReleasable(f"{name} reads back as {found.get(name)!r}")


def _check_signature(data: bytes, facts: ReleaseFacts) -> None:
    try:
        credentials = read_own(data, "image/jpeg")
    except Unreadable as error:
        raise NotReleasable(f"the signature cannot be read: {error}") from error
    if not credentials.is_trusted:
        raise NotReleasable(f"the signature reads back as {credentials.state} {credentials.failures}")
    if credentials.stamped_at is None:
        raise NotReleasable("the signature carries no trusted time stamp")
    licence = credentials.assertions.get(LICENCE)
    if licence is None or not licence.created or licence.data != licence_of(facts):
        raise NotReleasable("the signed licence is not the one that was meant")
    actions = credentials.assertions.get(ACTIONS)
    source = actions.data["actions"][0]["digitalSourceType"] if actions and actions.created else None
    if source != SOURCE_TYPES + facts.digital_source_type:
        raise NotReleasable(f"the signed source type is {source}")
