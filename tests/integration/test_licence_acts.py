"""Can X do Y for Z? Every act of a delivered licence, tried by everybody; and two at the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import close_old_connections, connections, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives import licence_packs
from apps.bookings.models import Booking, Licence
from apps.bookings.services import delivery, ending, labelling, placing, renewing
from apps.common.errors import DomainError, NotAllowed
from apps.payments.models import Refund
from tests.factories import licences
from tests.factories.identity import staff_member
from tests.factories.people import World, acting, make_member, make_user, make_world

PRODUCERS = {"the brand's owner", "the brand's producer"}
PAYERS = PRODUCERS | {"the brand's finance"}
Act = Callable[[World, Licence, Actor], object]


def _log(world: World, licence: Licence, by: Actor) -> object:
    today = timezone.now().date()
    return placing.log_placement(
        by=by, licence=licence, medium="ecommerce", territories=["DE"], first_on=today, where="Shop window"
    )


def _state(world: World, licence: Licence, by: Actor) -> object:
    row = licences.place(world, licence)
    return placing.state_take_down(by=by, placement=row, taken_down_on=row.first_on, taken_down_by="Paul")


def _extend(world: World, licence: Licence, by: Actor) -> object:
    return renewing.ask_extension(
        by=by, licence=licence, media=["ecommerce", "own"], territories=["DE"], window_months=12
    )


def _take(world: World, licence: Licence, by: Actor) -> object:
    choice = labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
    licence.label_choices.filter(pk=choice.pk).update(label="standard")
    return delivery.hand_over(by=by, deliverable=licence.deliverables.get(), address="")


def _pack(world: World, licence: Licence, by: Actor) -> object:
    labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
    licence.label_choices.update(label="standard")
    return licence_packs.ask(by=by, licence=licence, label="standard")


ACTS: dict[str, tuple[Act, set[str]]] = {
    "choose_label": (
        lambda world, licence, by: labelling.choose_label(by=by, licence=licence, territory="DE", channel="ecommerce"),
        PRODUCERS,
    ),
    "hand_over": (_take, PRODUCERS),
    "pack": (_pack, PRODUCERS),
    "log_placement": (_log, PRODUCERS),
    "state_take_down": (_state, PRODUCERS),
    "ask_renewal": (lambda world, licence, by: renewing.ask_renewal(by=by, licence=licence), PRODUCERS),
    "ask_extension": (_extend, PRODUCERS),
}


def everybody(world: World) -> dict[str, Actor]:
    return {
        "the brand's owner": world.producer.actor,
        "the brand's producer": make_member(world.brand, "producer", "paul").actor,
        "the brand's finance": make_member(world.brand, "finance", "fred").actor,
        "the brand's viewer": make_member(world.brand, "viewer", "vera").actor,
        "another brand's owner": world.rival_producer.actor,
        "the model": world.maya.actor,
        "another model": world.other_model.actor,
        "the agency's booker": world.booker.actor,
        "the mother agency's booker": world.mother_booker.actor,
        "another agency's booker": world.other_booker.actor,
        "staff": acting(staff_member(), "platform", "staff", frozenset()),
        "somebody who acts for nobody": acting(make_user("nobody"), "", "", frozenset()),
        "a stranger": Actor(user_id=None, party="", kind="", name=""),
    }


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_it_is_done_by_whoever_may_and_by_nobody_else() -> None:
    world = make_world()
    licence, people = licences.running(world), everybody(world)
    for name, (act, may) in ACTS.items():
        did = set()
        for who, actor in people.items():
            try:
                with transaction.atomic():
                    act(world, Licence.objects.select_related("booking").get(pk=licence.pk), actor)
                    transaction.set_rollback(True)
            except NotAllowed:
                continue
            did.add(who)
        assert did == may, name


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_whoever_may_pay_pays_for_over_use_and_nobody_else() -> None:
    world = make_world()
    row = licences.place(world, licences.running(world), medium="tv")
    for who, actor in everybody(world).items():
        if who in PAYERS:
            assert placing.checkout_over_use(by=actor, placement=row).checkout_url
        else:
            with pytest.raises(NotAllowed):
                placing.checkout_over_use(by=actor, placement=row)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Each in a thread and a connection of its own, from the same moment on; what came of each."""
    gate, came = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        close_old_connections()
        gate.wait()
        try:
            act()
            came.append("done")
        except DomainError as error:
            came.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(came)


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
class TestAtTheSameMoment:
    def test_two_renewals_at_once_are_one(self) -> None:
        world = make_world()
        licence = licences.running(world)
        ask = lambda: renewing.ask_renewal(by=world.producer.actor, licence=licence)  # noqa: E731
        assert at_once(ask, ask, ask) == ["StaleState", "StaleState", "done"]
        assert Booking.objects.filter(renews=licence).count() == 1

    def test_expiry_while_downloading_is_one_after_the_other(self) -> None:
        world = make_world()
        licence = licences.running(world)
        labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
        licence.label_choices.update(label="standard")
        licences.over(licence)
        file = licence.deliverables.select_related("licence__booking__brand", "review__look", "file").get()
        take = lambda: delivery.hand_over(by=world.producer.actor, deliverable=file, address="")  # noqa: E731
        assert at_once(take, lambda: ending.expire(licence=licence), take) == ["Refused", "Refused", "done"]
        assert not file.downloads.exists()

    def test_two_sweeps_end_a_cut_licence_and_refund_once(self) -> None:
        world = make_world()
        licence = licences.running(world)
        ending.give_notice(by=world.maya.actor, talent=world.talent)
        licence.refresh_from_db()
        shift = licence.cut_on - timezone.now().date()
        days = {name: getattr(licence, name) - shift for name in ("starts_on", "ends_on", "cut_on")}
        Licence.objects.filter(pk=licence.pk).update(**{n: d - timedelta(days=1) for n, d in days.items()})
        end = lambda: ending.end_early(licence=licence)  # noqa: E731
        assert at_once(end, end) == ["done", "done"]
        assert Licence.objects.get(pk=licence.pk).state == Licence.State.REVOKED

        assert Refund.objects.filter(charge__ref=licence.booking.ref).count() == 1
