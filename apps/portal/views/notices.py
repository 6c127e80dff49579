"""News for whoever acts, in the language of the person who reads."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import acting_as
from apps.accounts.models import User
from apps.common.legal_texts import language_of
from apps.notifications.models import Notice
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest

PER_PAGE = 30
everybody = acting_as("talent", "agency", "brand", "staff")


@require_safe
@everybody
def notices(request: PortalRequest) -> HttpResponse:
    mine = Notice.objects.for_party(actor_of(request).party)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page", "1"))
    user = request.user
    assert isinstance(user, User)  # noqa: S101  whoever acts has signed in
    rows = [(notice, notice.words(user.language)) for notice in page]
    return render(request, "portal/notices.html", {"page": page, "rows": rows, "language": language_of(user.language)})


@require_POST
@everybody
def mark_read(request: PortalRequest) -> HttpResponse:
    Notice.objects.for_party(actor_of(request).party).mark_read()
    return redirect("notices")
