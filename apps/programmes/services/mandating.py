"""What an agency's programme does by itself for everybody who said yes, so that its bookers press nothing twice."""

from datetime import date

from apps.accounts.actor import Actor
from apps.common.dates import add_months
from apps.common.errors import Refused
from apps.organizations.permissions import Permission
from apps.pricing.services import day_rate, set_day_rate
from apps.programmes.models import Place, Programme
from apps.talent.models import Mandate, MandateProposal, Talent
from apps.talent.proposing import propose


def propose_by_the_programme(programme: Programme, talent: Talent, *, on: date) -> None:
    """The mandate that the programme promises, unless one runs with this agency or waits for her already.

    In the caller's transaction. It binds nobody before she has read and signed it herself.
    """
    if programme.mandate_months is None or programme.mandate_commission_bp is None:
        raise Refused("This programme proposes no mandate.")
    agency = programme.organization
    waiting = MandateProposal.objects.filter(talent=talent, agency=agency, state=MandateProposal.State.WAITING)
    if waiting.exists() or talent.mandates.running_on(on).filter(agency=agency).exists():
        return
    propose(
        by=_keeper_of(programme),
        agency=agency,
        talent=talent,
        kind=Mandate.Kind.LOCAL,
        territories=programme.mandate_territories,
        commission_bp=programme.mandate_commission_bp,
        starts_on=on,
        ends_on=add_months(on, programme.mandate_months),
        covers_twins=True,
    )


def price_by_the_programme(*, mandate: Mandate) -> None:
    """She signed the agency's mandate: the programme's day rate is hers from now on, unless she has one."""
    places = Place.objects.filter(
        talent=mandate.talent_id, state__in=Place.TAKEN, programme__organization=mandate.agency_id
    )
    place = places.select_related("programme__organization").first()
    party = mandate.talent.party
    if place is None or day_rate(party) is not None:
        return
    programme = place.programme
    set_day_rate(
        by=_keeper_of(programme),
        talent_ref=party,
        amount_minor=programme.day_rate_minor,
        currency=programme.currency,
    )


def _keeper_of(programme: Programme) -> Actor:
    """Whoever started it, doing what the programme said then; her right to it was asked when she started it."""
    return Actor(
        user_id=programme.started_by_id,
        party=programme.organization.party,
        kind=programme.organization.kind,
        name="",
        permissions=frozenset({Permission.MANAGE_ROSTER}),
    )
