"""Beat's scheduler, which leaves a sign of life in Redis that /healthz reads."""

import time
from typing import Any

import redis
from celery.beat import PersistentScheduler
from django.conf import settings

SIGN_OF_LIFE = "health:beat"  # holds the time of the last turn, seconds since 1970
LONGEST_PAUSE = 5  # seconds between two turns, whatever the schedule says


class Scheduler(PersistentScheduler):
    """A turn that fails leaves no sign, so a beat that hangs or cannot reach the broker shows within seconds."""

    max_interval = LONGEST_PAUSE

    def tick(self, *args: Any, **kwargs: Any) -> float:
        pause = float(super().tick(*args, **kwargs))
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            client.set(SIGN_OF_LIFE, time.time())
        return min(pause, LONGEST_PAUSE)
