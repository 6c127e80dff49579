"""Teams: who is asked in and by which address, who may change whom, and that a party never loses its last owner."""

import pytest
from django.urls import reverse

from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.notifications.models import Mail
from apps.organizations.models import Membership, Organization
from apps.organizations.services import change_role, invite, leave, remove
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import Person, make_member, make_organization
from tests.factories.racing import at_once

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def brand() -> Organization:
    return make_organization("brand", "halden-rye")


@pytest.fixture
def owner(brand: Organization) -> Person:
    return make_member(brand, "owner", "jonas")


def place(person: Person) -> Membership:
    return Membership.objects.select_related("organization", "user").get(user=person.user)


class TestRoles:
    def test_an_owner_gives_a_role_and_the_colleague_is_told(self, brand: Organization, owner: Person) -> None:
        vera = make_member(brand, "viewer", "vera")
        change_role(by=owner.actor, member=place(vera), role="producer")
        assert place(vera).role == "producer"
        assert Mail.objects.get().address == "vera@tests.example"

    @pytest.mark.parametrize(
        ("kind", "roles"), [("brand", ["producer", "finance", "viewer"]), ("agency", ["booker", "accountant"])]
    )
    def test_nobody_but_an_owner_changes_a_team(self, kind: str, roles: list[str]) -> None:
        party = make_organization(kind, "party")
        boss = make_member(party, "owner", "boss")
        for role in roles:
            by = make_member(party, role, role).actor
            with pytest.raises(NotAllowed):
                change_role(by=by, member=place(boss), role=role)
            with pytest.raises(NotAllowed):
                remove(by=by, member=place(boss))
            with pytest.raises(NotAllowed):
                invite(by=by, organization=party, email="new@tests.example", role=role)

    def test_an_owner_of_another_party_changes_nothing_here(self, brand: Organization, owner: Person) -> None:
        rival = make_member(make_organization("brand", "maison-orsay"), "owner", "ines")
        for act in (
            lambda: change_role(by=rival.actor, member=place(owner), role="viewer"),
            lambda: remove(by=rival.actor, member=place(owner)),
            lambda: leave(by=rival.actor, member=place(owner)),
            lambda: invite(by=rival.actor, organization=brand, email="new@tests.example", role="viewer"),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_a_role_of_the_other_kind_of_party_is_none(self, brand: Organization, owner: Person) -> None:
        with pytest.raises(InvalidInput) as caught:
            change_role(by=owner.actor, member=place(make_member(brand, "viewer", "vera")), role="booker")
        assert caught.value.field == "role"

    def test_the_last_owner_neither_leaves_nor_becomes_less(self, brand: Organization, owner: Person) -> None:
        make_member(brand, "producer", "vera")
        for act in (
            lambda: change_role(by=owner.actor, member=place(owner), role="viewer"),
            lambda: remove(by=owner.actor, member=place(owner)),
            lambda: leave(by=owner.actor, member=place(owner)),
        ):
            with pytest.raises(Refused, match="Somebody has to own"):
                act()
        change_role(by=owner.actor, member=place_of(brand, "vera"), role="owner")
        leave(by=owner.actor, member=place(owner))
        assert [row.user.email for row in brand.memberships.all()] == ["vera@tests.example"]

    def test_a_right_taken_away_in_mid_session_is_gone_at_once(self, brand: Organization, owner: Person) -> None:
        vera = make_member(brand, "producer", "vera")
        browser = signed_in(vera)
        assert browser.get(reverse("brand_home")).status_code == 200
        signed_in(owner).post(reverse("team_remove", args=[place(vera).pk]))
        assert browser.get(reverse("brand_home")).status_code == 403
        assert browser.get(reverse("landing")).headers["Location"] == reverse("begin")

    def test_an_owner_who_is_none_any_more_changes_nothing_with_an_old_page(
        self, brand: Organization, owner: Person
    ) -> None:
        second = make_member(brand, "owner", "vera")
        change_role(by=owner.actor, member=place(second), role="viewer")
        with pytest.raises(NotAllowed, match="no owner any more"):
            remove(by=second.actor, member=place(owner))


def place_of(party: Organization, slug: str) -> Membership:
    return Membership.objects.select_related("organization", "user").get(
        organization=party, user__email=f"{slug}@tests.example"
    )


class TestThePage:
    def test_an_owner_invites_from_the_page_and_sees_who_is_asked(self, brand: Organization, owner: Person) -> None:
        client = signed_in(owner)
        assert client.post(reverse("team"), {"email": "v@tests.example", "role": "viewer"}).status_code == 302
        assert "v@tests.example" in client.get(reverse("team")).content.decode()
        again = client.post(reverse("team"), {"email": "v@tests.example", "role": "viewer"})
        assert again.status_code == 422 and "invited already" in again.content.decode()

    def test_the_last_owner_reads_why_not(self, owner: Person) -> None:
        client = signed_in(owner)
        answer = client.post(reverse("team_role", args=[place(owner).pk]), {"role": "viewer"})
        assert answer.status_code == 422 and "Somebody has to own" in answer.content.decode()
        assert client.post(reverse("team_leave")).status_code == 422

    def test_a_viewer_sees_the_team_and_changes_nothing(self, brand: Organization, owner: Person) -> None:
        vera = make_member(brand, "viewer", "vera")
        client = signed_in(vera)
        page = client.get(reverse("team")).content.decode()
        assert "jonas@tests.example" in page and "Invite somebody" not in page
        assert client.post(reverse("team"), {"email": "v@tests.example", "role": "owner"}).status_code == 403
        assert client.post(reverse("team_role", args=[place(vera).pk]), {"role": "owner"}).status_code == 403
        assert client.post(reverse("team_remove", args=[place(owner).pk])).status_code == 403
        assert client.post(reverse("team_leave")).headers["Location"] == reverse("landing")
        assert not Membership.objects.filter(user=vera.user).exists()

    def test_the_page_asks_the_database_as_often_for_thirty_as_for_three(
        self, brand: Organization, owner: Person
    ) -> None:
        def add(number: int) -> None:
            make_member(brand, "viewer", f"colleague-{number}")
            invite(by=owner.actor, organization=brand, email=f"asked-{number}@tests.example", role="viewer")

        few, many = with_few_and_many(signed_in(owner), reverse("team"), add)
        assert few == many


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
class TestAtTheSameMoment:
    def test_two_owners_who_demote_each_other_leave_one(self) -> None:
        for number in range(5):
            party = make_organization("brand", f"party-{number}")
            one, two = make_member(party, "owner", f"one-{number}"), make_member(party, "owner", f"two-{number}")
            places = place(one), place(two)
            outcome = at_once(
                lambda one=one, places=places: change_role(by=one.actor, member=places[1], role="viewer"),
                lambda two=two, places=places: change_role(by=two.actor, member=places[0], role="viewer"),
            )
            assert outcome == ["NotAllowed", "done"]
            assert party.memberships.filter(role="owner").count() == 1

    def test_two_owners_who_leave_leave_one(self) -> None:
        party = make_organization("agency", "party")
        people = [make_member(party, "owner", slug) for slug in ("one", "two", "three")]
        outcome = at_once(*[lambda who=who: leave(by=who.actor, member=place(who)) for who in people])
        assert outcome == ["Refused", "done", "done"]
