"""What stays and what goes back when a booking ends: the closing rules, as a pure function over the agreed price."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from apps.common.errors import InvalidInput
from apps.common.money import half_up
from apps.pricing.amounts import Amounts, charge

CANCELLATION_SHARE = Fraction(1, 4)
WHOLE = Fraction(1)


class Rule(StrEnum):
    NOT_PAID = "not_paid"  # before agreement, or agreed and never paid: nothing is owed
    NOTHING_GENERATED = "nothing_generated"  # the brand leaves before anything was made: a quarter of S stays
    BRAND_SAW_A_PICTURE = "brand_saw_a_picture"  # S stays
    BRAND_SELECTED = "brand_selected"  # F stays, also for pictures that the brand did not choose
    OUR_FAULT = "our_fault"  # model or system caused the missing pictures: their share goes back whole


@dataclass(frozen=True)
class Closing:
    """`kept` is earned by the parties; the refund comes out of what is held and out of the VAT. Minor units."""

    rule: Rule
    kept: Amounts
    refund_held_minor: int
    refund_vat_minor: int

    @property
    def refund_minor(self) -> int:
        return self.refund_held_minor + self.refund_vat_minor


def close(price: Amounts, rule: Rule, *, delivered: int = 0, ordered: int = 1, window: Fraction = WHOLE) -> Closing:
    """Apply a closing rule to a price.

    `delivered` of `ordered` counts only for OUR_FAULT: pictures that the model or the system withheld are missing from
    `delivered`, pictures that the brand did not choose are not. `window` counts for it as well: the part of the agreed
    days that the brand gets, which is a part of U. What stays carries its fees and VAT, each rounded half up once; no
    line can grow. The crew keeps the same part of what it was given as stays of F. Raises InvalidInput for impossible
    numbers of pictures.
    """
    if ordered < 1 or not 0 <= delivered <= ordered:
        raise InvalidInput(f"{delivered} of {ordered} pictures cannot be delivered.", field="delivered")
    if not 0 <= window <= WHOLE:
        raise InvalidInput("A licence cannot run for more days than were agreed.", field="window")
    parts: dict[Rule, tuple[Fraction, Fraction]] = {
        Rule.NOT_PAID: (Fraction(0), Fraction(0)),
        Rule.NOTHING_GENERATED: (CANCELLATION_SHARE, Fraction(0)),
        Rule.BRAND_SAW_A_PICTURE: (Fraction(1), Fraction(0)),
        Rule.BRAND_SELECTED: (Fraction(1), Fraction(1)),
        Rule.OUR_FAULT: (Fraction(delivered, ordered), Fraction(delivered, ordered) * window),
    }
    session_part, usage_part = parts[rule]
    fee_part = (price.session_minor * session_part + price.usage_minor * usage_part) / price.fee_minor
    kept = charge(
        currency=price.currency,
        session_minor=half_up(price.session_minor * session_part),
        usage_minor=half_up(price.usage_minor * usage_part),
        service_bp=price.service_bp,
        platform_bp=price.platform_bp,
        vat=price.vat,
        crew_minor=half_up(price.crew_minor * fee_part),
    )
    if rule is Rule.NOT_PAID:
        return Closing(rule, kept, 0, 0)
    return Closing(rule, kept, price.net_minor - kept.net_minor, price.vat_minor - kept.vat_minor)
