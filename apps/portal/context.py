"""What every page needs: who acts, where she can go, how much news waits. At most one query, whatever the data."""

from typing import Any

from django.conf import settings

from apps.notifications.models import Notice
from apps.portal.guides import guides
from apps.portal.middleware import PortalRequest
from apps.portal.navigation import places


def site(request: PortalRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    return {
        "actor": actor,
        "acting_party": getattr(request, "acting_party", None),
        "parties": getattr(request, "parties", []),
        "navigation": places(actor.kind, match.url_name or "" if match else "") if actor else [],
        "demonstration": settings.DEMONSTRATION,
        "same_page_by_name": _by_name(request),
        "support_email": settings.SUPPORT_EMAIL,
        # Called by the template, so that a fragment asks nothing.
        "guide_bars": lambda: [part for guide in guides() if (part := guide.bar(request))],
        "guide_menus": lambda: [part for guide in guides() if (part := guide.menu(request))],
        "unread": Notice.objects.for_party(actor.party).unread().count() if actor and not request.htmx else 0,
    }


def _by_name(request: PortalRequest) -> str:
    """Browsers keep passkeys for a name, never for a number: the same page of a site on this machine, by its name."""
    host, _, port = request.get_host().partition(":")
    if host != "127.0.0.1":
        return ""
    return f"{request.scheme}://localhost:{port}{request.get_full_path()}"
