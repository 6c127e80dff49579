"""Maya has a listed twin with real face vectors, Noor another; the GPU service is a fake on real HTTP."""

import pytest
from django.core.cache import cache

from apps.generation.events import authorisation_refused, candidate_ready, job_ended
from apps.integrations.gpu import engines
from tests.factories.likenesses import make_twin_of
from tests.factories.work import make_voucher, messages
from tests.fakes.gpu import fake_gpu


@pytest.fixture(autouse=True)
def committed(transactional_db):
    """Work is handed over after the commit, so these tests commit."""


@pytest.fixture(autouse=True)
def empty_queue(committed):
    cache.clear()
    messages()


@pytest.fixture
def gpu(settings):
    with fake_gpu() as gpu:
        settings.GPU_SERVICE_URL = gpu.url
        yield gpu
        engines.engine().close()
        engines._open_contract.cache_clear()


@pytest.fixture
def maya(committed):
    """(twin, person)"""
    return make_twin_of("P001", "maya")


@pytest.fixture
def noor(committed):
    return make_twin_of("P005", "noor")


@pytest.fixture
def voucher(maya):
    return make_voucher(maya[0])


@pytest.fixture(autouse=True)
def news():
    """What the apps above hear, in order: (kind, job or candidate, reason). They themselves are not listening: the
    bookings named here do not exist."""
    heard: list[tuple[str, object, str]] = []

    def ready(sender, candidate, **rest):
        heard.append(("ready", candidate, ""))

    def ended(sender, job, **rest):
        heard.append(("ended", job, job.error_code))

    def refused(sender, job, reason, **rest):
        heard.append(("refused", job, reason))

    listening = {candidate_ready: ready, job_ended: ended, authorisation_refused: refused}
    others = {signal: signal.receivers for signal in listening}
    for signal, receiver in listening.items():
        signal.receivers = []
        signal.connect(receiver)
    yield heard
    for signal, receivers in others.items():
        signal.receivers = receivers
        signal.sender_receivers_cache.clear()
