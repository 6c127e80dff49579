"""A brand puts an option on a twin, keeps it once more, or lets it go."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.calendar import countries_of
from apps.bookings.models import Booking
from apps.bookings.policies import plan_approvals
from apps.bookings.warnings import standing_against
from apps.common.dates import add_months
from apps.common.errors import InvalidInput, NotAllowed, Refused
from apps.common.refs import parse_ref
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import Category, Window
from apps.options import guards, news
from apps.options.machine import perform
from apps.options.models import Option
from apps.options.times import LASTS
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.twins.models import Twin

LATEST_START = timedelta(days=730)


@transaction.atomic
def ask(
    *, by: Actor, twin: Twin, category: str, territories: Sequence[str], starts_on: date, window_months: int
) -> Option:
    """Exit: asked, or held at once where the one who decides set that rule. Nothing is promised by either side.

    Raises InvalidInput(field=…); Refused for what could not be booked either, for a sixth option, and for a second one
    of the same brand for the same use; NotAllowed.
    """
    by.require(Permission.COMPOSE)
    if by.kind != "brand":
        raise NotAllowed("Only brands put options.")
    brand = Organization.objects.get(pk=parse_ref(by.party, "org"))
    if not brand.checked_at:
        raise Refused("Your brand is still being checked: options come after that.", code="brand_is_checked")
    _check(category, territories, starts_on, window_months)
    option = Option(
        brand=brand,
        twin=twin,
        category=category,
        territories=countries_of(territories),
        window=DateRange(starts_on, add_months(starts_on, window_months) + timedelta(days=1)),
        window_months=window_months,
        expires_at=timezone.now() + LASTS,
    )
    _refuse_what_cannot_be_booked(option, territories, starts_on)
    plan = plan_approvals(
        talent=twin.talent, territories=list(territories), brand_country=brand.country, day=timezone.now().date()
    )
    option.agency = plan.agency
    Twin.objects.select_for_update(no_key=True).get(pk=twin.pk)  # two asks count each other
    if Option.objects.open().filter(brand=brand).meeting(option).exists():
        raise Refused("You have an option for this use already.", code="own_option")
    if reason := guards.ranks_are_left(option):
        raise Refused(reason, code="ranks_are_left")
    option.save(force_insert=True)
    record(kind="option.asked", subject=option.ref, by=by.label, payload={"twin": twin.ref})
    if guards.is_granted_by_rule(option) is None:
        option = perform(option=option, action="grant_by_rule", by=Actor.SYSTEM, granted_at=timezone.now())
        news.tell_granted(option)
    else:
        news.tell_asked(option)
    return option


@transaction.atomic
def renew(*, by: Actor, option: Option) -> Option:
    """Once, for as long again from now. Entry and exit: held."""
    now = timezone.now()
    return perform(option=option, action="renew", by=by, renewed_at=now, expires_at=now + LASTS)


@transaction.atomic
def withdraw(*, by: Actor, option: Option) -> Option:
    """The brand does not need it. Entry: asked, held or challenged; exit: withdrawn; those behind move up."""
    gone = perform(option=option, action="withdraw", by=by)
    news.tell_moved_up(gone)
    return gone


def _check(category: str, territories: Sequence[str], starts_on: date, window_months: int) -> None:
    today = timezone.now().date()
    if category not in Category.values:
        raise InvalidInput("Choose a category.", field="category")
    if not territories or set(territories) - COUNTRIES - {WORLD}:
        raise InvalidInput("Choose where the pictures would be used.", field="territories")
    if window_months not in Window.values:
        raise InvalidInput("Choose for how long.", field="window_months")
    if not today <= starts_on <= today + LATEST_START:
        raise InvalidInput("Choose a day from today on, within the next two years.", field="starts_on")


def _refuse_what_cannot_be_booked(option: Option, territories: Sequence[str], starts_on: date) -> None:
    """What stands against a booking of this use stands against an option. With which exclusivity it would be booked is
    not said yet, and neither are media and fee."""
    booking = Booking(
        brand=option.brand,
        twin=option.twin,
        category=option.category,
        territories=list(territories),
        starts_on=starts_on,
        window_months=option.window_months,
    )
    found = [warning for warning in standing_against(booking) if warning.field != "exclusivity"]
    if found:
        raise Refused(" ".join(warning.message for warning in found), code="not_bookable")
