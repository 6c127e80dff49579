"""One party of the demonstration waits for its check and one was refused first: staff and owners meet both."""

import pytest

from apps.demonstration.begun import BEGAN, has_begun
from apps.demonstration.entrances import entrances
from apps.demonstration.people import actor_of, load_begun_set, load_invitations, load_parties, load_talent
from apps.demonstration.programme import PEOPLE
from apps.identity.models import IdentityCheck
from apps.organizations.models import Organization
from apps.organizations.services import standing
from apps.roster.models import Invitation
from apps.talent.models import Talent
from apps.twins.models import CaptureUpload
from apps.twins.services import create_twin, look_at_upload

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


def test_an_agency_has_invited_people_and_one_of_them_waits_for_her_check() -> None:
    load_parties()
    load_invitations()
    load_invitations()
    assert sorted(invitation.state for invitation in Invitation.objects.all()) == ["pending", "sent"]
    elif_ = Talent.objects.get()
    assert elif_.synthetic and elif_.roster_entries.get().agency.slug == "elan"
    assert IdentityCheck.objects.get().state == "submitted"
    assert "elif-aydin" in {entrance.account for entrance in entrances()}


def test_a_model_has_begun_new_photographs_one_good_and_one_refused() -> None:
    assert has_begun(), "before she has a twin there is nothing to begin"
    load_parties()
    talent = load_talent(next(person for person in PEOPLE if person.slug == BEGAN))
    assert talent.user
    create_twin(by=actor_of(talent.user), talent=talent)
    load_begun_set()
    load_begun_set()
    for upload in CaptureUpload.objects.order_by("created_at"):
        look_at_upload(upload_id=upload.pk)
    good, refused = CaptureUpload.objects.order_by("created_at")
    assert (good.state, refused.state) == ("kept", "refused")
    assert "blurred" in refused.reason
