"""Nothing is made without a voucher that the portal signed for this twin."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.gpu_service.support import Portal, Service, enrol, generate, voucher

SIGNER = Ed25519PrivateKey.generate()
PUBLIC = base64.urlsafe_b64encode(SIGNER.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
NOTHING = {"ref": "p1", "url": "http://127.0.0.1:9/p1", "sha256": "0" * 64}


@pytest.fixture(scope="module")
def guarded(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Any:
    service = Service(
        tmp_path_factory.mktemp("guarded"),
        origins=portal.origin,
        GPU_SERVICE_VOUCHER_KEYS=f"{PUBLIC.rstrip('=')},{PUBLIC}",
    )
    yield service
    service.kill()


def tampered() -> str:
    head, tail = voucher(SIGNER, twin="twin:zara").split(".")
    other, _ = voucher(SIGNER, twin="twin:zara", candidates=500).split(".")
    assert head != other
    return f"{other}.{tail}"


REFUSED: dict[str, Callable[[], str | None]] = {
    "none": lambda: None,
    "not a voucher": lambda: "abc",
    "signed by someone else": lambda: voucher(Ed25519PrivateKey.generate(), twin="twin:zara"),
    "changed after signing": tampered,
    "for another twin": lambda: voucher(SIGNER, twin="twin:mila"),
    "ended": lambda: voucher(SIGNER, twin="twin:zara", ends=(datetime.now(UTC) - timedelta(seconds=1)).isoformat()),
    "for another purpose": lambda: voucher(SIGNER, twin="twin:zara", purposes=["train"]),
    "without a time zone": lambda: voucher(SIGNER, twin="twin:zara", ends="2999-01-01T00:00:00"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_voucher_is_refused(guarded: Service, why: str) -> None:
    body = generate([NOTHING], voucher=REFUSED[why]())
    answer = guarded.submit(body)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "voucher_invalid"
    assert guarded.call("GET", f"/v1/jobs?client_ref={body['client_ref']}").json()["jobs"] == []


@pytest.mark.parametrize(("purpose", "status"), [("train", 202), ("generate", 403), (None, 403)])
def test_a_test_sheets_voucher_serves_its_own_purpose_only(guarded: Service, purpose: str | None, status: int) -> None:
    body = generate([NOTHING], voucher=voucher(SIGNER, twin="twin:zara", purposes=["train"]))
    if purpose:
        body["input"]["purpose"] = purpose
    assert guarded.submit(body).status_code == status


def test_a_bookings_voucher_makes_no_test_sheet(guarded: Service) -> None:
    body = generate([NOTHING], voucher=voucher(SIGNER, twin="twin:zara"))
    body["input"]["purpose"] = "train"
    assert guarded.submit(body).status_code == 403


def test_a_purpose_that_the_contract_does_not_know_is_refused(guarded: Service) -> None:
    body = generate([NOTHING], voucher=voucher(SIGNER, twin="twin:zara", purposes=["publish"]))
    body["input"]["purpose"] = "publish"
    assert guarded.submit(body).status_code == 422


def test_enrolment_needs_no_voucher(guarded: Service) -> None:
    assert guarded.submit(enrol([NOTHING])).status_code == 202


def test_candidates_are_counted_and_a_failed_one_comes_back(guarded: Service, portal: Portal) -> None:
    gate = threading.Event()
    held = portal.photograph("held", b"no picture", gate=gate)
    token = voucher(SIGNER, twin="twin:zara", candidates=2)
    first_key = uuid.uuid4().hex
    body = generate([held], voucher=token)
    first = guarded.submit(body, key=first_key)
    second = guarded.submit(generate([held], voucher=token))
    third = guarded.submit(generate([held], voucher=token))
    assert (first.status_code, second.status_code, third.status_code) == (202, 202, 403)
    assert guarded.submit(body, key=first_key).status_code == 200  # a replay takes no candidate
    gate.set()
    assert guarded.wait(first.json()["id"])["status"] == "failed"
    assert guarded.submit(generate([held], voucher=token)).status_code == 202
