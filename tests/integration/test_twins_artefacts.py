"""What an engine makes of her photographs is kept with the version, encrypted, and goes when the version goes."""

from datetime import date

import pytest

from apps.audit.models import Event
from apps.common.errors import Refused
from apps.integrations.gpu import engines
from apps.media.models import StoredFile
from apps.media.services import read
from apps.media.storage import read_bytes
from apps.twins.models import TwinVersion, VersionArtefact
from apps.twins.services import (
    add_photograph,
    approve_version,
    create_twin,
    enrol,
    erase,
    open_capture_set,
    reject_version,
)
from tests.factories.identity import prove
from tests.factories.likenesses import CAPTURES, photograph
from tests.factories.people import make_talent
from tests.factories.work import later, make_sheet, messages, work
from tests.fakes.gpu import fake_gpu

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def gpu(settings):
    with fake_gpu() as gpu:
        settings.GPU_SERVICE_URL = gpu.url
        messages()
        yield gpu
        engines.engine().close()
        engines._open_contract.cache_clear()


@pytest.fixture
def maya():
    talent, person = make_talent("maya")
    prove(talent, person)
    return talent, person


@pytest.fixture
def captures(maya):
    talent, person = maya
    twin = create_twin(by=person.actor, talent=talent)
    return open_capture_set(by=person.actor, twin=twin, taken_on=date(2026, 6, 1))


WEIGHTS = b"low-rank matrices" * 100


def trained(captures, person, gpu, problems=None, **claims) -> TwinVersion:
    """An enrolment by an engine that trains."""
    for name in CAPTURES:
        add_photograph(by=person.actor, capture_set=captures, name=name, raw=photograph("P001", name))
    version = enrol(by=person.actor, capture_set=captures)
    work()
    gpu.job.artefacts = [(WEIGHTS, {"name": "lora.safetensors"} | claims)]
    gpu.job.enrolled(problems)
    later()
    version.refresh_from_db()
    return version


def test_weights_are_kept_with_their_version_under_the_twins_key(maya, captures, gpu):
    version = trained(captures, maya[1], gpu)
    artefact = version.artefacts.get()
    assert (artefact.kind, artefact.name) == ("weights", "lora.safetensors")
    assert read(artefact.file) == WEIGHTS and artefact.file.twin_ref == captures.twin.ref
    assert WEIGHTS[:17] not in read_bytes(artefact.file.storage_name)
    event = Event.objects.filter(kind="twin.version_trained").first()
    assert event.body["data"]["artefacts"] == [artefact.file.sha256]


def test_of_weights_that_are_not_those_announced_nothing_is_kept_and_the_work_is_tried_again(
    maya,
    captures,
    gpu,
):
    version = trained(captures, maya[1], gpu, sha256="0" * 64)
    assert version.state == "training" and not VersionArtefact.objects.exists()
    assert not StoredFile.objects.filter(kind="artefact").exists()


def test_a_version_that_came_to_nothing_leaves_no_weights(maya, captures, gpu):
    version = trained(captures, maya[1], gpu, {0: "too_dark"})
    assert version.state == "failed" and not VersionArtefact.objects.exists()


def test_the_weights_of_a_version_that_she_rejects_are_deleted(maya, captures, gpu):
    version = trained(captures, maya[1], gpu)
    make_sheet(gpu)
    version.refresh_from_db()
    reject_version(by=maya[1].actor, version=version)
    artefact = version.artefacts.get()
    assert artefact.file.deleted_at
    event = Event.objects.filter(kind="twin.version_rejected").first()
    assert event.body["data"]["artefacts"] == [artefact.file.sha256]


def test_be_forgotten_weights_included(maya, captures, gpu):
    """GDPR: erasure with lineage (photos, embeddings, weights)."""
    version = trained(captures, maya[1], gpu)
    make_sheet(gpu)
    version.refresh_from_db()
    approve_version(by=maya[1].actor, version=version)
    erase(by=maya[1].actor, twin=captures.twin)
    hers = StoredFile.objects.filter(twin_ref=captures.twin.ref)
    assert {file.kind for file in hers} >= {"photograph", "artefact", "candidate"}
    for file in hers:
        assert file.deleted_at
        with pytest.raises(Refused):
            read(file)
    event = Event.objects.filter(kind="twin.erased").first()
    assert event.body["data"]["artefacts"] == [version.artefacts.get().file.sha256]
