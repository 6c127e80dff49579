"""Whatever goes wrong on the way to the GPU service: never a second job, never a lost one, never one without a yes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.generation.models import Attempt, Job, Voucher
from apps.generation.services import revoke_vouchers, submit, sweep
from apps.generation.states import State
from apps.integrations.gpu.breaker import Breaker
from tests.factories.likenesses import picture_of
from tests.factories.work import later, messages, order, work
from tests.fakes.gpu import png
from tests.integration.processes import in_processes


def attempt() -> Attempt:
    return Attempt.objects.with_job().get()


def age(minutes: int, **fields: str) -> None:
    then = timezone.now() - timedelta(minutes=minutes)
    Attempt.objects.update(**dict.fromkeys(fields.values(), then))


def test_a_lost_answer_makes_no_second_job(gpu, voucher, news):
    gpu.faults = ["lost"]
    order(voucher)
    work()
    assert attempt().state == State.SUBMIT_UNKNOWN
    later()
    assert attempt().state == State.QUEUED
    assert gpu.posts == len(gpu.jobs) == 1
    gpu.job.succeed(picture_of("P001"))
    later()
    assert [kind for kind, _, _ in news] == ["ready"]


def test_an_answer_that_comes_after_our_read_timeout_makes_no_second_job(gpu, voucher, settings, monkeypatch):
    from apps.integrations.gpu import engines

    monkeypatch.setattr(engines.engine()._client, "timeout", 0.2)
    gpu.slow = 0.6
    order(voucher)
    work()
    assert attempt().state == State.SUBMIT_UNKNOWN
    later()  # the first submission may still be under way: the second says the same key
    gpu.slow = 0
    for _ in range(3):
        later()
    assert attempt().state == State.QUEUED
    assert len(gpu.jobs) == 1


def test_a_submission_that_never_arrived_is_sent_again_with_the_same_key(gpu, voucher):
    gpu.faults = ["down"]
    order(voucher)
    work()
    assert attempt().state == State.SUBMIT_UNKNOWN
    assert not gpu.jobs
    later()
    assert attempt().state == State.QUEUED
    assert gpu.job.key == str(attempt().pk)
    voucher.refresh_from_db()
    assert voucher.used == 1


def test_while_the_service_is_full_the_picture_waits_without_a_new_attempt(gpu, voucher):
    gpu.faults = ["busy", "busy"]
    order(voucher)
    work()
    waiting = attempt()
    assert waiting.state == State.SUBMITTING
    assert waiting.next_poll_at > timezone.now() + timedelta(seconds=4)
    later()
    later()
    assert attempt().state == State.QUEUED
    assert gpu.posts == 3


def test_a_service_that_refuses_the_job_ends_it_at_once(gpu, voucher, news):
    gpu.faults = ["invalid"]
    order(voucher)
    work()
    assert [(kind, reason) for kind, _, reason in news] == [("ended", "invalid_input")]
    voucher.refresh_from_db()
    assert voucher.used == 0


def test_a_service_that_never_answers_clearly_is_given_up(gpu, voucher, news, monkeypatch):
    monkeypatch.setattr(Breaker, "check", lambda self: None)
    gpu.faults = ["down"] * 100
    order(voucher)
    for _ in range(25):
        later()
    assert [(kind, reason) for kind, _, reason in news] == [("ended", "provider")]
    assert Attempt.objects.count() == 3


def test_a_lost_message_only_delays(gpu, voucher):
    order(voucher)
    messages()  # the broker lost them
    later()
    assert attempt().state == State.QUEUED
    gpu.job.succeed(picture_of("P001"))
    Attempt.objects.update(next_poll_at=timezone.now())
    sweep()
    work()
    messages()
    later()
    assert attempt().state == State.SUCCEEDED


def test_what_is_not_due_is_left_alone(gpu, voucher):
    order(voucher)
    work()
    sweep()
    assert messages() == []


def test_the_times_between_two_looks_grow(gpu, voucher):
    order(voucher)
    work()
    gaps = []
    for _ in range(6):
        Attempt.objects.update(next_poll_at=timezone.now())
        sweep()
        work()
        gaps.append(round((attempt().next_poll_at - timezone.now()).total_seconds()))
    assert gaps == [5, 10, 20, 40, 60, 60]


@pytest.mark.parametrize(
    ("status", "field", "minutes"), [("queued", "submitted_at", 16), ("running", "started_at", 11)]
)
def test_what_takes_too_long_is_cancelled_there_and_tried_again(gpu, voucher, status, field, minutes):
    order(voucher)
    work()
    gpu.job.status = status
    later()
    age(minutes, field=field)
    later()
    first, second = Attempt.objects.order_by("number")
    assert (first.state, first.error_code) == (State.EXPIRED, "timeout")
    assert gpu.cancelled == [first.remote_id]
    assert second.state in {State.CREATED, State.QUEUED}
    voucher.refresh_from_db()
    assert voucher.used <= 1


def test_a_picture_that_is_gone_before_we_fetched_it_is_made_anew(gpu, voucher, monkeypatch):
    order(voucher)
    work()
    gpu.job.succeed(picture_of("P001"))
    lost = gpu.job.pictures
    Attempt.objects.update(next_poll_at=timezone.now())
    sweep()
    monkeypatch.setattr(type(gpu), "by_id", lambda self, job_id: None)
    work()
    assert lost
    assert Attempt.objects.get(number=1).error_code in {"output_expired", "provider"}
    assert Attempt.objects.filter(number=2).exists()


def test_a_revoked_voucher_stops_what_waits_and_what_runs(gpu, voucher, news):
    order(voucher, 2)
    work()
    gpu.newest.status = "running"
    Job.objects.update()
    revoke_vouchers(by=Actor.SYSTEM, subject=voucher.subject, reason="the brand cancelled")
    work()
    assert set(Job.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert len(gpu.cancelled) == 2
    assert [reason for _, _, reason in news] == ["cancelled", "cancelled"]
    voucher.refresh_from_db()
    assert (voucher.state, voucher.used) == ("revoked", 0)


def test_a_revocation_whose_message_got_lost_is_found(gpu, voucher):
    order(voucher)
    work()
    revoke_vouchers(by=Actor.SYSTEM, subject=voucher.subject, reason="cancelled")
    messages()
    later()
    assert Job.objects.get().state == State.CANCELLED


def test_a_picture_that_comes_back_after_the_cancellation_is_not_kept(gpu, voucher, news):
    order(voucher)
    work()
    revoke_vouchers(by=Actor.SYSTEM, subject=voucher.subject, reason="cancelled")
    work()
    gpu.job.succeed(picture_of("P001"))
    later()
    assert Job.objects.get().state == State.CANCELLED
    assert [kind for kind, _, _ in news] == ["ended"]


def test_no_more_jobs_lie_at_the_service_than_it_has_places_for(gpu, voucher, settings):
    settings.GPU_JOBS_IN_FLIGHT = 2
    order(voucher, 5)
    work()
    assert len(gpu.jobs) == 2
    later()
    assert len(gpu.jobs) == 2
    gpu.newest.succeed(picture_of("P001"))
    Attempt.objects.filter(remote_id=gpu.newest.id).update(next_poll_at=timezone.now())
    sweep()
    work()
    assert len(gpu.jobs) == 3  # at once, not with the next sweep


def test_two_bookings_take_turns(gpu, maya, noor, settings):
    from tests.factories.work import make_voucher

    settings.GPU_JOBS_IN_FLIGHT = 2
    first, second = make_voucher(maya[0]), make_voucher(noor[0])
    order(first, 4)
    order(second, 1)
    messages()
    later()
    twins = {job.request["input"]["twin_ref"] for job in gpu.jobs.values()}
    assert twins == {maya[0].ref, noor[0].ref}


def test_eight_workers_at_once_never_make_more_than_the_candidates(gpu, maya, settings):
    from tests.factories.work import make_voucher

    settings.GPU_JOBS_IN_FLIGHT = 50
    voucher = make_voucher(maya[0], pictures=1, candidates=3)
    jobs = order(voucher, 3)
    for job in jobs * 2:  # as if more had been ordered than the voucher allows
        extra = Job.objects.create(kind=job.kind, voucher=voucher, version=job.version, spec=job.spec)
        Attempt.objects.create(job=extra, number=1, next_poll_at=timezone.now())
    waiting = list(Attempt.objects.with_job())[:8]
    answers = in_processes(8, lambda number: submit(waiting[number]))
    assert answers == [None] * 8
    voucher.refresh_from_db()
    assert voucher.used == 3
    assert len(gpu.jobs) == 3
    refused = Job.objects.filter(refused=True)
    assert {job.error_code for job in refused} == {"voucher_used_up"}
    assert refused.count() == 5


def test_one_attempt_taken_up_by_eight_workers_is_handed_over_once(gpu, voucher):
    order(voucher)
    one = attempt()
    in_processes(8, lambda number: submit(one))
    assert gpu.posts == 1


def test_a_job_with_a_remake_announces_only_its_last_end(gpu, voucher, news):
    order(voucher)
    work()
    gpu.newest.succeed(png((1080, 1350)))
    later()
    gpu.newest.succeed(picture_of("P001"))
    later()
    later()
    assert [kind for kind, _, _ in news] == ["ready"]
    assert not Job.objects.filter(announced_at=None).exists()


def test_an_app_above_that_fails_hears_the_news_again(gpu, voucher, news):
    from apps.generation.events import candidate_ready

    failures = []

    def clumsy(sender, candidate, **rest):
        if not failures:
            failures.append(candidate)
            raise RuntimeError("the page fell down")

    candidate_ready.connect(clumsy)
    order(voucher)
    work()
    gpu.job.succeed(picture_of("P001"))
    with pytest.raises(RuntimeError):
        later()
    assert Job.objects.get().announced_at is None
    later()
    assert Job.objects.get().announced_at is not None
    assert [kind for kind, _, _ in news] == ["ready", "ready"]


def test_the_database_itself_refuses_more_candidates_than_agreed(voucher):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="voucher_used_within_candidates"):
        Voucher.objects.filter(pk=voucher.pk).update(used=7)
