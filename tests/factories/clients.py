"""A browser of one of the people of the tests."""

import time

from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from tests.factories.people import Person


def signed_in(person: Person, *, fresh: bool = True) -> Client:
    """Signed in as this person; `fresh` says whether she has just proved who she is (a step-up)."""
    client = Client()
    client.force_login(person.user)
    session = client.session
    age = 0 if fresh else 3_600
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - age}]
    session["account_authentication_methods_user"] = user_id_to_str(person.user)
    session.save()
    return client
