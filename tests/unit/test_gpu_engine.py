"""The open contract, as the portal speaks it, against a server that is held to the published file."""

import threading
import time
import uuid
from contextlib import closing

import pytest
from django.conf import settings
from redis import Redis

from apps.integrations.gpu import breaker as breaker_module
from apps.integrations.gpu.breaker import Breaker
from apps.integrations.gpu.errors import (
    BadAnswer,
    BadSignature,
    Busy,
    OutputGone,
    Rejected,
    SubmitUnknown,
    UnknownJob,
    Unreachable,
)
from apps.integrations.gpu.open_contract import OpenContractEngine
from apps.integrations.gpu.types import (
    EnrolInput,
    ErrorCode,
    GenerateInput,
    JobSpec,
    PhotographRef,
    RemoteArtefact,
    RemoteHandle,
    RemoteOutput,
    RemoteStatus,
)
from tests.fakes.gpu import fake_gpu, png

SIZE = (1080, 1350)


@pytest.fixture
def gpu():
    with fake_gpu() as gpu:
        yield gpu


@pytest.fixture
def redis():
    with closing(Redis.from_url(settings.REDIS_URL)) as redis:
        yield redis


@pytest.fixture
def breaker(redis):
    return Breaker(redis, name=f"test:{uuid.uuid4()}")


@pytest.fixture
def engine(gpu, breaker):
    with closing(open_engine(gpu.url, breaker)) as engine:
        yield engine


def open_engine(url, breaker):
    return OpenContractEngine(
        url=url, key=settings.GPU_SERVICE_KEY, webhook_secret=settings.GPU_SERVICE_WEBHOOK_SECRET, breaker=breaker
    )


PHOTOGRAPHS = (PhotographRef(url="http://127.0.0.1:1/p", sha256="a" * 64, ref="p1"),)


def picture(ref="attempt:1", **wish) -> JobSpec:
    wanted = {"scene": "block", "format": "4:5", "seed": 7, "voucher": "v.s"} | wish
    return JobSpec(ref, "http://127.0.0.1:1/hook/", GenerateInput("twin:1", PHOTOGRAPHS, **wanted))


def test_a_job_is_handed_over_followed_and_fetched(engine, gpu):
    handle = engine.submit(picture(), idempotency_key="k1")
    assert engine.fetch(handle).status == RemoteStatus.QUEUED
    data = png(SIZE)
    gpu.job.succeed(data)
    state = engine.fetch(handle)
    assert (state.status, state.progress, state.metrics.gpu_seconds) == (RemoteStatus.SUCCEEDED, 1, 1.5)
    assert engine.download(state.outputs[0], limit=10**7) == data


def test_an_enrolment_keeps_the_contract_too(engine, gpu):
    engine.submit(
        JobSpec("attempt:2", "http://127.0.0.1:1/hook/", EnrolInput("twin:1", PHOTOGRAPHS)), idempotency_key="e"
    )
    assert gpu.job.request["kind"] == "enrol"


def enrolled(engine, gpu, data: bytes, **claims) -> RemoteArtefact:
    """What an engine that trains announces of its weights."""
    spec = JobSpec("attempt:2", "http://127.0.0.1:1/hook/", EnrolInput("twin:1", PHOTOGRAPHS))
    handle = engine.submit(spec, idempotency_key="e")
    gpu.job.artefacts = [(data, claims)]
    gpu.job.enrolled()
    (artefact,) = engine.fetch(handle).artefacts
    return artefact


def test_weights_are_handed_over_piece_by_piece(engine, gpu):
    data = bytes(range(256)) * 4_000
    artefact = enrolled(engine, gpu, data, name="lora.safetensors")
    assert (artefact.kind, artefact.name, artefact.size) == ("weights", "lora.safetensors", len(data))
    pieces: list[bytes] = []
    engine.download_artefact(artefact, pieces.append, limit=10**7)
    assert b"".join(pieces) == data and len(pieces) > 1


def test_weights_that_are_not_those_announced_or_too_large_are_not_taken(engine, gpu):
    with pytest.raises(BadAnswer, match="digest"):
        engine.download_artefact(enrolled(engine, gpu, b"weights", sha256="0" * 64), bytearray().extend, limit=100)
    with pytest.raises(BadAnswer, match="more than"):
        engine.download_artefact(engine.fetch(RemoteHandle(gpu.job.id)).artefacts[0], bytearray().extend, limit=3)
    gpu.job.artefacts = [(b"weights", {"url": "http://169.254.169.254/latest"})]
    with pytest.raises(BadAnswer, match="itself"):
        engine.download_artefact(engine.fetch(RemoteHandle(gpu.job.id)).artefacts[0], bytearray().extend, limit=100)


