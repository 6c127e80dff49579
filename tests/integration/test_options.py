"""Options: ranks per overlap of category × territory × window, the 24-hour challenge, and who reads whose name."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.audit.models import Event
from apps.bookings.services import compose
from apps.bookings.states import State as BookingState
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.demonstration.options import DRAFT, HOUSES, has_options, put_options
from apps.demonstration.people import actor_of, load_parties, load_talent, user_of
from apps.demonstration.programme import PEOPLE
from apps.notifications.models import Notice
from apps.options import ranks
from apps.options.models import Option
from apps.options.services import asking, challenging, deciding, ending
from apps.options.states import State
from apps.options.table import BY_ACTION, STEPS
from apps.options.tasks import sweep
from apps.talent.models import Boundaries, Mandate, OutsideCommitment
from tests.factories.bookings import agreed, draft, fresh, submitted
from tests.factories.people import Person, World, make_listed_twin, make_member, make_organization, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return make_world()


def asked(world: World, by: Person | None = None, **fields) -> Option:
    start = {"category": "fashion", "territories": ["DE"], "starts_on": timezone.now().date(), "window_months": 12}
    return asking.ask(by=(by or world.producer).actor, twin=world.twin, **start | fields)


def held(world: World, by: Person | None = None, **fields) -> Option:
    return deciding.grant(by=world.booker.actor, option=asked(world, by, **fields))


def rank_of(option: Option) -> int:
    return Option.objects.filter(pk=option.pk).ranked().get().rank


def told(party: str) -> list[str]:
    return list(Notice.objects.filter(to=party, kind__startswith="option.").values_list("kind", flat=True))


def another_brand(slug: str) -> Person:
    return make_member(make_organization("brand", slug), "owner", f"of-{slug}")


def passed(option: Option, **times) -> Option:
    """As it would stand after a while."""
    Option.objects.filter(pk=option.pk).update(**times)
    return Option.objects.get(pk=option.pk)


class TestRanks:
    def test_the_order_of_the_grants_is_the_order_of_the_ranks(self, world):
        mine, theirs = asked(world), asked(world, world.rival_producer)
        deciding.grant(by=world.booker.actor, option=theirs)
        deciding.grant(by=world.booker.actor, option=mine)
        assert (rank_of(theirs), rank_of(mine)) == (1, 2)

    @pytest.mark.parametrize(
        "apart",
        [
            {"category": "denim"},
            {"territories": ["FR"]},
            {"starts_on": date.today() + timedelta(days=400)},  # noqa: DTZ011
        ],
    )
    def test_another_category_country_or_window_is_another_queue(self, world, apart):
        held(world)
        assert rank_of(held(world, world.rival_producer, **apart)) == 1

    def test_one_country_in_common_is_enough_and_worldwide_meets_all(self, world):
        held(world, territories=["DE", "AT"])
        assert rank_of(held(world, world.rival_producer, territories=["AT", "CH"])) == 2
        assert rank_of(held(world, another_brand("third"), territories=["WORLD"])) == 3

    def test_at_most_five_ranks(self, world):
        for number in range(5):
            held(world, another_brand(f"brand-{number}"))
        with pytest.raises(Refused, match="5 options"):
            asked(world)

    def test_the_sixth_is_refused_when_it_was_asked_before_the_fifth_was_granted(self, world):
        waiting = asked(world)
        for number in range(5):
            held(world, another_brand(f"brand-{number}"))
        with pytest.raises(Refused, match="5 options"):
            deciding.grant(by=world.booker.actor, option=waiting)

    def test_the_query_counts_what_the_rule_says(self, world):
        chance = random.Random(11)
        now, today = timezone.now(), timezone.now().date()
        made = [
            Option(
                pk=uuid4(), brand=world.brand, twin=world.twin, category=chance.choice(["fashion", "denim"]),
                territories=chance.sample(["DE", "AT", "CH", "FR"], chance.randint(1, 3)),
                window=DateRange(first := today + timedelta(days=chance.randint(0, 200)),
                                 first + timedelta(days=chance.randint(1, 200))),
                window_months=3, state=chance.choice(State.values), granted_at=now + HOUR * chance.randint(0, 6),
                challenged_until=now, expires_at=now,
            )
            for _ in range(60)
        ]  # fmt: skip
        Option.objects.bulk_create(made)
        counted = dict(Option.objects.ranked().values_list("pk", "rank"))
        assert counted == {option.pk: ranks.rank(option, made) for option in made}
        assert max(counted.values()) > 5, "the example is too thin to show anything"

    def test_ranks_take_one_query(self, world, django_assert_num_queries):
        for number in range(4):
            held(world, another_brand(f"brand-{number}"))
        with django_assert_num_queries(1):
            assert [option.rank for option in Option.objects.ranked()] == [1, 2, 3, 4]


class TestAsking:
    def test_it_ends_by_itself_after_seven_days_and_is_renewed_once(self, world):
        option = held(world)
        assert option.expires_at - option.granted_at == timedelta(days=7)
        option = passed(option, expires_at=timezone.now() + HOUR)
        option = asking.renew(by=world.producer.actor, option=option)
        assert option.expires_at > timezone.now() + timedelta(days=6)
        with pytest.raises(Refused, match="once"):
            asking.renew(by=world.producer.actor, option=option)
        passed(option, expires_at=timezone.now())
        sweep()
        assert Option.objects.get().state == State.EXPIRED
        with pytest.raises(StaleState):
            asking.renew(by=world.producer.actor, option=option)

    def test_nobody_answered_in_time_is_the_end_of_it_as_well(self, world):
        option = passed(asked(world), expires_at=timezone.now())
        with pytest.raises(Refused, match="over"):
            deciding.grant(by=world.booker.actor, option=option)
        sweep()
        assert Option.objects.get().state == State.EXPIRED

    def test_one_option_of_a_brand_for_one_use(self, world):
        asked(world)
        with pytest.raises(Refused, match="already"):
            asked(world)
        assert asked(world, territories=["FR"]).state == State.ASKED

    def test_what_could_not_be_booked_gets_no_option_and_no_private_reason(self, world):
        OutsideCommitment.objects.create(
            talent=world.talent, entered_by=world.talent.party, category="fashion", territories=["DE"],
            window=DateRange(timezone.now().date(), timezone.now().date() + timedelta(days=30)), brand="Secret House",
        )  # fmt: skip
        with pytest.raises(Refused, match="An exclusivity stands") as caught:
            asked(world)
        assert "Secret" not in caught.value.message
        Boundaries.objects.get(talent=world.talent).barred_brands.add(world.brand)
        with pytest.raises(Refused, match="not available for your brand"):
            asked(world, territories=["FR"])

    @pytest.mark.parametrize(
        ("field", "value"),
        [("category", "arms"), ("territories", []), ("territories", ["XX"]), ("window_months", 5),
         ("starts_on", date(2020, 1, 1)), ("starts_on", date(2090, 1, 1))],
    )  # fmt: skip
    def test_bad_input_names_its_field(self, world, field, value):
        with pytest.raises(InvalidInput) as caught:
            asked(world, **{field: value})
        assert caught.value.field == field

    def test_a_brand_that_is_not_checked_puts_none(self, world):
        world.brand.checked_at = None
        world.brand.save()
        with pytest.raises(Refused, match="checked"):
            asked(world)

    def test_options_and_submissions_do_not_exclude_one_another(self, world):
        held(world)
        assert submitted(world, brand="rival_producer").state == BookingState.SUBMITTED
        assert agreed(world, brand="rival_producer").state == BookingState.AGREED

    def test_an_exclusivity_binds_options_from_the_agreement_on(self, world):
        submitted(world, exclusivity="category", brand="rival_producer")
        assert held(world).state == State.HELD
        agreed(world, exclusivity="category", brand="rival_producer")
        with pytest.raises(Refused, match="An exclusivity stands"):
            asked(world, another_brand("third"))


class TestDeciding:
    def test_a_refusal_says_nothing_of_why(self, world):
        refused = deciding.refuse(by=world.booker.actor, option=asked(world))
        assert refused.state == State.REFUSED
        notice = Notice.objects.get(to=world.brand.party, kind="option.refused")
        assert notice.values == {"model": world.talent.stage_name}

    def test_where_the_agency_set_it_an_option_is_granted_at_once(self, world):
        deciding.set_rule(by=world.booker.actor, talent=world.talent, at_once=True)
        assert (asked(world).state, told(world.agency.party)) == (State.HELD, [])
        deciding.set_rule(by=world.booker.actor, talent=world.talent, at_once=False)
        assert asked(world, world.rival_producer).state == State.ASKED

    def test_without_an_agency_the_model_decides(self, world):
        Mandate.objects.filter(talent=world.talent).delete()
        option = asked(world)
        assert (option.agency, told(world.talent.party)) == (None, ["option.asked"])
        with pytest.raises(NotAllowed):
            deciding.grant(by=world.booker.actor, option=option)
        assert deciding.grant(by=world.maya.actor, option=option).state == State.HELD
        deciding.set_rule(by=world.maya.actor, talent=world.talent, at_once=True)
        assert asked(world, world.rival_producer).state == State.HELD

    def test_represented_she_looks_and_her_agency_decides(self, world):
        option = asked(world)
        with pytest.raises(NotAllowed):
            deciding.refuse(by=world.maya.actor, option=option)
        assert Option.objects.visible_to(world.maya.actor).get() == option

    def test_every_step_leaves_an_audit_event(self, world):
        option = held(world)
        asking.withdraw(by=world.producer.actor, option=option)
        kinds = [event.kind for event in Event.objects.filter(record__contains=option.ref).order_by("seq")]
        assert kinds == ["option.asked", "option.grant", "option.withdraw"]


@dataclass
class Queue:
    first: Option
    second: Option
    challenger: Person


@pytest.fixture
def queue(world) -> Queue:
    return Queue(held(world), held(world, world.rival_producer), world.rival_producer)


def challenged(world: World, queue: Queue) -> Option:
    return challenging.challenge(
        by=world.rival_producer.actor, option=queue.second, booking=draft(world, brand="rival_producer")
    )


class TestChallenge:
    def test_the_first_has_24_hours(self, world, queue):
        first = challenged(world, queue)
        assert (first.pk, first.state, first.challenger) == (queue.first.pk, State.CHALLENGED, queue.second)
        assert timedelta(hours=23) < first.challenged_until - timezone.now() <= timedelta(hours=24)

    def test_without_a_submission_it_falls_and_the_next_moves_up(self, world, queue):
        third = held(world, another_brand("third"))
        first = challenged(world, queue)
        sweep()
        assert Option.objects.get(pk=first.pk).state == State.CHALLENGED, "there are 24 hours"
        passed(first, challenged_until=timezone.now())
        sweep()
        sweep()
        assert Option.objects.get(pk=first.pk).state == State.FALLEN
        assert (rank_of(queue.second), rank_of(third)) == (1, 2)
        assert told(world.brand.party).count("option.fallen") == 1
        assert told(world.rival.party).count("option.moved_up") == told(third.brand.party).count("option.moved_up") == 1

    def test_submitting_in_time_turns_it_into_the_booking(self, world, queue):
        first = challenged(world, queue)
        booking = submitted(world)
        sweep()
        option = Option.objects.get(pk=first.pk)
        assert (option.state, option.booking) == (State.USED, booking)
        assert "option.answered" in told(world.rival.party)
        assert compose.submit(by=world.rival_producer.actor, booking=draft(world, brand="rival_producer")), (
            "options and submissions do not exclude one another"
        )

    def test_submitting_after_the_hours_does_not_count(self, world, queue):
        first = challenged(world, queue)
        submitted(world)
        passed(first, challenged_until=timezone.now() - HOUR)
        sweep()
        assert Option.objects.get(pk=first.pk).state == State.FALLEN

    def test_a_booking_for_another_use_does_not_answer_it(self, world, queue):
        first = challenged(world, queue)
        submitted(world, category="denim")
        passed(first, challenged_until=timezone.now())
        sweep()
        assert Option.objects.get(pk=first.pk).state == State.FALLEN

    def test_when_the_challenger_gives_up_the_first_stands(self, world, queue):
        first = challenged(world, queue)
        asking.withdraw(by=world.rival_producer.actor, option=queue.second)
        sweep()
        option = Option.objects.get(pk=first.pk)
        assert (option.state, option.challenger, option.challenged_until) == (State.HELD, None, None)

    def test_only_who_could_submit_this_minute_challenges(self, world, queue):
        def refused(booking, why):
            with pytest.raises(Refused, match=why):
                challenging.challenge(by=world.rival_producer.actor, option=queue.second, booking=booking)

        rivals = world.rival_producer.actor
        refused(fresh(compose.start_draft(by=rivals, twin=world.twin)), "another use")
        empty = compose.start_draft(by=rivals, twin=world.twin)
        compose.update_draft(by=rivals, booking=empty, territories=["DE"])
        refused(fresh(empty), "at least one look")
        refused(draft(world, brand="rival_producer", category="denim"), "another use")
        refused(submitted(world, brand="rival_producer"), "sent already")
        assert Option.objects.get(pk=queue.first.pk).state == State.HELD

    def test_the_first_challenges_nobody_and_a_challenge_runs_once(self, world, queue):
        with pytest.raises(Refused, match="first option"):
            challenging.challenge(by=world.producer.actor, option=queue.first, booking=draft(world))
        challenged(world, queue)
        with pytest.raises(StaleState, match="runs already"):
            challenged(world, queue)

    def test_both_brands_are_told_and_neither_reads_the_other_name(self, world, queue):
        challenged(world, queue)
        for brand, rival in ((world.brand, world.rival), (world.rival, world.brand)):
            notices = Notice.objects.filter(to=brand.party)
            assert notices.filter(kind__in=["option.challenged", "option.challenge_runs"]).count() == 1
            assert rival.name not in str([notice.values for notice in notices])
        told_agency = Notice.objects.get(to=world.agency.party, kind="option.challenge_told").values
        assert (told_agency["brand"], told_agency["challenger"]) == (world.brand.name, world.rival.name)

    def test_settling_twice_changes_nothing(self, world, queue):
        first = passed(challenged(world, queue), challenged_until=timezone.now())
        assert ending.settle(option=first).state == State.FALLEN
        assert ending.settle(option=first).state == State.FALLEN


class TestStates:
    def test_the_table_is_complete(self):
        """Every state but the first is reached, and whatever is over stays over."""
        assert {step.target for step in STEPS} == set(State) - {State.ASKED}
        over = {State.USED, State.REFUSED, State.WITHDRAWN, State.EXPIRED, State.FALLEN}
        assert not any(source in over for step in STEPS for source in step.sources)
        assert set(BY_ACTION) >= {"grant", "refuse", "withdraw", "renew", "challenge", "use", "stand", "fall", "expire"}


def test_the_demonstration_has_a_queue_a_challenge_and_one_that_waits() -> None:
    load_parties()
    people = {}
    for slug in ("maya-okafor", "anjali-rao"):
        talent = load_talent(next(person for person in PEOPLE if person.slug == slug))
        people[slug] = make_listed_twin(talent, Person(talent.user, actor_of(talent.user)))
    rival = actor_of(user_of(HOUSES[0]))
    draft_of = compose.start_draft(by=rival, twin=people["anjali-rao"])
    compose.update_draft(by=rival, booking=draft_of, title=DRAFT)
    compose.save_look(by=rival, booking=draft_of, title="Look 1", scene="block", brief="", pictures=1)
    for _ in range(2):
        put_options(lambda slug: actor_of(user_of(slug)))
    found = Option.objects.ranked().values_list("twin__talent__slug", "brand__slug", "state", "rank")
    assert sorted(found) == [
        ("anjali-rao", "halden-rye", "challenged", 1),
        ("anjali-rao", "maison-orsay", "held", 2),
        ("maya-okafor", "halden-rye", "held", 2),
        ("maya-okafor", "maison-orsay", "held", 1),
        ("maya-okafor", "vesna", "asked", 1),
    ]
    assert has_options()
