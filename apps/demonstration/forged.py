"""Forged vouchers, really sent to the GPU service, and what it answered.

The requests are complete and carry the site's own bearer key: only the voucher is wrong.
"""

import base64
import uuid
from datetime import timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from apps.common.canonical import canonical_json, sha256_hex
from apps.common.errors import Refused
from apps.generation.models import Voucher
from apps.generation.vouchers import FORMAT
from apps.twins.models import Twin

SECONDS = 10
SHOWN = 46  # characters of a token on the page


def attempts(twin: Twin) -> list[dict[str, Any]]:
    """Each try with the service's status and words. Raises Refused when the service does not answer."""
    tries = [("No voucher at all", None), ("Signed with a key of your own", _self_signed(twin))]
    if changed := _changed():
        tries.append(("A real one, with 500 candidates written into it", changed))
    with httpx.Client(base_url=settings.GPU_SERVICE_URL, timeout=SECONDS) as client:
        return [_try(client, twin, name, token) for name, token in tries]


def _try(client: httpx.Client, twin: Twin, name: str, token: str | None) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {settings.GPU_SERVICE_KEY}", "Idempotency-Key": str(uuid.uuid4())}
    try:
        answer = client.post("/v1/jobs", json=_job(twin, token), headers=headers)
    except httpx.HTTPError as error:
        raise Refused("The GPU service does not answer now. Try again in a moment.") from error
    return {
        "name": name,
        "voucher": f"{token[:SHOWN]}…" if token else "none",
        "status": answer.status_code,
        "answer": answer.text,
    }


def _job(twin: Twin, token: str | None) -> dict[str, Any]:
    """A whole order of one picture. The photograph is never fetched: the voucher is looked at first."""
    nothing = sha256_hex(b"")
    photograph = {"ref": "forged", "url": f"{settings.SITE_URL}/forged.jpg", "sha256": nothing}
    wish = {"twin_ref": twin.ref, "photographs": [photograph], "scene": "block", "format": "4:5", "seed": 1}
    return {"kind": "generate", "client_ref": f"forged:{uuid.uuid4()}", "input": wish | {"voucher": token}}


def _self_signed(twin: Twin) -> str:
    payload = canonical_json(
        {
            "v": FORMAT,
            "id": str(uuid.uuid4()),
            "subject": f"booking:{uuid.uuid4()}",
            "twin": twin.ref,
            "purposes": ["generate"],
            "pictures": 500,
            "candidates": 500,
            "ends": (timezone.now() + timedelta(days=365)).isoformat(),
        }
    )
    return f"{_text(payload)}.{_text(Ed25519PrivateKey.generate().sign(payload))}"


def _changed() -> str | None:
    """The newest voucher's own signature under other numbers; None before any was issued."""
    token = Voucher.objects.order_by("-created_at").values_list("token", flat=True).first()
    if not token:
        return None
    head, _, signature = token.partition(".")
    text = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode()
    start = text.index('"candidates":') + len('"candidates":')
    end = start + next(n for n, sign in enumerate(text[start:]) if not sign.isdigit())
    return f"{_text((text[:start] + '500' + text[end:]).encode())}.{signature}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
