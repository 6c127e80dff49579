"""As whom somebody acts: chosen from her own parties only, and gone with the right."""

from datetime import timedelta

import pytest
from allauth.account.internal.userkit import user_id_to_str
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.organizations.models import Membership
from apps.portal.acting import SESSION_KEY, parties_of
from apps.portal.middleware import ActingMiddleware
from tests.factories import portal_people as people

pytestmark = pytest.mark.django_db


def actor_of(user: User | AnonymousUser, **session: object) -> Actor | None:
    """The actor that the middleware sets for one request of this person."""
    seen: list[Actor | None] = []

    def view(request: object) -> HttpResponse:
        seen.append(request.actor)  # type: ignore[attr-defined]
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    request.session = SessionStore()
    request.session.update(session)
    ActingMiddleware(view)(request)  # type: ignore[arg-type]
    return seen[0]


def test_a_stranger_acts_for_nobody() -> None:
    assert actor_of(AnonymousUser()) is None
    assert actor_of(people.person("Somebody New")) is None


def test_a_model_acts_for_herself_and_alone_may_answer_as_a_model() -> None:
    noor = people.talent("Noor Achebe")
    actor = actor_of(noor.user)
    assert actor and actor.party == noor.party and actor.kind == "talent" and actor.can("answer_as_talent")


def test_an_owner_of_two_organisations_acts_for_the_chosen_one() -> None:
    orsay, halden = people.brand("Maison Orsay"), people.brand("Halden & Rye")
    ines = people.member(orsay, "Ines Martel")
    Membership.objects.create(user=ines, organization=halden, role="viewer")
    actor = actor_of(ines, **{SESSION_KEY: orsay.party})
    assert actor and actor.party == orsay.party and actor.can("pay")
    other = actor_of(ines, **{SESSION_KEY: halden.party})
    assert other and other.party == halden.party and not other.can("pay")


def test_a_right_taken_in_mid_session_is_gone_with_the_next_request() -> None:
    orsay = people.brand("Maison Orsay")
    ines = people.member(orsay, "Ines Martel")
    Membership.objects.filter(user=ines).update(role="viewer")
    weaker = actor_of(ines, **{SESSION_KEY: orsay.party})
    assert weaker and not weaker.can("compose")
    Membership.objects.filter(user=ines).delete()
    assert actor_of(ines, **{SESSION_KEY: orsay.party}) is None


def test_staff_have_no_right_of_a_model() -> None:
    actor = actor_of(people.person("Stella Staff", staff=True))
    assert actor and actor.kind == "staff" and actor.permissions == frozenset()


def test_nobody_can_choose_a_party_that_is_not_hers(client: Client) -> None:
    orsay, halden = people.brand("Maison Orsay"), people.brand("Halden & Rye")
    client.force_login(people.member(orsay, "Ines Martel"))
    client.post(reverse("acting"), {"party": halden.party})
    assert SESSION_KEY not in client.session
    client.post(reverse("acting"), {"party": orsay.party})
    assert client.session[SESSION_KEY] == orsay.party


def test_a_fresh_sign_in_is_the_step_up(client: Client) -> None:
    noor = people.talent("Noor Achebe")
    at = (timezone.now() - timedelta(minutes=3)).timestamp()
    records = [{"method": "password", "at": at}]
    actor = actor_of(
        noor.user, account_authentication_methods=records, account_authentication_methods_user=user_id_to_str(noor.user)
    )
    assert actor and actor.stepped_up_at and actor.stepped_up_at.timestamp() == at and actor.method == "password"
    none = actor_of(noor.user)
    assert none and none.stepped_up_at is None


def test_the_session_key_itself_is_no_evidence() -> None:
    noor = people.talent("Noor Achebe")
    actor = actor_of(noor.user)
    assert actor and len(actor.session) == 16


class TestThreeHats:
    """One person who is a model, owns an agency and looks over a brand's shoulder."""

    @pytest.fixture
    def noor(self) -> User:
        noor = people.talent("Noor Achebe").user
        Membership.objects.create(user=noor, organization=people.agency("Élan Models"), role="owner")
        Membership.objects.create(user=noor, organization=people.brand("Maison Orsay"), role="viewer")
        return noor

    def test_each_hat_has_its_own_rights_and_its_own_pages(self, noor: User) -> None:
        client = Client()
        client.force_login(noor)
        pages = {"Noor Achebe": "model_home", "Élan Models": "agency_desk", "Maison Orsay": "brand_home"}
        for party in parties_of(noor):
            client.post(reverse("acting"), {"party": party.party})
            answer = client.get(reverse("landing"), follow=True)
            assert answer.redirect_chain[-1][0] == reverse(pages[party.name])
            assert f'aria-label="Account: {party.name}"' in answer.content.decode(), "it says as whom"
            for other in set(pages.values()) - {pages[party.name]}:
                assert client.get(reverse(other)).status_code == 403

    def test_no_hat_lends_its_rights_to_another(self, noor: User) -> None:
        rights = {party.kind: party.permissions for party in parties_of(noor)}
        assert "answer_as_talent" in rights["talent"]
        assert "manage_team" in rights["agency"] and "answer_as_talent" not in rights["agency"]
        assert rights["brand"] == {"view"}

    def test_a_team_joined_a_minute_ago_is_in_the_switcher(self, noor: User) -> None:
        client = Client()
        client.force_login(noor)
        client.get(reverse("landing"), follow=True)
        Membership.objects.create(user=noor, organization=people.brand("Halden & Rye"), role="finance")
        page = client.get(reverse("account")).content.decode()
        assert page.count("Halden &amp; Rye") >= 2 and "Finance" in page
