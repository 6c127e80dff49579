"""The certificate of a signature as a document: what was signed, by whom, how we know, and where the chain says so.

PDF/A-3u, so that it opens in thirty years, with the same evidence attached as JSON. The letters are those that the
typesetter brings along, the same on every machine.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from apps.accounts.models import User
from apps.audit.models import Event
from apps.common.refs import ref
from apps.signatures.models import Signature

# Which signatures get one, and what it is called.
CERTIFIED = {
    "consent": "Certificate of a consent",
    "mandate": "Certificate of a mandate",
    "mandate_twins": "Certificate of a mandate for a digital twin",
    "programme": "Certificate of a place in a programme",
    "deal_memo": "Deal memo",
}
LAYOUT = Path(__file__).with_name("certificate.typ")
LEAD = (
    "This text was read and signed in person on Double. Nobody can sign it for somebody else. The file is signed"
    " and time-stamped: whatever is added or changed afterwards shows."
)


def evidence_of(signature: Signature) -> dict[str, Any]:
    """Everything that is kept of it, with the event of the audit chain that commits to it."""
    event = Event.objects.get(kind="signature.made", subject=ref("signature", signature.pk))
    kept = ("kind", "subject", "version", "language", "text_sha256", "party", "session_sha256", "method", "address")
    told = {name: getattr(signature, name) for name in kept} | {
        "id": str(signature.pk),
        "signer": str(signature.signer),
        "signed_at": signature.signed_at.isoformat(),
        "stepped_up_at": signature.stepped_up_at.isoformat(),
    }
    audit = {"seq": event.seq, "record": event.record, "hash": event.hash}
    return {"title": CERTIFIED[signature.kind], "signature": told, "text": signature.text, "event": audit}


def typeset(evidence: dict[str, Any]) -> bytes:
    """The unsigned PDF; takes 40 ms."""
    whole = evidence | {"lead": LEAD, "facts": _facts(evidence)}
    pdf = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"evidence": json.dumps(whole, ensure_ascii=False, sort_keys=True)},
        pdf_standards=["a-3u"],
        ignore_system_fonts=True,
        timestamp=int(datetime.fromisoformat(evidence["signature"]["signed_at"]).timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("the typesetter made no file")
    return pdf


def _facts(evidence: dict[str, Any]) -> list[tuple[str, str]]:
    """The same for people; what is unknown is left out."""
    kept, event = evidence["signature"], evidence["event"]
    person = User.objects.filter(pk=kept["signer"]).first()
    rows = [
        ("Signed by", f"{person.name}, account {kept['signer']}" if person else f"account {kept['signer']}"),
        ("On behalf of", kept["party"]),
        ("Signed at", _moment(kept["signed_at"])),
        ("Identity last proven", _moment(kept["stepped_up_at"])),
        ("By", kept["method"]),
        ("From address", kept["address"]),
        ("Session (SHA-256)", kept["session_sha256"]),
        ("Text", f"{kept['version']}, language {kept['language']}"),
        ("Text (SHA-256)", kept["text_sha256"]),
        ("About", kept["subject"]),
        ("Signature", kept["id"]),
        ("Audit event", f"{event['seq']}, {event['hash']}"),
    ]
    return [(label, value) for label, value in rows if value]


def _moment(iso: str) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(UTC):%-d %B %Y, %H:%M:%S} UTC"
