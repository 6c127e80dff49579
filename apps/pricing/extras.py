"""Prices that follow from a quote or a day rate: renewal, use beyond the licence, the making of a twin."""

from datetime import date

from apps.common.errors import InvalidInput
from apps.common.money import half_up
from apps.pricing.amounts import Amounts, charge
from apps.pricing.ask import check_day_rate
from apps.pricing.factors import DEFAULTS, Factors
from apps.pricing.quote import Quote, usage_exact
from apps.pricing.vat import vat_rate


def renewal(priced: Quote, *, before_the_end: bool, on: date, factors: Factors | None = None) -> Amounts:
    """The usage fee again, less when it is agreed before the licence ends. No session: the pictures exist."""
    reduction = (factors or DEFAULTS).value("act", "early_renewal") if before_the_end else 1
    return _usage_only(priced, half_up(usage_exact(priced) * reduction), on)


def extension(priced: Quote, wider: Quote, *, on: date) -> Amounts:
    """More territories, media or months: the usage fee of the wider licence less that of the one there is.

    Raises InvalidInput when the wider one does not cost more.
    """
    usage_minor = half_up(usage_exact(wider) - usage_exact(priced))
    if usage_minor <= 0:
        raise InvalidInput("Choose more than the licence has already.", field="window_months")
    return _usage_only(priced, usage_minor, on)


def over_use(priced: Quote, *, on: date, factors: Factors | None = None) -> Amounts:
    """Use outside the licence: twice the usage fee by default."""
    return _usage_only(priced, half_up(usage_exact(priced) * (factors or DEFAULTS).value("act", "over_use")), on)


def twin_creation(
    *,
    day_rate_minor: int,
    currency: str,
    represented: bool,
    vat_country: str,
    on: date,
    factors: Factors | None = None,
) -> Amounts:
    """The fee for making a twin, paid by whoever commissions it; the twin belongs to the model.

    Raises InvalidInput(field=…) for a day rate or a country that cannot be priced.
    """
    check_day_rate(day_rate_minor, currency)
    table = factors or DEFAULTS
    return charge(
        currency=currency,
        session_minor=half_up(day_rate_minor * table.value("act", "twin_creation")),
        usage_minor=0,
        service_bp=table.bp("share", "service") if represented else 0,
        platform_bp=table.bp("share", "platform"),
        vat=vat_rate(vat_country, on=on),
    )


def _usage_only(priced: Quote, usage_minor: int, on: date) -> Amounts:
    return charge(
        currency=priced.currency,
        session_minor=0,
        usage_minor=usage_minor,
        service_bp=priced.service_bp,
        platform_bp=priced.platform_bp,
        vat=vat_rate(priced.vat.country, on=on),
    )
