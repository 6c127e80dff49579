"""The running site says how it is, and comes back by itself after any of its processes was killed."""

import re

import pytest

from tests.noise import NOISE
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


def test_the_first_start_says_where_its_time_went_and_nothing_to_worry_about(stack: Stack) -> None:
    told = stack.words().split("Ctrl-C stops it.")[0]
    assert "Where the time went:" in told
    for step in ("PostgreSQL", "Redis", "Tables and static files", "Demonstration"):
        assert re.search(rf"^  {step} +[0-9.]+ s$", told, re.MULTILINE)
    assert not NOISE.search(told)


@pytest.mark.parametrize("name", ["worker", "beat", "gpu", "redis", "web", "postgresql"])
def test_a_killed_process_comes_back_by_itself(stack: Stack, name: str) -> None:
    killed = stack.kill(name)
    stack.wait_until_back(name, killed)


def test_a_killed_redis_forgets_no_message(stack: Stack) -> None:
    told = 'from django.core.cache import cache; print(cache.get("promise"))'
    stack.manage("shell", "-c", 'from django.core.cache import cache; cache.set("promise", "kept", 600)')
    stack.wait_until_back("redis", stack.kill("redis"))
    assert stack.manage("shell", "-c", told).stdout.strip().splitlines()[-1] == "kept"
