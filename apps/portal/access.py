"""Who may open the portal's pages, beyond the kind of party; and the actor behind the guards."""

from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from apps.accounts.access import View, acting_as
from apps.accounts.actor import Actor
from apps.organizations.permissions import Permission


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind `acting_as`. Raises PermissionDenied where the guard was forgotten."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise PermissionDenied
    return actor


def sees_money(view: View) -> View:
    """Statements: for a model, for people of an agency with the right, and for staff, who read the platform's own."""

    @acting_as("talent", "agency", "staff")
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        actor = actor_of(request)
        if actor.kind != "staff" and not actor.can(Permission.SEE_MONEY):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
