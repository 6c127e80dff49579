"""What every page needs: who acts, where she can go, how much news waits. At most one query, whatever the data."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from apps.portal.navigation import places


def site(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    match = request.resolver_match
    return {
        "actor": actor,
        "acting_party": getattr(request, "acting_party", None),
        "parties": getattr(request, "parties", []),
        "navigation": places(actor.kind, match.url_name or "" if match else "") if actor else [],
        "demonstration": settings.DEMONSTRATION,
        "unread": 0,
    }
