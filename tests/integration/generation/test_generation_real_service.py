"""The same way with the real GPU service as a process of its own: addresses, signatures and vouchers as they are."""

import time

import pytest

from apps.generation import vouchers
from apps.generation.models import Attempt, Candidate, Job, WebhookReceipt
from apps.generation.states import OPEN, State
from apps.integrations.gpu import engines
from tests.factories.work import make_voucher, order, work
from tests.gpu_service.support import Service

pytestmark = pytest.mark.stack
PATIENCE = 900  # seconds; the service compiles and mattes at its first picture


@pytest.fixture
def service(tmp_path, live_server, settings):
    settings.SITE_URL = live_server.url
    service = Service(
        tmp_path,
        origins=live_server.url,
        GPU_SERVICE_KEY=settings.GPU_SERVICE_KEY,
        GPU_SERVICE_WEBHOOK_SECRET=settings.GPU_SERVICE_WEBHOOK_SECRET,
        GPU_SERVICE_VOUCHER_KEYS=vouchers.public_key(),
    )
    settings.GPU_SERVICE_URL = f"http://127.0.0.1:{service.port}"
    yield service
    service.stop()
    engines.engine().close()
    engines._open_contract.cache_clear()


def until_ended(job: Job) -> None:
    """Work as notices arrive; no sweep, so that only a notice can move anything."""
    limit = time.monotonic() + PATIENCE
    while job.state in OPEN and time.monotonic() < limit:
        work()
        time.sleep(0.2)
        job.refresh_from_db()


def test_a_preview_of_maya_is_made_on_a_voucher_and_passes(service, maya, noor, news):
    voucher = make_voucher(maya[0])
    (job,) = order(voucher, scene="mono", art={})
    until_ended(job)
    assert (job.state, job.error_message) == (State.SUCCEEDED, "")
    candidate = Candidate.objects.get(job=job)
    assert candidate.state in {"checked", "needs_person"}
    assert (candidate.width, candidate.height) == (1080, 1350)
    assert Attempt.objects.get().report["generative"] is False
    assert WebhookReceipt.objects.filter(type="job.succeeded").count() == 1
    assert [kind for kind, _, _ in news] == ["ready"]


def test_the_service_refuses_what_another_key_signed(service, maya, settings, news, monkeypatch):
    voucher = make_voucher(maya[0])
    order(voucher, scene="mono", art={})
    honest = vouchers.travelling(voucher)
    forged = honest[:-4] + ("AAAA" if not honest.endswith("AAAA") else "BBBB")
    monkeypatch.setattr("apps.generation.vouchers.travelling", lambda voucher: forged)
    work()
    assert [(kind, reason) for kind, _, reason in news] == [("ended", "auth")]