@pytest.mark.parametrize("claim", [{"name": "../../etc/passwd"}, {"name": "A.bin"}, {"name": ""}, {"kind": "virus"}])
def test_an_artefact_that_does_not_keep_the_contract_is_not_believed(engine, gpu, claim):
    with pytest.raises(BadAnswer):
        enrolled(engine, gpu, b"weights", **claim)
    assert len(gpu.problems) == 1  # the fake is held to the contract as well
    gpu.problems.clear()


def test_weights_that_are_gone_say_so(engine, gpu):
    artefact = enrolled(engine, gpu, b"weights")
    gpu.job.artefacts = []
    with pytest.raises(OutputGone):
        engine.download_artefact(artefact, bytearray().extend, limit=100)


def test_the_same_key_makes_one_job(engine, gpu):
    assert engine.submit(picture(), idempotency_key="k") == engine.submit(picture(), idempotency_key="k")
    assert len(gpu.jobs) == 1


def test_a_key_that_came_with_another_body_means_that_the_job_exists(engine, gpu):
    engine.submit(picture(), idempotency_key="k")
    with pytest.raises(SubmitUnknown):
        engine.submit(picture(brief="other addresses this time"), idempotency_key="k")
    assert engine.find_by_ref("attempt:1") == RemoteHandle(gpu.job.id)


@pytest.mark.parametrize("fault", ["lost", "server_error"])
def test_without_a_clear_answer_nobody_knows_and_the_reference_finds_the_job(engine, gpu, fault):
    gpu.faults = [fault]
    with pytest.raises(SubmitUnknown):
        engine.submit(picture(), idempotency_key="k")
    assert engine.find_by_ref("attempt:1") == RemoteHandle(gpu.job.id)


def test_a_full_queue_says_when_to_come_back(engine, gpu):
    gpu.faults = ["busy"]
    with pytest.raises(Busy) as busy:
        engine.submit(picture(), idempotency_key="k")
    assert busy.value.retry_after == 7


@pytest.mark.parametrize(("fault", "code"), [("invalid", ErrorCode.INVALID_INPUT), ("forbidden", ErrorCode.AUTH)])
def test_a_refusal_is_final_and_names_its_kind(engine, gpu, fault, code):
    gpu.faults = [fault]
    with pytest.raises(Rejected) as rejected:
        engine.submit(picture(), idempotency_key="k")
    assert rejected.value.code == code
    assert not rejected.value.code.retryable


def test_without_a_connection_nothing_was_accepted(breaker):
    with closing(open_engine("http://127.0.0.1:9", breaker)) as nobody, pytest.raises(Unreachable):
        nobody.submit(picture(), idempotency_key="k")


def test_a_job_that_nobody_knows_and_a_reference_that_nobody_used(engine):
    with pytest.raises(UnknownJob):
        engine.fetch(RemoteHandle(str(uuid.uuid4())))
    assert engine.find_by_ref("attempt:none") is None


def test_what_failed_tells_why(engine, gpu):
    handle = engine.submit(picture(), idempotency_key="k")
    gpu.job.fail("content_policy")
    error = engine.fetch(handle).error
    assert (error.code, error.retryable) == (ErrorCode.CONTENT_POLICY, False)


def test_cancelling_is_a_request(engine, gpu):
    handle = engine.submit(picture(), idempotency_key="k")
    engine.cancel(handle)
    assert gpu.cancelled == [handle.id]
    assert engine.fetch(handle).status == RemoteStatus.CANCELLED


def test_the_capabilities_name_the_scenes(engine):
    capabilities = engine.capabilities()
    assert capabilities.scenes[0].name == "block"
    assert not capabilities.generative


def output(url: str, size: int = 1) -> RemoteOutput:
    return RemoteOutput(url=url, sha256="0" * 64, content_type="image/png", size=size, width=1, height=1)


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "//evil.example/x", "file:///etc/passwd", ""])
def test_a_picture_is_fetched_from_the_service_itself_only(engine, url):
    with pytest.raises(BadAnswer):
        engine.download(output(url), limit=10)


def test_a_picture_larger_than_allowed_is_not_read_to_its_end(engine, gpu):
    handle = engine.submit(picture(), idempotency_key="k")
    gpu.job.succeed(png(SIZE))
    with pytest.raises(BadAnswer):
        engine.download(engine.fetch(handle).outputs[0], limit=100)


