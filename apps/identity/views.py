"""The model proves who she is, once: before a person of ours, or at Stripe."""

import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, StaleState
from apps.common.refs import parse_ref
from apps.identity.errors import Unavailable, Unreadable
from apps.identity.forms import FORMS
from apps.identity.models import IdentityCheck
from apps.identity.services import WAYS, Begun, chosen_way, look_again
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.organizations.permissions import Permission
from apps.talent.models import Talent

logger = logging.getLogger(__name__)
PAGE = "identity/identity.html"
UNPROCESSABLE, UNAVAILABLE = 422, 503
herself = acting_as("talent", permission=Permission.SIGN_CONSENT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@herself
def identity(request: HttpRequest) -> HttpResponse:
    """What she sends, or a press that leads to Stripe's page."""
    talent = _talent(request)
    name = chosen_way(request.GET.get("by", ""))
    form = FORMS[name](*((request.POST, request.FILES) if request.method == "POST" else ()))
    status = UNPROCESSABLE if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        back = f"{settings.SITE_URL}{reverse('identity_back')}"
        try:
            begun = WAYS[name].begin(by=_actor(request), talent=talent, shown=form.shown(), back=back)
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        except StaleState as error:
            messages.info(request, error.message)
            return redirect("identity")
        except Unavailable as error:
            messages.error(request, error.message)
            status = UNAVAILABLE
        else:
            return _go_on(request, begun)
    check = IdentityCheck.objects.filter(talent=talent).first()
    context: dict[str, Any] = {"form": form, "check": check, "talent": talent, "way": name}
    return render(request, PAGE, context | {"other_way": name != settings.IDENTITY_PROVIDER}, status=status)


@never_cache
@require_GET
@herself
def identity_back(request: HttpRequest) -> HttpResponse:
    """From Stripe's page. Coming here says nothing; what Stripe answers does."""
    check = IdentityCheck.objects.filter(talent=_talent(request)).first()
    if check is not None:
        try:
            look_again(check=check)
        except (OutcomeUnknown, Rejected, Unreadable) as error:
            logger.warning("%s could not be read at Stripe: %s", check.ref, error)
            messages.info(request, "Stripe does not answer yet. You will be told here and by mail.")
    return redirect("identity")


def _go_on(request: HttpRequest, begun: Begun) -> HttpResponse:
    if begun.address:
        return HttpResponseRedirect(begun.address)
    if begun.check.way == IdentityCheck.Way.PERSON:
        messages.success(request, "Thank you. A person looks at it, usually within a working day.")
    return redirect("identity")


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _talent(request: HttpRequest) -> Talent:
    return get_object_or_404(Talent, pk=parse_ref(_actor(request).party, "talent"))
