"""How often one address may ask something that costs us work. Counted in the cache, by fixed minutes."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

ONE_MINUTE = 60


def address_of(request: HttpRequest) -> str:
    """From where it is asked, behind as many proxies as the settings say."""
    return str(get_adapter(request).get_client_ip(request))


def too_often(request: HttpRequest, *, what: str, per_minute: int) -> bool:
    """Counts this request and says whether it is one too many."""
    key = f"limit:{what}:{address_of(request)}:{int(timezone.now().timestamp()) // ONE_MINUTE}"
    cache.add(key, 0, timeout=2 * ONE_MINUTE)
    return cache.incr(key) > per_minute
