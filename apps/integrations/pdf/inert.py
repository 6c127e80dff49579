"""Whether a stranger's PDF only shows pages: no script, no attached file, nothing that starts by itself."""

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

MOST_OBJECTS = 50_000
ACTIVE_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/RichMedia", "/XFA"}
ACTIVE_ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData"}
UNREADABLE = (PdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError, OSError)


class Active(Exception):
    """Not a PDF that only shows pages; the message says why and what would help."""


def require_inert(pdf: bytes) -> None:
    """Walks every object that the document leads to. Raises Active, also for what cannot be read to the end."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            raise Active("This PDF is locked. Please save it without a password.")
        _walk(reader.root)
    except UNREADABLE as error:
        raise Active("This PDF is damaged. Please export it again.") from error


def _walk(root: Any) -> None:
    waiting, seen = [root], set()
    while waiting:
        found = waiting.pop()
        if isinstance(found, generic.IndirectObject):
            place = (found.idnum, found.generation)
            if place in seen:
                continue
            seen.add(place)
            if len(seen) > MOST_OBJECTS:
                raise Active("This PDF is too intricate. Please print it into a new one.")
            found = found.get_object()
        if isinstance(found, generic.DictionaryObject):
            if ACTIVE_KEYS & set(found) or found.get("/S") in ACTIVE_ACTIONS:
                raise Active("This PDF carries a program, a form or another file. Please print it into a new one.")
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, generic.ArrayObject):
            waiting += [found.raw_get(index) for index in range(len(found))]
