"""What templates need to speak like the house: icons, money, dates in the reader's time zone, links that keep filters.

A builtin of the template engine: no `{% load %}` needed.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.common.devices import device
from apps.common.money import Money
from apps.common.territories import country_name, describe

register = template.Library()


def locale() -> Locale:
    return Locale.parse(get_language() or "en-gb", sep="-")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """One Lucide icon of the sprite; decorative unless it has a label."""
    href = f"{static('icons/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


# ---- money: minor units in, words of the reader's language out ----


def major(value: int | Money, currency: str) -> tuple[Decimal, str]:
    """The exact amount in the major unit and its currency."""
    minor, currency = (value.amount_minor, value.currency) if isinstance(value, Money) else (value, currency)
    return Decimal(minor).scaleb(-get_currency_precision(currency)), currency


@register.filter
def money(value: int | Money | None, currency: str = "EUR") -> str:
    """`{{ fee_minor|money:"EUR" }}` → €1,110.00. Nothing for None."""
    if value is None:
        return ""
    amount, currency = major(value, currency)
    return format_currency(amount, currency, locale=locale())


@register.filter
def money_short(value: int | Money | None, currency: str = "EUR") -> str:
    """Without the minor unit when it is zero: €1,110, but €1,110.50."""
    if value is None:
        return ""
    amount, currency = major(value, currency)
    if amount != amount.to_integral_value():
        return format_currency(amount, currency, locale=locale())
    return format_currency(amount, currency, format="¤#,##0", currency_digits=False, locale=locale())


@register.filter
def money_big(value: int | Money, currency: str = "EUR") -> SafeString:
    """For the large serif figure: the currency's sign is set smaller."""
    amount, currency = major(value, currency)
    number = format_decimal(amount, format=f"#,##0.{'0' * get_currency_precision(currency)}", locale=locale())
    return format_html('<span class="cur">{}</span>{}', get_currency_symbol(currency, locale=locale()), number)


@register.filter
def number(value: Any) -> str:
    return format_decimal(value, locale=locale())


@register.filter
def percent(basis_points: int) -> str:
    """`{{ 2000|percent }}` → 20%; 1750 → 17.5%."""
    return f"{format_decimal(Decimal(basis_points) / 100, format='#,##0.##', locale=locale())}%"


@register.filter
def share_of(part: int, whole: int) -> str:
    """The part as a percentage of the whole, for labels: 62.5%."""
    return percent(round(part * 10_000 / whole)) if whole else percent(0)


# ---- times, always in the reader's time zone ----


def _local(value: datetime) -> datetime:
    return timezone.localtime(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """26 Nov, with the year when it is not this year."""
    if value is None:
        return ""
    here = _local(value).date() if isinstance(value, datetime) else value
    pattern = "d MMM" if here.year == timezone.localdate().year else "d MMM y"
    return format_date(here, pattern, locale=locale())


@register.filter
def full_day(value: date | datetime | None) -> str:
    """26 November 2026."""
    if value is None:
        return ""
    here = _local(value).date() if isinstance(value, datetime) else value
    return format_date(here, "d MMMM y", locale=locale())


@register.filter
def moment(value: datetime | None) -> str:
    """Thu 26 Nov, 18:00."""
    if value is None:
        return ""
    here = _local(value)
    pattern = "EEE d MMM, HH:mm" if here.year == timezone.localdate().year else "d MMM y, HH:mm"
    return format_datetime(here, pattern, locale=locale())


@register.filter
def clock(value: datetime | None) -> str:
    """14:02."""
    return format_time(_local(value), "HH:mm", locale=locale()) if value else ""


@register.filter
def month_name(value: date) -> str:
    """November 2026."""
    return format_date(value, "LLLL y", locale=locale())


@register.filter
def left(value: datetime | None) -> str:
    """How long until then, in the largest unit: 3 days, 5 hours. Empty when it is over."""
    if value is None or (remaining := value - timezone.now()) <= timedelta(0):
        return ""
    return format_timedelta(remaining, threshold=1.5, locale=locale())


@register.filter
def days_until(value: date) -> int:
    """Whole days to a date in UTC, in which licences are cut; 0 on the day itself."""
    return (value - datetime.now(UTC).date()).days


@register.filter
def ago(value: datetime | None) -> str:
    if value is None:
        return ""
    return format_timedelta(value - timezone.now(), add_direction=True, locale=locale())


@register.filter
def urgency(value: datetime | None) -> str:
    """The tone of a deadline's chip: neg under 6 hours, warn under 2 days, else none."""
    if value is None:
        return ""
    remaining = value - timezone.now()
    if remaining <= timedelta(hours=6):
        return "neg"
    return "warn" if remaining <= timedelta(days=2) else ""


@register.simple_tag
def when(value: date | datetime | None, style: str = "moment") -> SafeString | str:
    """A `<time>` with the machine's value; style is day, full_day, moment, clock, left or ago."""
    if value is None:
        return ""
    styles: dict[str, Callable[[Any], str]] = {
        "day": day,
        "full_day": full_day,
        "moment": moment,
        "clock": clock,
        "left": left,
        "ago": ago,
    }
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), styles[style](value))


# ---- words ----


@register.filter
def territories(value: Iterable[str]) -> str:
    return describe(value)


@register.filter
def country(code: str) -> str:
    return country_name(code)


@register.filter
def initials(name: str) -> str:
    """Two letters for a monogram."""
    return "".join(word[0] for word in name.split()[:2]).upper()


@register.filter
def label_of(value: str, choices: Iterable[tuple[str, str]]) -> str:
    """The label of a stored code: `{{ code|label_of:Medium.choices }}`."""
    return dict(choices).get(value, value)


# ---- links that keep what is chosen ----


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The current query string with some keys changed; None removes a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}" if query else "?"


@register.simple_tag(takes_context=True)
def qs_with(context: Context, key: str, value: Any) -> str:
    """The current query string with one key changed, whose name is a variable."""
    return qs(context, **{key: value})


@register.simple_tag(takes_context=True)
def qs_without(context: Context, key: str, value: Any) -> str:
    """The current query string with one value of a key removed."""
    query = context["request"].GET.copy()
    query.setlist(key, [kept for kept in query.getlist(key) if kept != str(value)])
    return f"?{query.urlencode()}" if query else "?"


register.filter(device)
