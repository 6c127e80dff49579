"""The certificate of a licence: its facts and the sums of its files, as a signed PDF/A-3u with the same as JSON."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from apps.bookings.models import Licence
from apps.common.territories import describe
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.integrations.pdf.reader import examine
from apps.integrations.pdf.signer import sign

LAYOUT = Path(__file__).with_name("licence.typ")
TITLE = "Certificate of a licence"
LEAD = (
    "This licence was agreed on Double by the model in person. The file is signed and time-stamped; whatever is added"
    " or changed afterwards shows. Whether the licence still runs, its public page says."
)


def certificate(licence: Licence, *, files: list[dict[str, Any]], page: str, at: datetime) -> bytes:
    """The signed PDF, read back. Raises Unsound when what was made does not hold."""
    terms = licence.booking.current_terms
    told = {
        "title": TITLE,
        "lead": LEAD,
        "facts": _facts(licence, page=page, memo_sha256=terms.memo_sha256),
        "files": files,
        "memo": terms.memo_text,
    }
    pdf = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"evidence": json.dumps(told, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["a-3u"],
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter made no file")
    signed = sign(pdf, reason=TITLE)
    examine(signed)
    return signed


def _facts(licence: Licence, *, page: str, memo_sha256: str) -> list[tuple[str, str]]:
    agency = licence.booking.agency
    rows = [
        ("Licence", licence.code),
        ("Brand", f"{licence.brand.legal_name}, {licence.brand.country}"),
        ("Model", licence.twin.talent.stage_name),
        ("Agency", agency.legal_name if agency else ""),
        ("Media", ", ".join(str(Medium(medium).label) for medium in licence.media)),
        ("Countries", describe(licence.territories)),
        ("From, until", f"{licence.starts_on:%-d %B %Y}, {licence.last_day:%-d %B %Y}, both days included"),
        ("For", str(Category(licence.category).label)),
        ("Exclusivity", str(Exclusivity(licence.exclusivity).label)),
        ("Deal memo (SHA-256)", memo_sha256),
        ("Public page", page),
    ]
    return [(label, value) for label, value in rows if value]
