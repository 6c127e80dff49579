"""The firm price of a booking: exact fractions up to one rounding per line, and every factor with its reason."""

from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from fractions import Fraction
from math import ceil, prod
from typing import Any

from apps.common.errors import InvalidInput
from apps.common.money import BASIS_POINTS, half_up
from apps.common.territories import REGIONS, WORLD, country_name, region_of
from apps.common.vocabulary import Category, Exclusivity, Medium, Window
from apps.pricing.amounts import Amounts, Line, amounts_from_json, charge
from apps.pricing.ask import HIGHEST_CREW_MINOR, Ask, check
from apps.pricing.factors import DEFAULTS, VOLUME_STEPS, VOLUME_STRIDE, Factors
from apps.pricing.vat import vat_rate

__all__ = ["Ask", "FactorLine", "Line", "Quote", "quote", "usage_exact"]

QUOTE_FORMAT = 1
NEGOTIATED = "negotiated"
USAGE_CODES = ("media", "territory", "window", "exclusivity", "category", NEGOTIATED)


@dataclass(frozen=True)
class FactorLine:
    code: str
    label: str
    reason: str
    value: Fraction

    @property
    def decimal(self) -> str:
        """The shortest decimal of at most four places: exact for factors of a rate card, which are basis points."""
        whole, rest = divmod(int(self.value * BASIS_POINTS), BASIS_POINTS)
        return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")

    def as_json(self) -> dict[str, str]:
        texts = {"code": self.code, "label": self.label, "reason": self.reason}
        return texts | {"value": str(self.value), "decimal": self.decimal}


