"""The structure of a JPEG file: which segments stand before the pixels, and whether anything follows them."""

from collections.abc import Iterator
from dataclasses import dataclass

XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\x00"
START, END, SCAN = 0xD8, 0xD9, 0xDA
APP0, APP1, APP2, APP11, COMMENT = 0xE0, 0xE1, 0xE2, 0xEB, 0xFE


class Malformed(Exception):
    """Not a JPEG file of the plain kind that we write."""


@dataclass(frozen=True)
class Segment:
    marker: int
    payload: bytes


def segments(data: bytes) -> Iterator[Segment]:
    """The segments before the first scan. Raises Malformed."""
    if data[:2] != bytes((0xFF, START)):
        raise Malformed("does not begin as a JPEG")
    at = 2
    while True:
        if len(data) < at + 4 or data[at] != 0xFF:
            raise Malformed(f"no segment at byte {at}")
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == SCAN:
            return
        yield Segment(marker, data[at + 4 : at + 2 + length])
        at += 2 + length


def ends_with_the_picture(data: bytes) -> bool:
    """Whether nothing stands behind the end marker. Inside scan data FF is followed by 00 or a restart marker."""
    return data.endswith(bytes((0xFF, END))) and data.count(bytes((0xFF, END)), _scan_start(data)) == 1


def xmp_packets(data: bytes) -> list[bytes]:
    return [
        segment.payload.removeprefix(XMP_HEADER)
        for segment in segments(data)
        if segment.marker == APP1 and segment.payload.startswith(XMP_HEADER)
    ]


def _scan_start(data: bytes) -> int:
    return 2 + sum(len(segment.payload) + 4 for segment in segments(data))
