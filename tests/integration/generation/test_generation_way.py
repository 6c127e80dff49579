"""The way of one picture: ordered, authorised, handed over, made, fetched, checked, announced."""

import pytest
from django.db import connection

from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.generation import progress
from apps.generation.findings import read_findings
from apps.generation.models import Attempt, Candidate, Job, Voucher
from apps.generation.states import State
from apps.media.services import read
from tests.factories.likenesses import picture_of, picture_of_two, taken_for_nudity
from tests.factories.work import later, make_voucher, order, work
from tests.fakes.gpu import png


def audited(kind: str) -> int:
    return Event.objects.filter(record__contains=f'"kind":"{kind}"').count()


def test_a_picture_of_maya_passes_and_is_announced_once(gpu, maya, noor, voucher, news):
    (job,) = order(voucher)
    work()
    assert gpu.job.request["input"]["twin_ref"] == maya[0].ref
    assert len(gpu.job.request["input"]["photographs"]) == 3
    gpu.job.succeed(picture_of("P001"))
    later()
    job.refresh_from_db()
    candidate = job.candidate
    assert (job.state, candidate.state, candidate.verdict) == (State.SUCCEEDED, "checked", "passed")
    assert candidate.likeness > 0.6
    assert candidate.likeness - candidate.nearest_other > 0.05
    assert candidate.nearest_reference >= candidate.likeness - 0.1
    assert (candidate.width, candidate.height) == (1080, 1350)
    assert [(kind, what) for kind, what, _ in news] == [("ready", candidate)]
    later()
    assert len(news) == 1
    voucher.refresh_from_db()
    assert (voucher.used, voucher.stopped) == (1, 0)


def test_what_came_back_rests_encrypted_under_the_twins_key(gpu, maya, voucher):
    (job,) = order(voucher)
    work()
    gpu.job.succeed(picture_of("P001"))
    later()
    file = Candidate.objects.get(job=job).file
    assert file.encrypted
    assert file.twin_ref == maya[0].ref
    assert read(file) == picture_of("P001")


def test_what_the_service_reports_about_cost_and_work_is_kept(gpu, voucher):
    order(voucher)
    work()
    gpu.job.succeed(picture_of("P001"))
    later()
    attempt = Attempt.objects.get()
    assert (attempt.gpu_seconds, attempt.cost_minor, attempt.cost_currency) == (1.5, 0, "EUR")
    assert attempt.report["engine"] == "fake/1"
    assert attempt.progress == 1


def test_every_call_is_authorised_in_the_audit_chain_before_it_is_made(gpu, voucher):
    committed = []

    def look(job):
        committed.append((audited("generation.authorised"), Voucher.objects.get().used))
        connection.close()  # this thread's own

    gpu.before_answer = look
    order(voucher)
    work()
    assert committed == [(1, 1)]
    assert verify_chain().ok


def test_a_picture_with_the_face_of_another_twin_is_refused_and_made_again(gpu, maya, noor, voucher, news):
    (job,) = order(voucher)
    work()
    gpu.newest.succeed(picture_of("P005"))
    later()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "likeness_failed")
    assert job.candidate.state == "refused"
    words = " ".join(finding.words for finding in read_findings(job.candidate.findings))
    assert "somebody else" in words or "too little" in words
    assert news == []
    again = Job.objects.get(remake_of=job)
    assert again.spec["seed"] != job.spec["seed"]
    gpu.newest.succeed(picture_of("P001"))
    later()
    assert [kind for kind, _, _ in news] == ["ready"]
    voucher.refresh_from_db()
    assert (voucher.used, voucher.stopped) == (1, 1)


@pytest.mark.parametrize(
    ("picture", "verdict"),
    [(png((1080, 1350)), "not_checkable"), (picture_of_two("P001", "P005"), "failed")],
    ids=["no face", "two faces"],
)
def test_nobody_or_a_second_person_in_a_picture_never_passes(gpu, voucher, picture, verdict):
    (job,) = order(voucher)
    work()
    gpu.newest.succeed(picture)
    later()
    candidate = Candidate.objects.get(job=job)
    assert (candidate.state, candidate.verdict) == ("refused", verdict)
    voucher.refresh_from_db()
    assert voucher.stopped == 1


def test_an_intimate_picture_is_blocked_shown_to_nobody_and_made_again(gpu, voucher, news):
    """TAKE IT DOWN: intimate output blocked."""
    (job,) = order(voucher)
    work()
    gpu.newest.succeed(taken_for_nudity())
    later()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, "safety_failed")
    assert (job.candidate.state, job.candidate.verdict) == ("refused", "barred")
    assert not Candidate.objects.shown().exists() and news == []
    gpu.newest.succeed(picture_of("P001"))
    later()
    assert [(kind, what.job.remake_of) for kind, what, _ in news] == [("ready", job)]
    voucher.refresh_from_db()
    assert (voucher.used, voucher.stopped) == (1, 1)


