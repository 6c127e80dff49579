"""Asking somebody into a team by mail: the link tells, a press by the invited address joins, once."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.organizations.mailing import send
from apps.organizations.models import Membership, Organization
from apps.organizations.services import accept, invite
from tests.factories.clients import signed_in
from tests.factories.joining import mailed_secret, newcomer, verified
from tests.factories.people import Person, make_member, make_organization, make_user
from tests.factories.racing import at_once

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def brand() -> Organization:
    return make_organization("brand", "halden-rye")


@pytest.fixture
def owner(brand: Organization) -> Person:
    return make_member(brand, "owner", "jonas")


class TestInviting:
    def test_the_invited_address_joins_in_the_role_it_was_asked_for(
        self, brand: Organization, owner: Person, mailoutbox: list
    ) -> None:
        asked = invite(by=owner.actor, organization=brand, email=" Vera@Tests.Example ", role="finance")
        secret = mailed_secret(asked, mailoutbox)
        asked.refresh_from_db()
        assert (asked.email, asked.state) == ("vera@tests.example", "sent")
        assert asked.secret_sha256 and secret not in asked.secret_sha256
        member = accept(by=newcomer("vera"), secret=secret)
        assert (member.organization, member.role) == (brand, "finance")

    def test_the_mail_says_who_asks_and_as_what_in_html_and_text(
        self, brand: Organization, owner: Person, mailoutbox: list
    ) -> None:
        mailed_secret(invite(by=owner.actor, organization=brand, email="v@tests.example", role="finance"), mailoutbox)
        mail = mailoutbox[0]
        assert mail.to == ["v@tests.example"] and "Halden Rye asks you to join" in mail.subject
        assert "as finance: pays and reads the figures" in mail.body
        assert "/joining/" in mail.alternatives[0][0] and mail.alternatives[0][1] == "text/html"

    def test_a_mail_is_sent_once_however_often_its_task_runs(
        self, brand: Organization, owner: Person, mailoutbox: list
    ) -> None:
        asked = invite(by=owner.actor, organization=brand, email="v@tests.example", role="viewer")
        assert [send(asked.pk), send(asked.pk)] == [True, False]
        assert len(mailoutbox) == 1

    @pytest.mark.parametrize("email", ["", "nobody", "a@", "jonas@tests.example", "second@jonas.example"])
    def test_an_address_that_cannot_be_asked_is_refused_with_its_field(
        self, brand: Organization, owner: Person, email: str
    ) -> None:
        verified(owner.user, "second@jonas.example")
        with pytest.raises(InvalidInput) as caught:
            invite(by=owner.actor, organization=brand, email=email, role="viewer")
        assert caught.value.field == "email"

    def test_an_address_is_asked_once_at_a_time(self, brand: Organization, owner: Person) -> None:
        invite(by=owner.actor, organization=brand, email="v@tests.example", role="viewer")
        with pytest.raises(InvalidInput, match="invited already"):
            invite(by=owner.actor, organization=brand, email="V@tests.example", role="finance")


class TestTheLink:
    @pytest.fixture
    def secret(self, brand: Organization, owner: Person, mailoutbox: list) -> str:
        asked = invite(by=owner.actor, organization=brand, email="vera@tests.example", role="producer")
        return mailed_secret(asked, mailoutbox)

    def test_opening_it_tells_and_decides_nothing(self, secret: str) -> None:
        page = Client().get(reverse("team_invitation", args=[secret]))
        text = page.content.decode()
        assert page.status_code == 200 and "Jonas" in text and "producer" in text
        assert "?next=" in text, "sign-in and sign-up come back here"
        assert "no-store" in page.headers["Cache-Control"]
        Client().post(reverse("team_invitation", args=[secret]))
        assert Membership.objects.count() == 1

    def test_the_invited_person_joins_by_a_press_and_acts_for_it_at_once(
        self, secret: str, brand: Organization
    ) -> None:
        client = Client()
        client.force_login(newcomer("vera"))
        address = reverse("team_invitation", args=[secret])
        assert client.get(address).status_code == 200 and Membership.objects.count() == 1
        assert client.post(address).headers["Location"] == reverse("landing")
        assert client.get(reverse("brand_home")).status_code == 200
        assert client.get(address).status_code == 404, "it works once"

    def test_somebody_else_who_is_signed_in_is_told_plainly(self, secret: str) -> None:
        client = Client()
        client.force_login(newcomer("otto"))
        address = reverse("team_invitation", args=[secret])
        assert "this invitation is for" in client.get(address).content.decode()
        assert client.post(address).status_code == 422
        assert Membership.objects.count() == 1

    def test_an_address_that_was_typed_and_not_proved_opens_nothing(self, secret: str) -> None:
        with pytest.raises(Refused, match="Sign in with that address"):
            accept(by=make_user("vera"), secret=secret)

    @pytest.mark.parametrize("spoil", ["withdrawn", "sent again", "expired", "another text"])
    def test_a_link_that_is_over_says_so_and_no_more(
        self, secret: str, brand: Organization, owner: Person, spoil: str
    ) -> None:
        asked = brand.invitations.get()
        browser = signed_in(owner)
        if spoil == "withdrawn":
            browser.post(reverse("team_invitation_withdraw", args=[asked.pk]))
        elif spoil == "sent again":
            browser.post(reverse("team_invitation_again", args=[asked.pk]))
        elif spoil == "expired":
            asked.expires_at = asked.created_at
            asked.save()
        else:
            secret = "something-else"
        answer = Client().get(reverse("team_invitation", args=[secret]))
        assert answer.status_code == 404 and "does not work" in answer.content.decode()
        with pytest.raises(StaleState):
            accept(by=newcomer("vera"), secret=secret)

    def test_sent_again_the_new_link_works(
        self, secret: str, brand: Organization, owner: Person, mailoutbox: list
    ) -> None:
        asked = brand.invitations.get()
        signed_in(owner).post(reverse("team_invitation_again", args=[asked.pk]))
        newer = mailed_secret(asked, mailoutbox)
        assert newer != secret
        assert accept(by=newcomer("vera"), secret=newer).role == "producer"


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
def test_an_invitation_is_accepted_once(mailoutbox: list) -> None:
    party = make_organization("brand", "party")
    boss = make_member(party, "owner", "boss")
    vera: User = newcomer("vera")
    asked = invite(by=boss.actor, organization=party, email=vera.email, role="viewer")
    secret = mailed_secret(asked, mailoutbox)
    outcome = at_once(*[lambda: accept(by=vera, secret=secret)] * 4)
    assert outcome == ["StaleState"] * 3 + ["done"]
    assert party.memberships.filter(user=vera).count() == 1
