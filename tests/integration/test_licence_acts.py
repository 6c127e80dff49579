"""Can X do Y for Z? Every act of a delivered licence, tried by everybody; and two at the same moment."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import close_old_connections, connections
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives import licence_packs
from apps.bookings.models import Booking, Licence
from apps.bookings.services import delivery, ending, labelling, objecting, placing, renewing
from apps.common.errors import DomainError, NotAllowed
from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.payments.models import Refund
from tests.factories import licences
from tests.factories.identity import staff_member
from tests.factories.people import World, make_world
from tests.factories.trying import COMPOSERS, PAYERS, attempt, everybody, who_may

DAY = timedelta(days=1)
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


WITH_LABEL: dict[str, Act] = {
    "hand_over": lambda world, licence, by: delivery.hand_over(
        by=by, deliverable=licence.deliverables.get(), address=""
    ),
    "pack": lambda world, licence, by: licence_packs.ask(by=by, licence=licence, label="standard"),
}
ACTS: dict[str, tuple[Act, set[str]]] = {
    "choose_label": (
        lambda world, licence, by: labelling.choose_label(by=by, licence=licence, territory="DE", channel="ecommerce"),
        COMPOSERS,
    ),
    "hand_over": (_take, COMPOSERS),
    "pack": (_pack, COMPOSERS),
    "log_placement": (_log, COMPOSERS),
    "state_take_down": (_state, COMPOSERS),
    "ask_renewal": (lambda world, licence, by: renewing.ask_renewal(by=by, licence=licence), COMPOSERS),
    "ask_extension": (_extend, COMPOSERS),
}


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_it_is_done_by_whoever_may_and_by_nobody_else() -> None:
    world = make_world()
    licence, people = licences.running(world), everybody(world)
    for name, (act, may) in ACTS.items():
        did = who_may(
            people, lambda by, act=act: act(world, Licence.objects.select_related("booking").get(pk=licence.pk), by)
        )
        assert did == may, name


def _under_notice(world: World, licence: Licence) -> None:
    ending.give_notice(by=world.maya.actor, talent=world.talent)


def _objected(world: World, licence: Licence) -> None:
    notice = objecting.object_to(licence=licence, name="Ada", email="ada@tests.example", words="That is me")
    objecting.suspend(by=staff_member(), notice=notice)


def _as(state: str) -> Callable[[World, Licence], None]:
    def stand(world: World, licence: Licence) -> None:
        licences.over(licence)
        Licence.objects.filter(pk=licence.pk).update(state=state)

    return stand


def _not_begun(world: World, licence: Licence) -> None:
    Licence.objects.filter(pk=licence.pk).update(starts_on=licence.starts_on + 10 * DAY)


EVERY = set(ACTS)
AFTERWARDS = {"log_placement", "state_take_down"}  # what ran is to be said at any time
# Whether its own brand may, by where the licence stands.
STANDINGS: dict[str, tuple[Callable[[World, Licence], object], set[str]]] = {
    "running": (lambda world, licence: None, EVERY),
    "not begun": (_not_begun, AFTERWARDS | {"ask_renewal", "ask_extension"}),
    "under her notice": (_under_notice, EVERY - {"ask_renewal", "ask_extension"}),
    "objected to": (_objected, EVERY - {"choose_label", "hand_over", "pack"}),
    "over, not swept yet": (lambda world, licence: licences.over(licence), AFTERWARDS | {"ask_renewal"}),
    "expired": (_as("expired"), AFTERWARDS | {"ask_renewal"}),
    "renewed": (_as("renewed"), AFTERWARDS),
    "revoked": (_as("revoked"), AFTERWARDS),
    "being prepared": (_as("pending"), set()),
}


@pytest.mark.django_db(databases=["default", "sandbox"])
@pytest.mark.parametrize("stands", STANDINGS)
def test_what_its_brand_may_follows_from_where_the_licence_stands(stands: str) -> None:
    """No download without a licence that has begun, is not over, not cut and not objected to."""
    world = make_world()
    licence = licences.running(world)
    labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
    licence.label_choices.update(label="standard")
    bring, may = STANDINGS[stands]
    bring(world, licence)
    row = Licence.objects.select_related("booking").get(pk=licence.pk)
    acts = WITH_LABEL | {name: act for name, (act, _) in ACTS.items() if name not in WITH_LABEL}
    done = {
        name for name, act in acts.items() if attempt(lambda act=act: act(world, row, world.producer.actor)) is None
    }
    assert done == may


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_staff_alone_decide_about_an_objection_and_she_alone_withdraws_publish() -> None:
    world = make_world()
    licence = licences.running(world)
    notice = objecting.object_to(licence=licence, name="Ada", email="ada@tests.example", words="That is me")
    users = {"staff": staff_member()} | {
        who: getattr(world, who).user for who in ("maya", "booker", "producer", "rival_producer")
    }
    for act in (
        lambda user: objecting.suspend(by=user, notice=notice),
        lambda user: objecting.decide(by=user, notice=notice, upheld=True, reason="Looked at"),
    ):
        assert {who for who, user in users.items() if attempt(lambda act=act, user=user: act(user)) is None} == {
            "staff"
        }
    consent = Consent.objects.select_related("talent").get(talent=world.talent, purpose=Purpose.PUBLISH)
    assert who_may(everybody(world), lambda by: withdraw(by=by, consent=consent)) == {"the model"}


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
