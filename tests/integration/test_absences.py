"""Out of office: who may be away, who stands in, whose desk, whose mails, and what the audit chain says of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.bookings.models import Approval
from apps.bookings.services import answers
from apps.bookings.services.desks import deputy_of, give_to, people_for, usual_booker
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.conversations import services as conversations
from apps.notifications.models import Mail
from apps.organizations.models import Absence, Membership
from apps.organizations.services import announce_absence, change_role, end_absence
from tests.factories.bookings import fresh, submitted
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.people import Person, World, make_member, make_world
from tests.factories.trying import everybody

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def marc(world: World) -> Person:
    return make_member(world.agency, "booker", "marc")


def today(days: int = 0):
    return timezone.now().date() + timedelta(days=days)


def away(world: World, who: Person, deputy: Person, first: int = 0, last: int = 5) -> Absence:
    return announce_absence(
        by=who.actor, organization=world.agency, deputy=deputy.user, starts_on=today(first), ends_on=today(last)
    )


def kept_by(world: World, who: Person):
    booking = submitted(world)
    return fresh(give_to(by=who.actor, booking=booking, booker=who.user))


BOOKERS = {"the agency's owner", "the agency's booker"}


def those_who_may(act, actors: dict[str, Actor]) -> set[str]:
    may = set()
    for who, actor in actors.items():
        try:
            act(actor)
        except NotAllowed:
            continue
        may.add(who)
    return may


class TestWhoMay:
    def test_only_bookers_of_the_agency_are_away_from_it(self, world, marc):
        """Nothing is ever delegated for a model; brands and staff have nobody to stand in for."""

        def act(by: Actor) -> None:
            announce_absence(by=by, organization=world.agency, deputy=marc.user, starts_on=today(), ends_on=today(1))

        assert those_who_may(act, everybody(world)) == BOOKERS

    def test_only_she_herself_comes_back(self, world, marc):
        absence = away(world, marc, world.booker)
        actors = everybody(world) | {"marc": marc.actor}
        assert those_who_may(lambda by: end_absence(by=by, absence=absence), actors) == {"marc"}
        with pytest.raises(StaleState):
            end_absence(by=marc.actor, absence=absence)

    def test_only_bookers_of_the_agency_say_whose_request_it_is(self, world, marc):
        booking = submitted(world)
        act = lambda by: give_to(by=by, booking=booking, booker=marc.user)  # noqa: E731
        assert those_who_may(act, everybody(world)) == BOOKERS

    @pytest.mark.parametrize(
        "who", ["maya", "producer", "other_booker", "mother_booker", "accountant", "herself", "nobody"]
    )
    def test_nobody_stands_in_but_a_colleague_with_the_same_right(self, world, who):
        people = {
            "accountant": lambda: make_member(world.agency, "accountant", "anne").user,
            "herself": lambda: world.booker.user,
            "nobody": lambda: None,
        }
        deputy = people.get(who, lambda: getattr(world, who).user)()
        with pytest.raises(InvalidInput) as caught:
            announce_absence(
                by=world.booker.actor, organization=world.agency, deputy=deputy, starts_on=today(), ends_on=today(1)
            )
        assert caught.value.field == "deputy"

    @pytest.mark.parametrize(("first", "last", "field"), [(-1, 3, "starts_on"), (3, 2, "ends_on"), (0, 200, "ends_on")])
    def test_days_that_cannot_be_say_so_beside_their_field(self, world, marc, first, last, field):
        with pytest.raises(InvalidInput) as caught:
            away(world, marc, world.booker, first, last)
        assert caught.value.field == field

    def test_two_who_are_away_together_do_not_stand_in_for_each_other(self, world, marc):
        away(world, marc, world.booker, 0, 5)
        for who, deputy in ((world.booker, marc), (marc, world.booker)):
            with pytest.raises(InvalidInput):
                away(world, who, deputy, 5, 9)
        away(world, world.booker, marc, 6, 9)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("booker", 200), ("mother_booker", 200), ("maya", 403), ("producer", 403)],
    )
    def test_the_page_is_for_bookers(self, world, who, status):
        assert signed_in(getattr(world, who)).get(reverse("team_away")).status_code == status

    def test_the_accountant_is_refused_and_another_agency_finds_none(self, world, marc):
        absence = away(world, marc, world.booker)
        accountant = signed_in(make_member(world.agency, "accountant", "anne"))
        assert accountant.get(reverse("team_away")).status_code == 403
        assert signed_in(world.other_booker).post(reverse("team_away_end", args=[absence.pk])).status_code == 404
        assert signed_in(world.booker).post(reverse("team_away_end", args=[absence.pk])).status_code == 403


class TestStandingIn:
    def test_her_requests_stand_on_the_colleagues_desk_only_while_she_is_away(self, world, marc):
        booking = kept_by(world, marc)
        claire, view = signed_in(world.booker), f"for-{marc.user.pk}"
        assert view.encode() not in claire.get(reverse("agency_desk")).content
        absence = away(world, marc, world.booker)
        html = claire.get(reverse("agency_desk"), {"view": view}).content.decode()
        assert "For Marc" in html and booking.code in html
        other = signed_in(make_member(world.agency, "owner", "colette"))
        assert b"For Marc" not in other.get(reverse("agency_desk")).content
        end_absence(by=marc.actor, absence=absence)
        assert b"For Marc" not in claire.get(reverse("agency_desk")).content

    @pytest.mark.parametrize(("first", "last", "stands_in"), [(0, 0, True), (1, 3, False)])
    def test_both_days_are_included(self, world, marc, first, last, stands_in):
        booking = kept_by(world, marc)
        away(world, marc, world.booker, first, last)
        assert (deputy_of(booking) == world.booker.user) is stands_in

    def test_mails_go_to_both_while_away_and_to_her_alone_before(self, world, marc):
        booking = kept_by(world, marc)
        make_member(world.agency, "owner", "colette")
        assert people_for(world.agency.party, booking) == [marc.user]
        away(world, marc, world.booker)
        assert people_for(world.agency.party, booking) == [marc.user, world.booker.user]

    def test_a_new_request_for_her_model_is_mailed_to_both(self, world, marc):
        kept_by(world, marc)
        away(world, marc, world.booker)
        make_member(world.agency, "owner", "colette")
        Mail.objects.all().delete()
        booking = submitted(world)
        assert booking.booker == marc.user, "hers again, as the last one was"
        sent = Mail.objects.filter(notice__to=world.agency.party, notice__kind="booking.submitted")
        assert {row.address for row in sent} == {marc.user.email, world.booker.user.email}

    def test_a_request_that_is_everybodys_is_mailed_to_everybody(self, world, marc):
        booking = submitted(world)
        assert set(people_for(world.agency.party, booking)) == {world.booker.user, marc.user}

    @pytest.mark.parametrize("loses", ["she", "the deputy"])
    def test_a_right_that_is_lost_ends_it_by_itself(self, world, marc, loses):
        owner = make_member(world.agency, "owner", "colette")
        booking = kept_by(world, marc)
        away(world, marc, world.booker)
        gone = marc if loses == "she" else world.booker
        member = Membership.objects.select_related("organization", "user").get(user=gone.user)
        change_role(by=owner.actor, member=member, role="accountant")
        assert deputy_of(fresh(booking)) is None
        if loses == "she":
            assert usual_booker(fresh(booking)) is None
            assert owner.user in people_for(world.agency.party, fresh(booking)), "everybody's again"

    def test_the_audit_chain_says_who_acted_for_whom(self, world, marc):
        booking = kept_by(world, marc)
        away(world, marc, world.booker)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        conversations.write(by=world.booker.actor, booking=booking, between="agency-model", text="I stand in.")
        for kind in ("booking.answer_sealed", "message.written"):
            said = Event.objects.get(kind=kind).body
            assert said["by"] == world.booker.actor.label
            assert said["data"]["for"] == f"user:{marc.user.pk}"
        assert Approval.objects.get().answered_by == world.booker.user.pk

    def test_without_an_absence_nobody_acted_for_anybody(self, world, marc):
        booking = kept_by(world, marc)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        assert not [
            event for event in Event.objects.filter(kind="booking.answer_sealed") if "for" in event.body["data"]
        ]

    def test_the_announcement_tells_the_colleague_and_the_chain(self, world, marc):
        absence = away(world, marc, world.booker)
        assert Mail.objects.get(notice__kind="team.stand_in").address == world.booker.user.email
        end_absence(by=marc.actor, absence=absence)
        assert Event.objects.filter(kind__in=["team.away", "team.back"]).count() == 2


class TestThePages:
    def test_she_says_it_on_the_page_and_takes_it_back(self, world, marc):
        client = signed_in(marc)
        typed = {"starts_on": str(today()), "ends_on": str(today(3)), "deputy": str(world.booker.user.pk)}
        html = client.post(reverse("team_away"), typed, follow=True).content.decode()
        assert "Claire stands in" in html and "I am back" in html
        client.post(reverse("team_away_end", args=[Absence.objects.get().pk]))
        assert Absence.objects.get().ended_at

    def test_what_is_wrong_comes_back_with_what_was_typed(self, world, marc):
        typed = {"starts_on": str(today(4)), "ends_on": str(today(2)), "deputy": str(world.booker.user.pk)}
        answer = signed_in(marc).post(reverse("team_away"), typed)
        html = answer.content.decode()
        assert answer.status_code == 422 and "comes before the first" in html
        assert str(today(4)) in html and f'value="{world.booker.user.pk}" selected' in html

    def test_a_booker_takes_a_request_hands_it_over_and_lets_it_go(self, world, marc):
        booking = submitted(world)
        client, page = signed_in(world.booker), reverse("request_booker", args=[booking.pk])
        for chosen in (world.booker.user, marc.user, None):
            client.post(page, {"booker": str(chosen.pk) if chosen else ""})
            assert fresh(booking).booker == chosen
        assert client.post(page, {"booker": str(world.maya.user.pk)}).status_code == 422
        assert client.post(page, {"booker": "nonsense"}).status_code == 422
        assert signed_in(world.mother_booker).post(page, {"booker": ""}).status_code == 403
        assert signed_in(world.other_booker).post(page, {"booker": ""}).status_code == 404

    def test_the_questions_to_the_database_do_not_grow_with_her_requests(self, world, marc):
        kept_by(world, marc)
        away(world, marc, world.booker)
        claire, page = signed_in(world.booker), reverse("agency_desk") + f"?view=for-{marc.user.pk}"
        few = queries_of(claire, page)
        for _ in range(4):
            kept_by(world, marc)
        assert queries_of(claire, page) == few
