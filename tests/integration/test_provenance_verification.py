"""What anybody's file tells: the bytes, then the signature, then the metadata, each called what it is worth."""

import io
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image

from apps.integrations import private_chain
from apps.integrations.c2pa import chain as chains
from apps.provenance import jpeg, xmp
from apps.provenance.facts import ReleaseFacts
from apps.provenance.services import Released, register, release
from apps.provenance.verification import examine

ID = "8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
SUBJECT = f"deliverable:{ID}"
FACTS = ReleaseFacts(
    deliverable_id=ID,
    licence_id="7K3QXYZ",
    licence_url="https://double.example/licences/7K3QXYZ/",
    model_name="Ada",
    agency_name="",
    brand_name="Sol & Sea",
    usage_terms="E-commerce; Germany",
    licence_ends=date(2027, 11, 22),
    release_ids=("consent-generate",),
    digital_source_type="compositeWithTrainedAlgorithmicMedia",
    engine="Double preview engine",
    label_text="AI-made picture",
)

pytestmark = pytest.mark.django_db


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 800), "#8a7f74").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def released() -> Released:
    delivered = release(picture=picture(), facts=FACTS)
    register(sha256=delivered.sha256, subject=SUBJECT)
    return delivered


def without_signature(data: bytes) -> bytes:
    at, kept = 2, [data[:2]]
    for segment in jpeg.segments(data):
        end = at + len(segment.payload) + 4
        if segment.marker != jpeg.APP11:
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + data[at:]


def test_the_delivered_file_is_known_by_its_bytes_its_signature_and_its_metadata(released: Released) -> None:
    found = examine(released.data)
    assert (found.exact, found.signed, found.claimed) == (SUBJECT, SUBJECT, SUBJECT)
    assert found.credentials is not None
    assert found.credentials.is_trusted


def test_bytes_behind_the_picture_leave_no_proof(released: Released) -> None:
    found = examine(released.data + b"<?php")
    assert (found.exact, found.signed, found.claimed) == ("", "", SUBJECT)


def test_without_its_signature_the_metadata_only_claims(released: Released) -> None:
    found = examine(without_signature(released.data))
    assert (found.exact, found.signed, found.claimed) == ("", "", SUBJECT)
    assert found.credentials is None


def test_saved_again_without_metadata_nothing_is_left(released: Released) -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(released.data)).save(out, "JPEG", quality=80)
    found = examine(out.getvalue())
    assert (found.exact, found.signed, found.claimed) == ("", "", "")


def test_a_signature_by_a_stranger_with_our_names_proves_nothing(tmp_path: Path) -> None:
    with mock.patch.object(chains, "current", return_value=private_chain.make(tmp_path, chains.PICTURES)):
        forged = release(picture=picture(), facts=FACTS)
    found = examine(forged.data)
    assert found.credentials is not None
    assert (found.exact, found.signed, found.claimed) == ("", "", SUBJECT)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF1234WEBP", b"<svg/>", picture()],
    ids=["empty", "jpeg start", "png start", "webp start", "svg", "an unknown picture"],
)
def test_anything_else_is_not_found(raw: bytes) -> None:
    found = examine(raw)
    assert (found.exact, found.signed, found.claimed, found.credentials) == ("", "", "", None)


@pytest.mark.parametrize("packet", [b"<broken", b'<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'])
def test_hostile_metadata_claims_nothing(packet: bytes) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "JPEG", xmp=packet)
    assert examine(out.getvalue()).claimed == ""


def test_a_claim_in_another_form_is_none() -> None:
    out = io.BytesIO()
    packet = xmp.write({"Iptc4xmpExt:DigImageGUID": xmp.Items((f"urn:uuid:{ID}",))})
    Image.new("RGB", (64, 64)).save(out, "JPEG", xmp=packet)
    assert examine(out.getvalue()).claimed == ""
