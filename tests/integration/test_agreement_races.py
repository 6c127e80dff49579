"""Two brands at the same second: one wins. Two hundred concurrent agreements that conflict leave one winner."""

from collections import Counter
from copy import copy
from uuid import uuid4

import pytest

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.audit.services import verify_chain
from apps.bookings.machine import perform
from apps.bookings.models import Approval, Booking, RightsSlot, Terms
from apps.bookings.models.booking import new_code, new_lane
from apps.bookings.services import answers
from apps.common.errors import Refused
from apps.notifications.models import Notice
from apps.signatures.models import Signature
from apps.signatures.services import sign
from tests.factories.bookings import fresh, submitted
from tests.factories.people import World, make_world
from tests.integration.processes import in_processes

pytestmark = pytest.mark.django_db(transaction=True)

MANY, PROCESSES = 200, 8
REGION = ["AT", "BE", "DE", "FR", "NL"]


@pytest.fixture
def world() -> World:
    return make_world()


def ready(world: World, **fields) -> Booking:
    """Everything but her own yes: the agency has answered."""
    booking = submitted(world, exclusivity="category", territories=REGION, **fields)
    return answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")


def likewise(first: Booking, count: int) -> list[Booking]:
    """More of the same, row by row as the services left the first."""
    terms, approval = Terms.objects.get(booking=first), Approval.objects.get(terms__booking=first)
    looks = list(first.looks.all())
    bookings, rows = [], []
    for _ in range(count):
        booking = changed(first, code=new_code(), lane=new_lane())
        bookings.append(booking)
        version = changed(terms, booking=booking)
        rows.append((version, changed(approval, terms=version), [changed(look, booking=booking) for look in looks]))
    Booking.objects.bulk_create(bookings)
    Terms.objects.bulk_create(version for version, _, _ in rows)
    Approval.objects.bulk_create(approval for _, approval, _ in rows)
    type(looks[0]).objects.bulk_create(look for _, _, looks_ in rows for look in looks_)
    return bookings


def changed(row, **fields):
    other = copy(row)
    other.pk = uuid4()
    other._state = copy(row._state)
    other._state.adding = True
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def agree(by: Actor, booking: Booking) -> str:
    """What she is told: agreed, or the code and the words of the refusal."""
    try:
        return answers.answer(by=by, booking=booking, version=1, answer="yes").state
    except Refused as error:
        return f"{error.code}: {error.message}"


def test_two_brands_at_the_same_second_one_wins(world):
    bookings = [ready(world, brand="producer"), ready(world, brand="rival_producer")]
    told = in_processes(2, lambda number: agree(world.maya.actor, bookings[number]))
    assert sorted(answer == "agreed" for answer in told) == [False, True]
    assert "An exclusivity stands" in str(told) or "Other licences stand against an exclusivity" in str(told)
    assert sorted(Booking.objects.values_list("state", flat=True)) == ["agreed", "submitted"]


def test_two_hundred_conflicting_agreements_leave_one_winner(world):
    first = ready(world)
    bookings = [first, *likewise(first, MANY - 1)]
    before = (Signature.objects.count(), Event.objects.count(), Notice.objects.count())

    def work(number: int) -> list[str]:
        return [agree(world.maya.actor, booking) for booking in bookings[number::PROCESSES]]

    told = Counter(answer for answers_ in in_processes(PROCESSES, work) for answer in answers_)
    assert told.pop("agreed") == 1
    assert sum(told.values()) == MANY - 1
    [reason] = told
    assert reason.startswith("nothing_stands_against_it: Other licences stand against an exclusivity in ")
    winner = Booking.objects.get(state="agreed")
    assert set(RightsSlot.objects.values_list("booking", "territory")) == {(winner.pk, code) for code in REGION}
    # Nothing half done: of the others not a row remains, and their requests still wait for her.
    assert Booking.objects.filter(state="submitted", version=1).count() == MANY - 1
    assert Approval.objects.filter(side="talent").get().terms.booking == winner
    assert set(Approval.objects.exclude(opened_at=None).values_list("terms__booking", flat=True)) == {winner.pk}
    after = (Signature.objects.count(), Event.objects.count(), Notice.objects.count())
    assert after == (before[0] + 1, before[1] + 3, before[2] + 1)  # signed, sealed, agreed; the brand is told
    assert verify_chain().ok


def test_agreements_by_another_step_wait_for_their_turn_as_well(world):
    """An answer writes to the audit chain before it takes the slots, another step after: they never wait crosswise."""
    first = ready(world)
    bookings = [first, *likewise(first, 39)]
    answered = {booking.pk for booking in bookings[1::2]}
    for booking in bookings[1::2]:
        say_yes_unnoticed(world.maya.actor, booking)

    def work(number: int) -> list[str]:
        return [
            settle(booking) if booking.pk in answered else agree(world.maya.actor, booking)
            for booking in bookings[number::4]
        ]

    told = [answer.partition(":")[0] for answers_ in in_processes(4, work) for answer in answers_]
    assert Counter(told) == {"agreed": 1, "nothing_stands_against_it": 39}


def say_yes_unnoticed(by: Actor, booking: Booking) -> None:
    """Her signed yes, without the step that follows from it."""
    terms = booking.current_terms
    signature = sign(by=by, kind="deal_memo", subject=booking.ref, version="1", language="en", text=terms.memo_text)
    theirs = Approval.objects.get(terms=terms)
    changed(theirs, side="talent", party=by.party, signature=signature).save(force_insert=True)


def settle(booking: Booking) -> str:
    try:
        return perform(booking=fresh(booking), action="agree", by=Actor.SYSTEM).state
    except Refused as error:
        return error.code
