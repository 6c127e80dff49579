"""The press-once way in. It exists only in the demonstration, for people who do not exist."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.demonstration.entrances import STAFF, entrances
from apps.demonstration.programme import address


@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the programme's people. Anything else is 404."""
    account = request.POST.get("account", "")
    if account not in {entrance.account for entrance in entrances()}:
        raise Http404
    user = User.objects.get(email=address(account))
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, user, method="demonstration")
    return redirect("admin:index" if account == STAFF else "landing")
