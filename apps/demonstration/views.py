"""The press-once way in. It exists only in the demonstration, for people who do not exist."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.demonstration.entering import enter_as
from apps.demonstration.entrances import STAFF, entrances
from apps.demonstration.refusals import TRYING


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the programme's people. Anything else is 404."""
    account = request.POST.get("account", "")
    if account not in {entrance.account for entrance in entrances()}:
        raise Http404
    enter_as(request, account)
    request.session.pop(TRYING, None)
    return redirect("admin:index" if account == STAFF else "landing")
