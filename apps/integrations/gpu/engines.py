"""The engines this site is configured for."""

from functools import lru_cache

from django.conf import settings
from redis import Redis

from apps.integrations.gpu.breaker import Breaker
from apps.integrations.gpu.open_contract import OpenContractEngine
from apps.integrations.gpu.types import GpuEngine

DEFAULT = OpenContractEngine.name


def engine(name: str = DEFAULT) -> GpuEngine:
    """The engine with this name, one per process and configuration. Raises KeyError for an unknown name."""
    return {DEFAULT: _open_contract}[name](
        settings.GPU_SERVICE_URL, settings.GPU_SERVICE_KEY, settings.GPU_SERVICE_WEBHOOK_SECRET, settings.REDIS_URL
    )


@lru_cache(maxsize=4)
def _open_contract(url: str, key: str, webhook_secret: str, redis_url: str) -> GpuEngine:
    breaker = Breaker(Redis.from_url(redis_url), name=f"{OpenContractEngine.name}:{url}")
    return OpenContractEngine(url=url, key=key, webhook_secret=webhook_secret, breaker=breaker)