@dataclass(frozen=True, kw_only=True)
class Quote(Amounts):
    """A price with the question it answers. `as_json` is what the terms freeze."""

    ask: Ask
    factors: tuple[FactorLine, ...]

    def as_json(self) -> dict[str, Any]:
        return self.amounts_json() | {
            "format": QUOTE_FORMAT,
            "ask": self.ask.as_json(),
            "factors": [line.as_json() for line in self.factors],
            "lines": [{"code": x.code, "label": x.label, "amount_minor": x.amount_minor} for x in self.lines],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Quote":
        """The quote as it was frozen; nothing is priced again. Raises ValueError for another format or wrong sums."""
        if data.get("format") != QUOTE_FORMAT:
            raise ValueError(f"unknown format of a quote: {data.get('format')!r}")
        lines = tuple(
            FactorLine(line["code"], line["label"], line["reason"], Fraction(line["value"])) for line in data["factors"]
        )
        return _with_question(amounts_from_json(data), Ask.from_json(data["ask"]), lines)


def quote(ask: Ask, *, factors: Factors | None = None, on: date | None = None, crew_minor: int = 0) -> Quote:
    """Price what is asked with these factors (else the defaults) and the VAT of the day (else today, UTC).

    S = B × V; U = B × M × T × D × E × N; the service charge only where an agency answers. A fee negotiated above S + U
    raises both in proportion and is met to the cent. `crew_minor` is given to the crew on top of everything.
    Raises InvalidInput(field=…) for what cannot be priced, and for a fee below the rate card's.
    """
    check(ask)
    if not 0 <= crew_minor <= HIGHEST_CREW_MINOR:
        raise InvalidInput(f"At most {ask.currency} {HIGHEST_CREW_MINOR // 100:,} for the crew.", field="crew_split")
    lines = _factor_lines(ask, factors or DEFAULTS)
    session, usage = half_up(_session(ask, lines)), half_up(_usage(ask, lines))
    if ask.fee_minor is not None and ask.fee_minor != session + usage:
        lines = (*lines, _negotiated(ask, lines, session + usage))
        session = half_up(_session(ask, lines))
        usage = ask.fee_minor - session
    value = {line.code: line.value for line in lines}
    amounts = charge(
        currency=ask.currency,
        session_minor=session,
        usage_minor=usage,
        service_bp=int(value["service"] * BASIS_POINTS),
        platform_bp=int(value["platform"] * BASIS_POINTS),
        vat=vat_rate(ask.vat_country, on=on or datetime.now(UTC).date()),
        crew_minor=crew_minor,
    )
    return _with_question(amounts, ask, lines)


def usage_exact(priced: Quote) -> Fraction:
    """The usage fee of a quote before rounding: renewals and over-use are multiples of it."""
    return _usage(priced.ask, priced.factors)


def _session(ask: Ask, lines: tuple[FactorLine, ...]) -> Fraction:
    factors = (line.value for line in lines if line.code in {"volume", NEGOTIATED})
    return ask.day_rate_minor * prod(factors, start=Fraction(1))


def _negotiated(ask: Ask, lines: tuple[FactorLine, ...], listed_minor: int) -> FactorLine:
    """What raises the rate card's fee to the negotiated one."""
    if ask.fee_minor is None or ask.fee_minor < listed_minor:
        raise InvalidInput(
            f"The rate card asks for {ask.currency} {listed_minor // 100:,}.{listed_minor % 100:02d} at least.",
            field="fee_minor",
        )
    value = Fraction(ask.fee_minor) / (_session(ask, lines) + _usage(ask, lines))
    return FactorLine(NEGOTIATED, "Negotiated fee", "above the rate card, for this booking alone", value)


def _usage(ask: Ask, lines: tuple[FactorLine, ...]) -> Fraction:
    return ask.day_rate_minor * prod((line.value for line in lines if line.code in USAGE_CODES), start=Fraction(1))


def _with_question(amounts: Amounts, ask: Ask, lines: tuple[FactorLine, ...]) -> Quote:
    return Quote(**{field.name: getattr(amounts, field.name) for field in fields(Amounts)}, ask=ask, factors=lines)


def _factor_lines(ask: Ask, factors: Factors) -> tuple[FactorLine, ...]:
    service_bp = factors.bp("share", "service") if ask.represented else 0
    answers = "the agency's share" if ask.represented else "no agency answers for this model"
    platform = factors.value("share", "platform")
    return (
        _volume(ask, factors),
        _media(ask, factors),
        _territory(ask, factors),
        FactorLine(
            "window",
            "Length of the licence",
            str(Window(ask.window_months).label),
            factors.value("window", str(ask.window_months)),
        ),
        FactorLine(
            "exclusivity",
            "Exclusivity",
            str(Exclusivity(ask.exclusivity).label),
            factors.value("exclusivity", ask.exclusivity),
        ),
        FactorLine("category", "Category", str(Category(ask.category).label), factors.value("category", ask.category)),
        FactorLine("service", "Service charge on the fee", answers, Fraction(service_bp, BASIS_POINTS)),
        FactorLine("platform", "Platform fee on the fee", "the platform's share", platform),
    )


def _volume(ask: Ask, factors: Factors) -> FactorLine:
    """Steps for small numbers; beyond the last one every further 500 pictures, begun or full, adds the same."""
    step = next((limit for limit in VOLUME_STEPS if ask.pictures <= limit), None)
    if step is not None:
        return FactorLine("volume", "Pictures", f"{ask.pictures}, up to {step}", factors.value("volume", str(step)))
    last = VOLUME_STEPS[-1]
    further = ceil(Fraction(ask.pictures - last, VOLUME_STRIDE))
    value = factors.value("volume", str(last)) + further * factors.value("volume", f"further_{VOLUME_STRIDE}")
    return FactorLine("volume", "Pictures", f"{ask.pictures}, up to {last + further * VOLUME_STRIDE}", value)


def _media(ask: Ask, factors: Factors) -> FactorLine:
    """Several media add up; naming one twice does not."""
    media = [medium for medium in Medium if medium.value in ask.media]
    value = sum((factors.value("media", medium.value) for medium in media), start=Fraction(0))
    return FactorLine("media", "Media", " + ".join(str(medium.label) for medium in media), value)


def _territory(ask: Ask, factors: Factors) -> FactorLine:
    territories = frozenset(ask.territories)
    region = region_of(territories)
    if WORLD in territories:
        key, reason = "more", "Worldwide"
    elif len(territories) == 1:
        key, reason = "country", f"One country: {country_name(ask.territories[0])}"
    elif region:
        key, reason = "region", f"{len(territories)} countries within one region: {REGIONS[region][0]}"
    else:
        key, reason = "more", f"{len(territories)} countries beyond one region"
    return FactorLine("territory", "Territory", reason, factors.value("territory", key))
