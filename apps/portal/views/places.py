"""A model's place in a programme: read, signed or refused, and left again. Whoever the mail names, and nobody else."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.bookings.views.scope import refused
from apps.common.canonical import sha256_hex
from apps.common.errors import DomainError
from apps.common.legal_texts import LANGUAGES, language_of
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest
from apps.portal.programmes import places_of
from apps.programmes import services
from apps.programmes.models import Place
from apps.programmes.terms import offer_to, place_text
from apps.talent.models import Talent

PAGE = "portal/place.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def place(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Where the mail leads. Somebody who is no model yet reads who asks and joins first; then the terms stand here."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101  login_required stands before
    found = get_object_or_404(places_of(user), pk=pk)
    talent = Talent.objects.filter(user=user).first()
    if request.method != "POST":
        return _read(request, found, talent, 200)
    if talent is None or request.actor is None or request.actor.party != talent.party:
        raise PermissionDenied
    if request.POST.get("answer") == "yes" and not request.POST.get("agreed"):
        return _read(request, found, talent, 422, unticked=True)
    try:
        return _answer(request, found, talent)
    except DomainError as error:
        found.refresh_from_db()
        return refused(request, error, lambda status: _read(request, found, talent, status))  # type: ignore[arg-type]


def _answer(request: PortalRequest, found: Place, talent: Talent) -> HttpResponse:
    actor, answer = actor_of(request), request.POST.get("answer")
    name = found.programme.name
    if answer == "yes":
        services.accept(
            by=actor, talent=talent, place=found, language=language_of(request.POST.get("language", "")),
            shown_sha256=request.POST.get("shown", ""),
        )  # fmt: skip
        messages.success(request, f"You take part in {name}. The next steps stand here.")
        return redirect("onboarding")
    if answer == "leave":
        services.leave(by=actor, talent=talent, place=found)
        messages.success(request, f"You left {name}. You owe nothing.")
    else:
        services.decline(by=actor, talent=talent, place=found)
        messages.success(request, "No it is. You need not say why.")
    return redirect("place", found.pk)


def _read(
    request: PortalRequest, found: Place, talent: Talent | None, status: int, *, unticked: bool = False
) -> HttpResponse:
    hers = request.user.language if isinstance(request.user, User) else ""
    language = language_of(request.POST.get("language") or request.GET.get("language") or hers)
    today = timezone.now().date()
    context: dict[str, Any] = {"place": found, "unticked": unticked, "languages": LANGUAGES, "language": language}
    context["as_herself"] = talent is not None and request.actor is not None and request.actor.party == talent.party
    context["talent"] = talent
    context["open"] = found.state == Place.State.INVITED and found.programme.runs_on(today)
    if context["open"] and talent is not None:
        text = place_text(found.programme, talent, offer_to(found.programme, talent, on=today), language=language)
        context["title"], _, context["body"] = text.partition("\n")
        context["shown"] = sha256_hex(text.encode())
    return render(request, PAGE, context, status=status)
