"""Notices of the GPU service: a hint from somebody who signs, never more."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.generation.models import Attempt, WebhookReceipt
from apps.generation.states import State
from tests.factories.likenesses import picture_of
from tests.factories.work import messages, order, work


@pytest.fixture
def attempt(gpu, voucher):
    order(voucher)
    work()
    return Attempt.objects.get()


def send(body: bytes, headers: dict[str, str], token: str) -> int:
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        reverse("generation:webhook", args=[token]), body, content_type="application/json", headers=headers
    )
    return answer.status_code


def test_the_address_we_gave_is_the_one_that_answers(gpu, attempt, settings):
    given = gpu.job.request["webhook_url"]
    assert given == f"{settings.SITE_URL}/hooks/gpu/{attempt.webhook_token}/"
    assert len(attempt.webhook_token) >= 43


def test_a_notice_makes_us_look_at_once(gpu, attempt, news):
    gpu.job.succeed(picture_of("P001"))
    assert send(*gpu.notice(gpu.job), attempt.webhook_token) == 204
    work()
    assert [kind for kind, _, _ in news] == ["ready"]


def test_a_notice_only_hints_and_what_the_service_says_counts(gpu, attempt):
    gpu.job.succeed(picture_of("P001"))
    notice = gpu.notice(gpu.job)
    gpu.job.status, gpu.job.pictures, gpu.job.progress = "running", [], 0.4
    assert send(*notice, attempt.webhook_token) == 204
    work()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.progress) == (State.RUNNING, 0.4)


def test_the_same_notice_again_changes_nothing(gpu, attempt):
    gpu.job.status = "running"
    notice = gpu.notice(gpu.job)
    assert [send(*notice, attempt.webhook_token) for _ in range(3)] == [204, 204, 204]
    assert len(messages()) == 1
    assert WebhookReceipt.objects.count() == 1


def test_a_late_notice_does_not_turn_anything_back(gpu, attempt):
    gpu.job.status = "running"
    old = gpu.notice(gpu.job)
    gpu.job.succeed(picture_of("P001"))
    send(*gpu.notice(gpu.job), attempt.webhook_token)
    work()
    send(*old, attempt.webhook_token)
    work()
    attempt.refresh_from_db()
    assert attempt.state == State.SUCCEEDED


def test_a_forged_notice_is_refused_and_nothing_is_looked_at(gpu, attempt):
    gpu.job.status = "running"
    body, headers = gpu.notice(gpu.job, secret="whsec_" + "QUJD" * 8)
    assert send(body, headers, attempt.webhook_token) == 401
    assert send(body, {}, attempt.webhook_token) == 401
    assert messages() == []
    assert not WebhookReceipt.objects.exists()


def test_a_signed_notice_to_an_address_that_nobody_gave_is_not_found(gpu, attempt):
    gpu.job.status = "running"
    assert send(*gpu.notice(gpu.job), "x" * 43) == 404


def test_a_signed_notice_that_breaks_the_contract_is_a_bad_request(gpu, attempt):
    from datetime import UTC, datetime

    from django.conf import settings
    from standardwebhooks.webhooks import Webhook

    now = datetime.now(UTC)
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(settings.GPU_SERVICE_WEBHOOK_SECRET).sign("m", now, "[]"),
    }
    assert send(b"[]", headers, attempt.webhook_token) == 400


def test_looking_is_not_the_way_to_send(attempt):
    assert Client().get(reverse("generation:webhook", args=[attempt.webhook_token])).status_code == 405


def test_a_notice_that_comes_before_the_answer_to_our_submission_is_no_trouble(gpu, voucher, news):
    def notified_at_once(job):
        job.succeed(picture_of("P001"))

    gpu.before_answer = notified_at_once
    order(voucher)
    work()
    attempt = Attempt.objects.get()
    Attempt.objects.update(state=State.SUBMITTING, remote_id="")  # as the notice's task may find it
    send(*gpu.notice(gpu.job), attempt.webhook_token)
    work()
    assert [kind for kind, _, _ in news] == ["ready"]
    assert gpu.posts == 1
