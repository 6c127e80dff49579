"""/healthz says which part is away and why; 200 means that all of them answered."""

import time

import pytest
import redis
from django.test import Client
from pytest_django import Settings

from config import health
from config.beat import SIGN_OF_LIFE

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


def lines(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/healthz")
    assert answer.headers["Content-Type"].startswith("text/plain")
    return answer.status_code, dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def beat_was_seen(settings: Settings, *, seconds_ago: float) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as broker:
        broker.set(SIGN_OF_LIFE, time.time() - seconds_ago)


def test_parts_that_do_not_run_are_named(client: Client, settings: Settings) -> None:
    settings.GPU_SERVICE_URL = "http://127.0.0.1:9"
    beat_was_seen(settings, seconds_ago=3)
    status, found = lines(client)
    assert status == 503
    assert found == {
        "web": "ok",
        "database": "ok",
        "broker": "ok",
        "worker": "no answer within 2 s",
        "beat": "ok",
        "gpu service": "does not answer (ConnectError)",
    }


def test_a_beat_that_hangs_shows_within_seconds(settings: Settings) -> None:
    beat_was_seen(settings, seconds_ago=60)
    with pytest.raises(health.Unwell, match="no sign of life for 60 s"):
        health._beat()


def test_without_a_broker_nobody_waits_for_the_worker(client: Client, settings: Settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    begin = time.monotonic()
    status, found = lines(client)
    assert status == 503
    assert found["broker"] == "does not answer (ConnectionError)"
    assert found["worker"] == found["beat"] == "unknown without the broker"
    assert time.monotonic() - begin < 5
