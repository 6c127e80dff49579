"""Who acts, on which clock, and how an act is tried. Real services, guards and database; only the payer's bank and the
GPU service are stood in for."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence, Placement, Review, TakedownNotice, Wish
from apps.bookings.services import payment
from apps.bookings.states import State
from apps.bookings.warnings import NEEDED
from apps.common.errors import DomainError
from apps.consents.models import Consent
from apps.demonstration.history.clock import standing_at
from apps.generation.models import Job
from apps.generation.states import State as Work
from apps.ledger.services import Leg, post
from apps.payments.models import Charge
from apps.talent.models import NeverAgain
from apps.twins.models import Twin
from tests.factories.bookings import fresh
from tests.factories.people import Person, World

BEGIN = datetime(2026, 12, 1, 9, tzinfo=UTC)
PAID = {State.FUNDED, State.GENERATING, State.IN_REVIEW, State.ON_HOLD}
MARKED = "somebody's right was not asked for"
ROLES = ("maya", "booker", "producer", "rival_producer", "other_model", "other_booker", "mother_booker", "staff",
         "accountant", "viewer")  # fmt: skip
BRANDS = {"producer", "rival_producer"}
whoever = st.sampled_from(ROLES)
# Those whose act could be right come up more often than all the others together.
OWN = "whoever composes for its brand"
herself = st.sampled_from(["maya"] * 20 + list(ROLES))
side = st.sampled_from(["maya", "booker"] * 12 + list(ROLES))
brand = st.sampled_from([OWN] * 20 + list(ROLES))
SEEN: Counter[str] = Counter()  # steps of the table and acts after delivery, over all runs


class Stage(RuleBasedStateMachine):
    people: dict[str, Person]
    world: World
    stand: Counter[str]  # how many bookings there are of each state, and of what else acts are about

    def __init__(self) -> None:
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.time = standing_at(BEGIN)
        self.clock = self.time.__enter__()
        self.stand = Counter()

    # ---- who does it, to what, and whether it was done ----

    def by(self, who: str) -> Actor:
        return replace(self.people[who].actor, stepped_up_at=timezone.now())

    def is_of(self, who: str, booking: Booking) -> bool:
        return who in BRANDS and self.people[who].actor.party == booking.brand.party

    def own(self, booking: Booking) -> str:
        """Who composes and pays for this booking's brand."""
        return "producer" if booking.brand_id == self.world.brand.pk else "rival_producer"

    def who(self, who: str, booking: Booking) -> str:
        return self.own(booking) if who == OWN else who

    def one(self, data: st.DataObject, *states: State) -> Booking | None:
        """Mostly one in these states, sometimes any other: then the act must be refused."""
        everything = list(Booking.objects.with_parties().order_by("created_at"))
        fitting = [booking for booking in everything if booking.state in states]
        chosen = fitting if fitting and data.draw(st.integers(0, 4)) else everything
        return data.draw(st.sampled_from(chosen)) if chosen else None

    def any_licence(self, data: st.DataObject) -> Licence | None:
        rows = list(Licence.objects.select_related("booking__brand", "brand", "twin__talent").order_by("created_at"))
        return data.draw(st.sampled_from(rows)) if rows else None

    def tries(self, act: Callable[[], object]) -> bool:
        """Whether it was done. A refusal is a DomainError and leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except DomainError:
            return False
        return True

    def did(self, name: str, act: Callable[[], object]) -> bool:
        """An act that is no step of the table, noted where it was done."""
        done = self.tries(act)
        SEEN[name] += done
        return done

    def look(self) -> None:
        """Which acts make sense now, for their preconditions; read once after whatever changed something."""
        self.stand = Counter(Booking.objects.values_list("state", flat=True))
        self.stand["licences"] = Licence.objects.count()
        self.stand["pictures"] = Review.objects.filter(booking__state=State.IN_REVIEW).count()
        self.stand["to decide"] = Review.objects.filter(booking__state=State.IN_REVIEW, decision="waiting").count()
        self.stand["finished"] = Booking.objects.filter(state=State.IN_REVIEW, finished_at__isnull=False).count()
        self.stand["barred"] = NeverAgain.objects.count()
        self.stand["withdrawn"] = (
            2 - Consent.objects.in_force().filter(purpose__in=NEEDED, talent=self.world.talent).count()
        )
        self.stand["paused"] = Twin.objects.filter(pk=self.world.twin.pk, state=Twin.State.PAUSED).count()
        self.stand["over-use"] = Placement.objects.exclude(price=None).filter(paid_at=None).count()
        self.stand["to state"] = Placement.objects.filter(stated_at=None).count()
        self.stand["jobs"] = Job.objects.open().count()
        self.stand["wishes"] = Wish.objects.filter(look__booking__state=State.IN_REVIEW).count()
        self.stand["notices"] = TakedownNotice.objects.count()

    # ---- what comes from outside: the bank, the engine, the clock ----

    def pays(self, booking: Booking) -> None:
        """What the bank says; a payment whose agreement is gone by then goes back whole."""
        if Charge.objects.filter(ref=booking.ref).exists():
            return
        payment.fund(booking=booking, charge=captured(booking))
        charge = Charge.objects.get(ref=booking.ref)
        assert fresh(booking).state == State.FUNDED or charge.promised_minor == charge.amount_minor

    def wait(self, **how_long: int) -> None:
        self.clock.set(timezone.now() + timedelta(**how_long))

    @property
    def today(self) -> date:
        return timezone.now().date()


def there_is(*what: str) -> Callable[[Any], Any]:
    """The act comes up where there is one of these, so that runs get far; all else is tried by test_booking_who_may."""
    return precondition(lambda self: any(self.stand[each] for each in what))


def captured(booking: Booking) -> Charge:
    """What the bank and Stripe leave behind when the agreed amount was paid."""
    quote = booking.current_terms.quote
    return charged(booking.ref, booking, net=quote["net_minor"], vat=quote["vat_minor"], currency=quote["currency"])


def charged(ref: str, booking: Booking, *, net: int, vat: int, currency: str) -> Charge:
    now, country, name = timezone.now(), booking.brand.country, ref[-36:]
    charge = Charge.objects.create(
        ref=ref, payer=booking.brand.party, currency=currency, amount_minor=net + vat, held_minor=net, vat_minor=vat,
        vat_country=country, state=Charge.State.PAID, paid_at=now, payment_intent=f"pi_{name}",
        stripe_charge=f"ch_{name}", balance_transaction=f"txn_{name}",
    )  # fmt: skip
    legs = [Leg("stripe", currency, net + vat), Leg(f"held:{ref}", currency, -net)]
    legs += [Leg(f"vat:{country}", currency, -vat)] if vat else []
    post(key=f"paid:{ref}", kind="paid", ref=ref, legs=legs, occurred_at=now, by="system")
    return charge


def ends(job: Job, **how: Any) -> None:
    """The engine gives up on a job."""
    Job.objects.filter(pk=job.pk).update(state=Work.FAILED, ended_at=timezone.now(), **how)