def test_after_two_remakes_the_booking_hears_that_it_ended(gpu, voucher, news):
    order(voucher)
    for _ in range(3):
        later()
        gpu.newest.succeed(png((1080, 1350)))
        later()
    assert [(kind, reason) for kind, _, reason in news] == [("ended", "likeness_failed")]
    assert Job.objects.count() == len(gpu.jobs) == 3
    voucher.refresh_from_db()
    assert (voucher.used, voucher.stopped) == (0, 3)


def test_the_service_is_told_how_many_more_it_may_deliver_for_stopped_ones(gpu, maya):
    voucher = make_voucher(maya[0], pictures=1, candidates=1)
    order(voucher)
    work()
    gpu.newest.succeed(png((1080, 1350)))
    later()
    payloads = [job.request["input"]["voucher"].split(".")[0] for job in gpu.jobs.values()]
    assert payloads[0] != payloads[1]
    assert len(gpu.jobs) == 2


@pytest.mark.parametrize(
    "deliver",
    [
        lambda job: job.succeed(png((1080, 1080))),
        lambda job: job.succeed(b"Sorry, we are out of pictures"),
        lambda job: job.succeed(),
        lambda job: job.succeed(picture_of("P001"), sha256="0" * 64),
        lambda job: job.fail("provider", retryable=True),
        lambda job: job.fail("capacity", retryable=True),
    ],
    ids=["wrong size", "text", "short batch", "another file", "engine failed", "no capacity"],
)
def test_a_delivery_of_no_use_gives_its_candidate_back_and_is_tried_three_times(gpu, voucher, news, deliver):
    (job,) = order(voucher)
    for _ in range(5):
        later()
        if gpu.newest.status == "queued":
            deliver(gpu.newest)
    later()
    job.refresh_from_db()
    assert job.state == State.FAILED
    assert [attempt.number for attempt in job.attempts.all()] == [1, 2, 3]
    assert len(gpu.jobs) == 3
    assert [kind for kind, _, _ in news] == ["ended"]
    voucher.refresh_from_db()
    assert voucher.used == 0
    assert not Candidate.objects.exists()


@pytest.mark.parametrize("code", ["content_policy", "invalid_input", "auth", "quota"])
def test_what_would_fail_again_is_not_tried_again(gpu, voucher, news, code):
    order(voucher)
    work()
    gpu.job.fail(code, retryable=True)
    later()
    later()
    assert len(gpu.jobs) == 1
    assert [(kind, reason) for kind, _, reason in news] == [("ended", code)]


def test_progress_of_a_booking_takes_one_query_whatever_it_orders(gpu, voucher, django_assert_num_queries):
    order(voucher, 2, look="look:a")
    order(voucher, 1, look="look:b")
    work()
    first, second, third = gpu.jobs.values()
    first.succeed(picture_of("P001"))
    second.status, second.progress = "running", 0.5
    third.fail("content_policy")
    later()
    with django_assert_num_queries(1):
        looks = progress.of_booking(voucher.subject)
    a, b = looks["look:a"], looks["look:b"]
    assert (a.ordered, a.running, a.made, a.failed, a.percent) == (2, 1, 1, 0, 75)
    assert a.states == {"running": 1}
    assert (b.ordered, b.running, b.made, b.failed, b.percent) == (1, 0, 0, 1, 100)


def test_a_remade_picture_counts_once(gpu, voucher):
    order(voucher)
    work()
    gpu.newest.succeed(png((1080, 1350)))
    later()
    look = progress.of_booking(voucher.subject)["look:1"]
    assert (look.ordered, look.running, look.failed) == (1, 1, 0)


def test_every_checked_picture_says_what_the_checks_found_and_what_none_measured(gpu, maya, voucher, news):
    """Body lock: drift of a candidate against the capture set is measured and shown."""
    (job,) = order(voucher)
    work()
    gpu.newest.succeed(picture_of("P001"))
    later()
    found = read_findings(job.candidate.findings)
    assert [finding.check for finding in found] == ["likeness", "skin", "hair", "body", "safety"]
    assert all(finding.words for finding in found)
    outcomes = {finding.check: finding.outcome for finding in found}
    assert (outcomes["body"], outcomes["safety"]) == ("unknown", "holds")
