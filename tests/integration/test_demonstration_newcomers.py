"""One party of the demonstration waits for its check and one was refused first: staff and owners meet both."""

import pytest

from apps.demonstration.entrances import entrances
from apps.demonstration.people import load_parties
from apps.organizations.models import Organization
from apps.organizations.services import standing

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def test_loaded_twice_they_are_there_once_and_stand_as_told() -> None:
    load_parties()
    load_parties()
    waits = Organization.objects.get(slug="ostra-models")
    assert waits.checked_at is None and waits.synthetic and not standing(waits).trail
    brand = Organization.objects.get(slug="linde-korn")
    assert brand.checked_at and [step.decision for step in brand.checks.all()] == ["approved", "refused"]
    assert {"ostra-models", "linde-korn"} <= {entrance.account for entrance in entrances()}


def test_every_party_of_the_programme_has_an_owner() -> None:
    load_parties()
    assert not Organization.objects.exclude(memberships__role="owner").exists()
