"""Fingerprints: exactly this file is known, or nothing is said."""

import pytest
from django.db import IntegrityError, transaction

from apps.provenance.services import find, register

SHA256 = "a" * 64
DELIVERABLE = "deliverable:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"

pytestmark = pytest.mark.django_db


def test_a_released_file_is_found_by_its_bytes() -> None:
    register(sha256=SHA256, subject=DELIVERABLE)
    assert find(SHA256) == DELIVERABLE


def test_any_other_file_is_not_found() -> None:
    register(sha256=SHA256, subject=DELIVERABLE)
    assert find("b" * 64) is None


def test_one_file_is_one_deliverable() -> None:
    register(sha256=SHA256, subject=DELIVERABLE)
    with pytest.raises(IntegrityError), transaction.atomic():
        register(sha256=SHA256, subject="deliverable:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a002")
    assert find(SHA256) == DELIVERABLE
