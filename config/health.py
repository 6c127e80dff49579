"""`/healthz`: one line for each part that the site needs, 200 only when all of them answer."""

import time
from collections.abc import Callable

import httpx
import redis
from django.conf import settings
from django.db import Error, connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from config.beat import LONGEST_PAUSE, SIGN_OF_LIFE
from config.celery import app

PATIENCE = 2  # seconds that each part has to answer
SILENCE = 4 * LONGEST_PAUSE  # seconds after which beat counts as gone


class Unwell(Exception):
    """The reason why a part does not work, in words for whoever watches the site."""


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    lines = {"web": "ok", **{name: _verdict(check) for name, check in CHECKS.items()}}
    well = all(verdict == "ok" for verdict in lines.values())
    text = "".join(f"{name}: {verdict}\n" for name, verdict in lines.items())
    return HttpResponse(text, status=200 if well else 503, content_type="text/plain; charset=utf-8")


def _verdict(check: Callable[[], None]) -> str:
    try:
        check()
    except Unwell as problem:
        return str(problem)
    return "ok"


def _database() -> None:
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error as error:
            raise Unwell(f"{alias} does not answer ({type(error).__name__})") from error


def _broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE) as client:
        try:
            client.ping()
        except redis.RedisError as error:
            raise Unwell(f"does not answer ({type(error).__name__})") from error


def _worker() -> None:
    """Asks over the broker, and takes the first answer. Not asked without a broker: the question would wait for it."""
    _broker_first()
    try:
        answers = app.control.inspect(timeout=PATIENCE, limit=1).ping()
    except (OperationalError, redis.RedisError) as error:
        raise Unwell(f"cannot be asked ({type(error).__name__})") from error
    if not answers:
        raise Unwell(f"no answer within {PATIENCE} s")


def _beat() -> None:
    _broker_first()
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE) as client:
        sign = client.get(SIGN_OF_LIFE)
    if sign is None:
        raise Unwell("no sign of life yet")
    silent = time.time() - float(sign)
    if silent > SILENCE:
        raise Unwell(f"no sign of life for {silent:.0f} s")


def _gpu_service() -> None:
    try:
        httpx.get(f"{settings.GPU_SERVICE_URL}/v1/health", timeout=PATIENCE).raise_for_status()
    except httpx.HTTPError as error:
        raise Unwell(f"does not answer ({type(error).__name__})") from error


def _broker_first() -> None:
    try:
        _broker()
    except Unwell as problem:
        raise Unwell("unknown without the broker") from problem


CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
    "beat": _beat,
    "gpu service": _gpu_service,
}
