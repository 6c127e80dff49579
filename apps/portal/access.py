"""Guards of views: signed in, acting for the right kind of party, with the right permission.

A page of another kind of actor answers 403 to somebody who acts as the wrong one: she is an insider without the right.
Objects are scoped by queries and answer 404.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from apps.accounts.actor import Actor

View = Callable[..., HttpResponse]


def acting_as(*kinds: str, permission: str = "") -> Callable[[View], View]:
    """Sign-in first for strangers; 403 for a person who acts for nobody, as another kind, or without the right.

    Staff have no permissions of a party; a page open to their kind is open to read.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = actor_of(request)
            lacks = permission and actor.kind != "staff" and not actor.can(permission)
            if actor.kind not in kinds or lacks:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind `acting_as`. Raises PermissionDenied where the guard was forgotten."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise PermissionDenied
    return actor
