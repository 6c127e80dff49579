"""A model's view of everything: where she is, who looked, and one press that stops it all. Hers alone."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.portal.access import actor_of
from apps.portal.access_log import VIEWS, downloaded_rows, log_row, seen_rows
from apps.portal.middleware import PortalRequest
from apps.portal.pausing import pausing
from apps.portal.whereabouts import whereabouts

a_model = acting_as("talent", permission="view")
PER_PAGE = 50


@require_safe
@a_model
def where(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/where.html", {"page": whereabouts(actor_of(request), request.GET.get("page", "1"))})


@never_cache
@require_safe
@a_model
def access_log(request: PortalRequest) -> HttpResponse:
    actor = actor_of(request)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else ""
    both: dict[str, QuerySet[Any]] = {"": seen_rows(actor), "downloads": downloaded_rows(actor)}
    page = Paginator(both[view], PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "tabs": [(key, label, both[key].count()) for key, label in VIEWS.items()],
        "view": view,
        "page": page,
        "rows": [log_row(row) for row in page],
    }
    return render(request, "portal/access_log.html", context)


@require_safe
@a_model
def pause(request: PortalRequest) -> HttpResponse:
    """What pausing stops and what goes on; the press itself is `twin_act`."""
    return render(request, "portal/pause.html", {"page": pausing(actor_of(request))})
