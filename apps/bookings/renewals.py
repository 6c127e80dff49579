"""What a renewal or an extension of a licence costs and how long it runs. A booking with `renews`, and no picture made.

A renewal follows on the licence: the same use for the same time, the usage fee again. An extension counts from the
licence's own first day: more media, countries or months, priced as the difference.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from fractions import Fraction

from django.utils import timezone

from apps.bookings.models import Booking, Licence
from apps.bookings.policies import NoMandate, plan_approvals
from apps.common.errors import InvalidInput
from apps.organizations.models import Organization
from apps.pricing.amounts import Amounts
from apps.pricing.extras import extension, renewal
from apps.pricing.factors import Factors
from apps.pricing.quote import NEGOTIATED, FactorLine, Quote, quote
from apps.pricing.services import factors_for


def is_extension(booking: Booking) -> bool:
    return booking.renews is not None and booking.starts_on == booking.renews.starts_on


def follows_on(licence: Licence) -> date | None:
    """The first day of its renewal; None, the day of payment, once it is over."""
    return licence.ends_on + timedelta(days=1) if licence.ends_on >= timezone.now().date() else None


def quote_of(booking: Booking) -> Quote:
    """The firm price of a renewal or extension. The agency of now answers and earns; none, no service charge."""
    licence = booking.renews
    if licence is None:
        raise InvalidInput("This booking renews nothing.", field="renews")
    agency = _agency(booking)
    factors = factors_for(talent_ref=booking.twin.talent.party, agency=agency.party if agency else None)
    before = _asked_by(booking.brand, Quote.from_json(licence.booking.current_terms.quote), agency, factors)
    today = timezone.now().date()
    if is_extension(booking):
        ask = replace(
            before.ask,
            media=tuple(booking.media),
            territories=tuple(booking.territories),
            window_months=booking.window_months,
        )
        wider = quote(ask, factors=factors, on=today)
        line = FactorLine("extension", "Extension", "the wider use, less what was paid for already", Fraction(1))
        return _priced(extension(before, wider, on=today), wider, line)
    asked = _as_agreed(booking, before, factors, today)
    early = today <= licence.ends_on
    value = factors.value("act", "early_renewal") if early else Fraction(1)
    reason = "agreed before the licence ends" if early else "after the licence has ended"
    amounts = renewal(asked, before_the_end=early, on=today, factors=factors)
    return _priced(amounts, asked, FactorLine("renewal", "Renewal", reason, value))


def _asked_by(brand: Organization, before: Quote, agency: Organization | None, factors: Factors) -> Quote:
    service_bp = factors.bp("share", "service") if agency else 0
    platform_bp = factors.bp("share", "platform")
    ask = replace(before.ask, represented=agency is not None, vat_country=brand.country)
    return replace(before, ask=ask, service_bp=service_bp, platform_bp=platform_bp)


def _as_agreed(booking: Booking, before: Quote, factors: Factors, today: date) -> Quote:
    """The use whose fee is paid again: that of the licence, or the narrower one that conditions led to. What was
    negotiated above the rate card stays above it in the same proportion."""
    use = {"media": set(booking.media), "territories": set(booking.territories)}
    same = all(set(getattr(before.ask, name)) == value for name, value in use.items())
    if same and (booking.window_months, booking.exclusivity) == (before.ask.window_months, before.ask.exclusivity):
        return before
    ask = replace(
        before.ask,
        media=tuple(booking.media),
        territories=tuple(booking.territories),
        window_months=booking.window_months,
        exclusivity=booking.exclusivity,
        fee_minor=None,
    )
    narrower = quote(ask, factors=factors, on=today)
    negotiated = tuple(line for line in before.factors if line.code == NEGOTIATED)
    return replace(narrower, factors=(*narrower.factors, *negotiated))


def _priced(amounts: Amounts, question: Quote, line: FactorLine) -> Quote:
    """Without the volume: it multiplies the session fee, and there is none."""
    lines = tuple(each for each in question.factors if each.code not in ("volume", "renewal", "extension"))
    return Quote(
        **{field.name: getattr(amounts, field.name) for field in fields(Amounts)},
        ask=question.ask,
        factors=(*lines, line),
    )


def _agency(booking: Booking) -> Organization | None:
    if booking.submitted_at or booking.agency_id:
        return booking.agency
    try:
        return plan_approvals(
            talent=booking.twin.talent,
            territories=booking.territories,
            brand_country=booking.brand.country,
            day=timezone.now().date(),
        ).agency
    except NoMandate:
        return None
