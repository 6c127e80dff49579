"""Who acts in this request, as whom, in which time zone; and nothing private in a shared cache."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django_htmx.middleware import HtmxDetails

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.portal.acting import SESSION_KEY, Party, actor_for, chosen, parties_of


class PortalRequest(HttpRequest):
    """A request after ActingMiddleware."""

    htmx: HtmxDetails
    actor: Actor | None
    acting_party: Party | None
    parties: list[Party]


class ActingMiddleware:
    """Sets `request.actor` (None for strangers and for people who act for nobody yet).

    Memberships are read on every request: a right revoked in mid-session is gone with the next one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PortalRequest) -> HttpResponse:
        request.actor, request.acting_party, request.parties = None, None, []
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        request.parties = parties_of(user)
        request.acting_party = chosen(request.parties, request.session.get(SESSION_KEY, ""))
        if request.acting_party:
            request.actor = actor_for(request, user, request.acting_party)
        with timezone.override(ZoneInfo(user.time_zone)):
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
