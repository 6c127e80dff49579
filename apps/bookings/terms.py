"""Pricing a booking and freezing one version of its terms."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, replace
from typing import Any

from django.db.models import Max
from django.utils import timezone

from apps.bookings import crew_split, memo, renewals
from apps.bookings.conditions import Offer, spread
from apps.bookings.crew_split import CrewShare
from apps.bookings.models import Booking, Look, Terms
from apps.bookings.policies import ApprovalPlan, NoMandate, plan_approvals
from apps.bookings.times import CANDIDATES_PER_PICTURE
from apps.common.canonical import sha256_hex
from apps.common.errors import InvalidInput
from apps.common.legal_texts import language_of
from apps.common.money import Money
from apps.organizations.models import Organization
from apps.pricing.quote import Ask, Quote, quote
from apps.pricing.services import day_rate, factors_for
from apps.royalties.split import Reason, Share, split

ADOPTED = ("media", "territories", "window_months", "starts_on", "exclusivity", "category")


def quote_of(booking: Booking, *, pictures: int | None = None) -> Quote:
    """The firm price of the booking as it stands, by the agency's and the model's own rate cards.

    `pictures` stands in for the sum of its looks while one still types.
    Raises InvalidInput(field=…) for what cannot be priced.
    """
    if booking.renews_id:
        return renewals.quote_of(booking)
    agency = _agency(booking)
    rate = day_rate(booking.twin.talent.party)
    if rate is None:
        raise InvalidInput("This twin has no day rate yet. Ask the agency.", field="twin")
    ask = Ask(
        day_rate_minor=rate.amount_minor,
        currency=rate.currency,
        pictures=booking.pictures if pictures is None else pictures,
        media=tuple(booking.media),
        territories=tuple(booking.territories),
        window_months=booking.window_months,
        exclusivity=booking.exclusivity,
        category=booking.category,
        represented=agency is not None,
        vat_country=booking.brand.country,
        fee_minor=booking.fee_minor,
    )
    factors = factors_for(talent_ref=booking.twin.talent.party, agency=agency.party if agency else None)
    crew = sum(booking.crew_split.values())
    return quote(ask, factors=factors, on=timezone.now().date(), crew_minor=crew)


def shares_of(booking: Booking, priced: Quote, crew: Mapping[str, int] | None = None) -> list[Share]:
    """Who would receive what of this price under the booking's plan of approvals.

    Without `crew`, what each payee of it is given, the crew's shares are left out: a price that is still being typed
    makes nobody a payee.
    """
    plan = _plan(booking)
    return split(
        priced if crew else replace(priced, crew_minor=0),
        talent=booking.twin.talent.party,
        agency=plan.agency.party if plan.agency else None,
        mother_agency=plan.mother_agency.party if plan.mother_agency else None,
        commission_bp=plan.commission_bp,
        mother_bp=plan.mother_bp,
        crew=crew,
    )


def write(*, booking: Booking, author: str, pictures: int | None = None) -> Terms:
    """Freeze the next version from the booking's fields. The caller moves `Booking.version` to it.

    `pictures` spreads another number over the looks: a proposal changes none of them before it counts.
    """
    looks = [look.pictures for look in booking.looks.all()]
    of_looks = looks if pictures is None else spread(pictures, looks)
    ordered = sum(of_looks)
    priced = quote_of(booking, pictures=ordered)
    crew = crew_split.freeze(booking)
    shares = shares_of(booking, priced, crew_split.by_party(crew))
    version = (booking.terms.aggregate(last=Max("version"))["last"] or 0) + 1
    asked = priced.ask.pictures
    facts = facts_of(booking, priced, shares, crew, version=version)
    facts = replace(facts, pictures=asked, candidates=_candidates(booking, asked))
    language = _language_of(booking)
    text = memo.text(facts, language=language)
    return Terms.objects.create(
        booking=booking,
        version=version,
        author=author,
        media=booking.media,
        territories=booking.territories,
        window_months=booking.window_months,
        starts_on=booking.starts_on,
        exclusivity=booking.exclusivity,
        category=booking.category,
        look_pictures=of_looks,
        pictures=priced.ask.pictures,
        candidates=_candidates(booking, priced.ask.pictures),
        quote=priced.as_json(),
        split=[asdict(share) for share in shares],
        crew=[share.as_json() for share in crew],
        fee_minor=priced.fee_minor,
        total_minor=priced.total_minor,
        commission_bp=sum(share.rate_bp for share in shares if share.reason == Reason.COMMISSION),
        currency=priced.currency,
        memo_language=language,
        memo_text=text,
        memo_sha256=sha256_hex(text.encode()),
    )


def with_fields(booking: Booking, **fields: Any) -> Booking:
    """The booking as another version would have it, in memory alone."""
    other = copy(booking)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def adopt(*, booking: Booking, terms: Terms) -> None:
    """Write a version's fields back to the booking and its looks: it is the one in force from now on.

    The caller moves `Booking.version` to it, in the same transaction. A renewal has no looks.
    """
    for name in ADOPTED:
        setattr(booking, name, getattr(terms, name))
    booking.fee_minor = Quote.from_json(terms.quote).ask.fee_minor
    booking.crew_split = crew_split.given_in(terms)
    booking.save(update_fields=[*ADOPTED, "fee_minor", "crew_split"])
    looks = list(booking.looks.order_by("position"))
    for look, pictures in zip(looks, terms.look_pictures, strict=True):
        look.pictures = pictures
    Look.objects.bulk_update(looks, ["pictures"])


def offer_of(terms: Terms) -> Offer:
    """The negotiable fields of a version."""
    return Offer(
        fee_minor=terms.fee_minor,
        currency=terms.currency,
        window_months=terms.window_months,
        media=tuple(terms.media),
        territories=tuple(terms.territories),
        exclusivity=terms.exclusivity,
        pictures=terms.pictures,
        looks=len(terms.look_pictures),
    )


def proposal_of(booking: Booking) -> Terms | None:
    """The version that agency or model wrote and she has not signed yet; None where none is written."""
    return booking.terms.filter(version__gt=booking.version, withdrawn_at=None).first()


def facts_of(
    booking: Booking, priced: Quote, shares: list[Share], crew: list[CrewShare], *, version: int
) -> memo.MemoFacts:
    agency = _agency(booking)
    receives = sum(share.amount_minor for share in shares if share.kind == "talent")
    return memo.MemoFacts(
        code=booking.code,
        version=version,
        model_name=booking.twin.talent.stage_name,
        brand_name=booking.brand.name,
        agency_name=agency.name if agency else "",
        pictures=priced.ask.pictures,
        candidates=_candidates(booking, priced.ask.pictures),
        renews=booking.renews.code if booking.renews else "",
        media=tuple(booking.media),
        territories=tuple(booking.territories),
        window_months=booking.window_months,
        starts_on=booking.starts_on,
        exclusivity=booking.exclusivity,
        category=booking.category,
        pays=Money(priced.total_minor, priced.currency),
        receives=Money(receives, priced.currency),
        looks=tuple(look.title for look in booking.looks.all()),
        crew=tuple(
            memo.Crew(share.role, share.role_text, share.name, Money(share.amount_minor, priced.currency))
            for share in crew
        ),
    )


def facts_of_terms(terms: Terms) -> memo.MemoFacts:
    """The facts of a frozen version, whatever the booking's fields say by now."""
    priced = Quote.from_json(terms.quote)
    shares = [Share(**share) for share in terms.split]
    return replace(
        facts_of(terms.booking, priced, shares, crew_split.of_terms(terms), version=terms.version),
        pictures=terms.pictures,
        candidates=terms.candidates,
        media=tuple(terms.media),
        territories=tuple(terms.territories),
        window_months=terms.window_months,
        starts_on=terms.starts_on,
        exclusivity=terms.exclusivity,
        category=terms.category,
    )


def _candidates(booking: Booking, pictures: int) -> int:
    """A renewal makes none."""
    return 0 if booking.renews_id else pictures * CANDIDATES_PER_PICTURE


def _language_of(booking: Booking) -> str:
    """Hers, as she reads today: every version is written in it and signed in it (New York Fashion Workers Act)."""
    herself = booking.twin.talent.user
    return language_of(herself.language) if herself else "en"


def _plan(booking: Booking) -> ApprovalPlan:
    """The frozen plan after submission; before it the plan as it would be frozen now."""
    if booking.submitted_at or booking.agency_id:
        return ApprovalPlan(booking.agency, booking.mother_agency, booking.commission_bp, booking.mother_bp)
    return plan_approvals(
        talent=booking.twin.talent,
        territories=booking.territories,
        brand_country=booking.brand.country,
        day=timezone.now().date(),
    )


def _agency(booking: Booking) -> Organization | None:
    try:
        return _plan(booking).agency
    except NoMandate:
        return None