def test_a_picture_that_is_gone_says_so(engine, gpu):
    engine.submit(picture(), idempotency_key="k")
    with pytest.raises(OutputGone):
        engine.download(output(f"/v1/jobs/{gpu.job.id}/outputs/0"), limit=10)


def test_a_notice_that_the_service_signed_is_read(engine, gpu):
    engine.submit(picture(), idempotency_key="k")
    gpu.job.status = "running"
    body, headers = gpu.notice(gpu.job)
    event = engine.parse_webhook(headers, body)
    assert (event.id, event.type, event.handle.id) == (headers["webhook-id"], "job.running", gpu.job.id)


def forged(body: bytes, headers: dict[str, str], how: str) -> tuple[bytes, dict[str, str]]:
    changed = {
        "body": (body.replace(b"running", b"failed!"), headers),
        "id": (body, headers | {"webhook-id": "msg_other"}),
        "time": (body, headers | {"webhook-timestamp": str(int(time.time()) + 1)}),
        "old": (body, headers | {"webhook-timestamp": str(int(time.time()) - 400)}),
        "unsigned": (body, {"webhook-id": headers["webhook-id"]}),
        "nonsense": (b"\xff\xfe", headers | {"webhook-signature": "v1"}),
    }
    return changed[how]


@pytest.mark.parametrize("how", ["body", "id", "time", "old", "unsigned", "nonsense"])
def test_a_notice_that_was_changed_is_refused(engine, gpu, how):
    engine.submit(picture(), idempotency_key="k")
    gpu.job.status = "running"
    body, headers = forged(*gpu.notice(gpu.job), how)
    with pytest.raises(BadSignature):
        engine.parse_webhook(headers, body)


def test_a_notice_signed_with_another_secret_is_refused(engine, gpu):
    engine.submit(picture(), idempotency_key="k")
    gpu.job.status = "running"
    body, headers = gpu.notice(gpu.job, secret="whsec_" + "QUJD" * 8)
    with pytest.raises(BadSignature):
        engine.parse_webhook(headers, body)


def closed(breaker) -> bool:
    try:
        breaker.check()
    except Unreachable:
        return False
    return True


def test_five_failures_in_a_minute_open_the_circuit_for_everybody(redis):
    one, another = Breaker(redis, name="shared"), Breaker(redis, name="shared")
    for _ in range(4):
        one.failure()
    assert closed(another)
    one.failure()
    assert not closed(another)


def test_half_of_twenty_calls_open_it_even_when_they_are_far_apart(breaker, monkeypatch):
    clock = [1_000_000.0]
    monkeypatch.setattr(breaker_module.time, "time", lambda: clock[0])
    for number in range(19):
        clock[0] += 61
        breaker.failure() if number % 2 else breaker.success()
    assert closed(breaker)
    clock[0] += 61
    breaker.failure()
    assert not closed(breaker)


def test_after_a_minute_one_probe_goes_through_and_decides(breaker, monkeypatch):
    monkeypatch.setattr(breaker_module, "OPEN_FOR", 1)
    for _ in range(5):
        breaker.failure()
    time.sleep(1.1)
    assert closed(breaker)  # the probe
    assert not closed(breaker)  # nobody else
    breaker.failure()
    assert not closed(breaker)
    time.sleep(1.1)
    assert closed(breaker)
    breaker.success()
    assert closed(breaker)
    assert closed(breaker)


def test_of_many_workers_one_probes(breaker, monkeypatch):
    monkeypatch.setattr(breaker_module, "OPEN_FOR", 1)
    for _ in range(5):
        breaker.failure()
    time.sleep(1.1)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(closed(breaker))) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert answers.count(True) == 1


def test_refusals_of_ours_do_not_open_it_and_a_dead_service_does(engine, gpu, breaker):
    gpu.faults = ["invalid"] * 12
    for number in range(12):
        with pytest.raises(Rejected):
            engine.submit(picture(), idempotency_key=f"k{number}")
    assert closed(breaker)
    gpu.faults = ["down"] * 5
    for number in range(5):
        with pytest.raises(SubmitUnknown):
            engine.submit(picture(), idempotency_key=f"d{number}")
    posts = gpu.posts
    with pytest.raises(Unreachable):
        engine.submit(picture(), idempotency_key="later")
    assert gpu.posts == posts
