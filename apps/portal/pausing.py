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
from apps.portal.first import First, first_of
from apps.twins.models import Twin

MOST_NAMED = 20
WAITING = (State.SUBMITTED, State.PROPOSING, State.COUNTERED, State.AGREED)


@dataclass(frozen=True)
class Pausing:
    """`held` go on hold for 14 days, `waiting` cannot be agreed or paid until she resumes, `licences` run on."""

    twin: Twin | None
    held: First
    waiting: First
    jobs: int
    licences: int

    @property
    def paused(self) -> bool:
        return self.twin is not None and self.twin.state == Twin.State.PAUSED

    @property
    def can_pause(self) -> bool:
        return self.twin is not None and self.twin.state == Twin.State.LISTED


def pausing(actor: Actor) -> Pausing:
    """Seven queries."""
    talent = parse_ref(actor.party, "talent")
    hers = Booking.objects.visible_to(actor).select_related("brand")
    work = Job.objects.filter(version__twin__talent=talent, kind=Job.Kind.GENERATE).exclude(state__in=ENDED)
    hers_now = Licence.objects.visible_to(actor).annotate(until=Coalesce("cut_on", "ends_on"))
    running = hers_now.filter(state=Licence.State.ACTIVE, until__gte=timezone.now().date())
    return Pausing(
        twin=Twin.objects.filter(talent=talent).first(),
        held=first_of(hers.filter(state__in=IN_THE_MAKING), MOST_NAMED),
        waiting=first_of(hers.filter(state__in=WAITING), MOST_NAMED),
        jobs=work.count(),
        licences=running.count(),
    )
