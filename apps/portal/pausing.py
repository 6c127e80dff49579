"""What one press on pause stops, and what goes on all the same: shown before she presses."""

from dataclasses import dataclass

from django.db.models.functions import Coalesce
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import IN_THE_MAKING, State
from apps.common.refs import parse_ref
from apps.generation.models import Job
from apps.generation.states import ENDED
from apps.twins.models import Twin

WAITING = (State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)


@dataclass(frozen=True)
class Pausing:
    """`held` go on hold for 14 days, `waiting` cannot be agreed or paid until she resumes, `licences` run on."""

    twin: Twin | None
    held: list[Booking]
    waiting: list[Booking]
    jobs: int
    licences: int

    @property
    def paused(self) -> bool:
        return self.twin is not None and self.twin.state == Twin.State.PAUSED

    @property
    def can_pause(self) -> bool:
        return self.twin is not None and self.twin.state == Twin.State.LISTED


def pausing(actor: Actor) -> Pausing:
    """Four queries."""
    talent = parse_ref(actor.party, "talent")
    hers = Booking.objects.visible_to(actor).select_related("brand")
    under_way = list(hers.filter(state__in=[*IN_THE_MAKING, *WAITING]))
    work = Job.objects.filter(version__twin__talent=talent, kind=Job.Kind.GENERATE).exclude(state__in=ENDED)
    hers_now = Licence.objects.visible_to(actor).annotate(until=Coalesce("cut_on", "ends_on"))
    running = hers_now.filter(state=Licence.State.ACTIVE, until__gte=timezone.now().date())
    return Pausing(
        twin=Twin.objects.filter(talent=talent).first(),
        held=[booking for booking in under_way if booking.state in IN_THE_MAKING],
        waiting=[booking for booking in under_way if booking.state not in IN_THE_MAKING],
        jobs=work.count(),
        licences=running.count(),
    )
