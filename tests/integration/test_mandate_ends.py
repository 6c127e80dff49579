"""The end of a mandate: one local agency per territory, notices before the day, ending early, moving on."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.bookings.policies import NoMandate, plan_approvals
from apps.common.errors import NotAllowed, Refused, StaleState
from apps.notifications.models import Notice
from apps.talent.ending import end_by_agency, end_by_model, remind
from apps.talent.models import Mandate
from tests.factories import bookings as make
from tests.factories.mandates import propose_as, sign_as, sign_twins_as
from tests.factories.people import Person, make_member, make_organization, make_talent, make_world

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


def two_agencies() -> tuple[Person, Person]:
    return tuple(make_member(make_organization("agency", name), "owner", f"{name}-owner") for name in ("elan", "nord"))


def offer(owner: Person, talent, **fields):
    return propose_as(owner, owner.user.memberships.get().organization, talent, **fields)


class TestOneLocalAgencyPerTerritory:
    @pytest.mark.parametrize(
        ("one", "other", "meet"),
        [
            (["FR", "BE"], ["BE", "DE"], True),
            (["WORLD"], ["JP"], True),
            (["JP"], ["WORLD"], True),
            (["WORLD"], ["WORLD"], True),
            (["FR", "BE"], ["DE", "AT"], False),
        ],
    )
    def test_at_a_time(self, one, other, meet) -> None:
        """Worldwide contains every country."""
        talent, maya = make_talent("maya-okafor")
        first, second = two_agencies()
        sign_as(maya, offer(first, talent, territories=one))
        proposal = offer(second, talent, territories=other)
        if meet:
            with pytest.raises(Refused) as caught:
                sign_as(maya, proposal)
            assert caught.value.code == "territory_taken"
        else:
            sign_as(maya, proposal)
        assert Mandate.objects.count() == (1 if meet else 2)

    def test_the_database_refuses_whoever_asks(self) -> None:
        talent, maya = make_talent("maya-okafor")
        first, second = two_agencies()
        held = sign_as(maya, offer(first, talent))
        for days in (0, 700):
            day = TODAY + timedelta(days=days)
            with pytest.raises(IntegrityError), transaction.atomic():
                Mandate.objects.create(
                    talent=talent, agency=second.user.memberships.get().organization, territories=["FR"],
                    starts_on=day, ends_on=day + timedelta(days=100),
                )  # fmt: skip
        assert held.last_day == TODAY + timedelta(days=700)

    def test_one_after_the_other_is_fine_and_so_is_a_mother_agency(self) -> None:
        talent, maya = make_talent("maya-okafor")
        first, second = two_agencies()
        sign_as(maya, offer(first, talent, ends_on=TODAY + timedelta(days=9)))
        later = TODAY + timedelta(days=10)
        sign_as(maya, offer(second, talent, starts_on=later, ends_on=later + timedelta(days=9)))
        sign_as(maya, offer(second, talent, kind="mother"))
        assert Mandate.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_signatures_at_once_one_wins() -> None:
    talent, maya = make_talent("maya-okafor")
    proposals = [offer(owner, talent, territories=["WORLD"]) for owner in two_agencies()]
    together, won, lost = threading.Barrier(2), [], []

    def answer(proposal) -> None:
        try:
            together.wait()
            won.append(sign_as(maya, proposal))
        except Refused as error:
            lost.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[proposal]) for proposal in proposals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), lost) == (1, ["territory_taken"])
    assert Mandate.objects.get().agency == won[0].agency


class TestEndingEarly:
    def test_she_ends_it_at_once_without_a_reason(self) -> None:
        talent, maya = make_talent("maya-okafor")
        owner = two_agencies()[0]
        mandate = end_by_model(by=maya.actor, mandate=sign_as(maya, offer(owner, talent)))
        assert not mandate.runs_on(TODAY)
        assert not Mandate.objects.running_on(TODAY).exists()
        assert "mandate.ended" in Notice.objects.for_party(owner.actor.party).values_list("kind", flat=True)
        with pytest.raises(StaleState):
            end_by_model(by=maya.actor, mandate=mandate)

    def test_the_agency_gives_thirty_days_and_she_need_not_wait_for_them(self) -> None:
        talent, maya = make_talent("maya-okafor")
        owner = two_agencies()[0]
        mandate = end_by_agency(by=owner.actor, mandate=sign_as(maya, offer(owner, talent)))
        assert (mandate.runs_on(TODAY + timedelta(days=29)), mandate.runs_on(TODAY + timedelta(days=30))) == (
            True,
            False,
        )
        with pytest.raises(StaleState):
            end_by_agency(by=owner.actor, mandate=mandate)
        assert not end_by_model(by=maya.actor, mandate=mandate).runs_on(TODAY)

    def test_each_side_ends_its_own_only_and_with_a_fresh_proof(self) -> None:
        talent, maya = make_talent("maya-okafor")
        owner, other = two_agencies()
        mandate = sign_as(maya, offer(owner, talent))
        for act, person in ((end_by_model, owner), (end_by_agency, maya), (end_by_agency, other)):
            with pytest.raises(NotAllowed):
                act(by=person.actor, mandate=mandate)
        stale = make_member(owner.user.memberships.get().organization, "accountant", "anne")
        with pytest.raises(NotAllowed):
            end_by_agency(by=stale.actor, mandate=mandate)
        assert Mandate.objects.get().ended_on is None


class TestReminders:
    def test_come_once_at_sixty_thirty_and_seven_days_and_nothing_renews_itself(self) -> None:
        """New York Fashion Workers Act: no silent renewal."""
        talent, maya = make_talent("maya-okafor")
        owner = two_agencies()[0]
        mandate = sign_as(maya, offer(owner, talent, ends_on=TODAY + timedelta(days=100)))
        told = [(left, remind(today=mandate.ends_on - timedelta(days=left))) for left in (61, 60, 59, 28, 28, 7, 1, 0)]
        assert told == [(61, 0), (60, 1), (59, 0), (28, 1), (28, 0), (7, 1), (1, 0), (0, 0)]
        for party, kind in ((talent.party, "mandate.ends"), (owner.actor.party, "mandate.ends_for_agency")):
            assert Notice.objects.for_party(party).filter(kind=kind).count() == 3
        assert not Mandate.objects.running_on(mandate.ends_on + timedelta(days=1)).exists()


class TestMovingToAnotherAgency:
    def test_what_was_agreed_stays_with_the_agency_at_signing_and_the_next_goes_to_the_new_one(self) -> None:
        world = make_world()
        old = make.agreed(world)
        end_by_model(by=world.maya.actor, mandate=Mandate.objects.get(talent=world.talent, kind="local"))
        proposal = propose_as(world.other_booker, world.other_booker.user.memberships.get().organization,
                              world.talent, territories=["WORLD"], covers_twins=True)  # fmt: skip
        sign_as(world.maya, proposal)
        where = {"territories": ["DE"], "brand_country": "DE", "day": TODAY}
        with pytest.raises(NoMandate):
            plan_approvals(talent=world.talent, **where)
        sign_twins_as(world.maya, proposal)
        plan = plan_approvals(talent=world.talent, **where)
        assert plan.agency == proposal.agency
        old.refresh_from_db()
        assert old.agency == world.agency
        assert world.agency.party in {share["party"] for share in old.current_terms.split}
        assert proposal.agency.party not in {share["party"] for share in old.current_terms.split}
