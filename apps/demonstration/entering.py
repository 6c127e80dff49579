"""Signing a visitor in as one of the programme's people. Only views of the demonstration may call it."""

from allauth.account.internal.flows.login import record_authentication
from allauth.usersessions.models import UserSession
from django.contrib.auth import login
from django.http import HttpRequest

from apps.accounts.models import User
from apps.demonstration.newcomers import NEWCOMERS
from apps.demonstration.programme import AGENCIES, BRANDS, PEOPLE, address


def enter_as(request: HttpRequest, account: str) -> None:
    """Sign in as this account, freshly proven. Raises User.DoesNotExist for an account that is not loaded."""
    user = User.objects.get(email=address(account), is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, user, method="demonstration")
    UserSession.objects.create_from_request(request)  # listed and signed out like any other


def is_in(request: HttpRequest, account: str) -> bool:
    """Whether the visitor is this person already."""
    return getattr(request.user, "email", "") == address(account)


def name_of(account: str) -> str:
    """The person behind an account of the programme: a model, or who works for the agency or the brand."""
    names = {person.slug: person.name for person in PEOPLE}
    names |= {agency.slug: agency.booker for agency in AGENCIES} | {brand.slug: brand.producer for brand in BRANDS}
    names |= {newcomer.account: newcomer.owner for newcomer in NEWCOMERS}
    return names[account]
