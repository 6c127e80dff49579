"""The XMP packet of a released picture: written from plain properties, and read back into the same ones.

Fields of the IPTC Photo Metadata Standard 2025.1 and PLUS LDF 2.0.1. The brief is confidential: no prompt is written.
"""

import xml.etree.ElementTree as ET  # only our own packets and small ones without declarations are parsed, see `read`
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MAX_BYTES = 60_000  # one JPEG segment holds 65,502 bytes of XMP
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="w"?>'


@dataclass(frozen=True)
class Alternatives:
    """A text in its default language."""

    text: str


@dataclass(frozen=True)
class Items:
    """Several texts; `ordered` makes an rdf:Seq of them, else an rdf:Bag."""

    texts: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Structures:
    """An rdf:Seq of structures, or an rdf:Bag; each a tuple of (name, text)."""

    rows: tuple[tuple[tuple[str, "str | Alternatives"], ...], ...]
    ordered: bool = True


Value = str | Alternatives | Items | Structures
Properties = dict[str, Value]


class NotReadable(Exception):
    """The bytes are no packet of the kind that we write."""


def write(properties: Properties) -> bytes:
    """The packet, UTF-8. Raises ValueError when it would not fit into one segment."""
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    body = "".join(f"<{name}>{_written(value)}</{name}>" for name, value in properties.items())
    packet = (
        f'{_BEGIN}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="" {declared}>{body}</rdf:Description></rdf:RDF></x:xmpmeta>{_END}'
    ).encode()
    if len(packet) > MAX_BYTES:
        raise ValueError("the XMP packet does not fit into one segment")
    return packet


def read(packet: bytes) -> Properties:
    """The properties in known namespaces. Raises NotReadable; never expands entities or reads far."""
    if len(packet) > MAX_BYTES or b"<!" in packet:
        raise NotReadable("too long, or with a declaration")
    try:
        root = ET.fromstring(packet)  # noqa: S314  without a declaration there is no entity to expand
    except ET.ParseError as error:
        raise NotReadable(str(error)) from error
    prefixes = {uri: prefix for prefix, uri in NAMESPACES.items()}
    found: Properties = {}
    for description in root.iter(f"{{{RDF}}}Description"):
        for element in description:
            uri, _, name = element.tag[1:].partition("}")
            if uri in prefixes:
                found[f"{prefixes[uri]}:{name}"] = _read(element, prefixes)
    return found


def _written(value: Value) -> str:
    match value:
        case Alternatives(text):
            return f'<rdf:Alt><rdf:li xml:lang="x-default">{escape(text)}</rdf:li></rdf:Alt>'
        case Items(texts, ordered):
            kind = "Seq" if ordered else "Bag"
            return f"<rdf:{kind}>{''.join(f'<rdf:li>{escape(text)}</rdf:li>' for text in texts)}</rdf:{kind}>"
        case Structures(rows, ordered):
            kind = "Seq" if ordered else "Bag"
            return f"<rdf:{kind}>{''.join(_structure(row) for row in rows)}</rdf:{kind}>"
        case str():
            return escape(value)


def _structure(row: Sequence[tuple[str, str | Alternatives]]) -> str:
    fields = "".join(f"<{name}>{_written(text)}</{name}>" for name, text in row)
    return f'<rdf:li rdf:parseType="Resource">{fields}</rdf:li>'


def _read(element: ET.Element, prefixes: dict[str, str]) -> Value:
    container = next(iter(element), None)
    if container is None:
        return element.text or ""
    items = list(container)
    ordered = container.tag == f"{{{RDF}}}Seq"
    if container.tag == f"{{{RDF}}}Alt":
        return _default(items)
    if any(len(item) for item in items):
        return Structures(tuple(tuple(_field(part, prefixes) for part in item) for item in items), ordered=ordered)
    return Items(tuple(item.text or "" for item in items), ordered=ordered)


def _default(items: list[ET.Element]) -> Alternatives:
    return Alternatives(next((item.text or "" for item in items if item.get(XML_LANG) == "x-default"), ""))


def _field(part: ET.Element, prefixes: dict[str, str]) -> tuple[str, str | Alternatives]:
    uri, _, name = part.tag[1:].partition("}")
    texts = next(iter(part), None)
    return f"{prefixes.get(uri, uri)}:{name}", (part.text or "") if texts is None else _default(list(texts))
