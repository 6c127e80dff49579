"""The running site says how it is, and comes back by itself after any of its processes was killed."""

import pytest

from tests.stack import Stack


def test_health_has_a_line_for_every_part(stack: Stack) -> None:
    status, report = stack.health()
    assert status == 200
    assert report.splitlines() == [
        "web: ok",
        "database: ok",
        "broker: ok",
        "worker: ok",
        "beat: ok",
        "gpu service: ok",
    ]


@pytest.mark.parametrize("name", ["worker", "beat", "gpu", "redis", "web", "postgresql"])
def test_a_killed_process_comes_back_by_itself(stack: Stack, name: str) -> None:
    killed = stack.kill(name)
    stack.wait_until_back(name, killed)


def test_a_killed_redis_forgets_no_message(stack: Stack) -> None:
    told = 'from django.core.cache import cache; print(cache.get("promise"))'
    stack.manage("shell", "-c", 'from django.core.cache import cache; cache.set("promise", "kept", 600)')
    stack.wait_until_back("redis", stack.kill("redis"))
    assert stack.manage("shell", "-c", told).stdout.strip().splitlines()[-1] == "kept"
