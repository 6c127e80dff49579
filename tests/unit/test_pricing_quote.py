"""The price of a booking, to the cent."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import InvalidInput
from apps.common.territories import COUNTRIES, WORLD
from apps.common.vocabulary import Category, Exclusivity, Medium, Window
from apps.pricing.extras import over_use, renewal, twin_creation
from apps.pricing.factors import DEFAULTS
from apps.pricing.parity import real_shoot
from apps.pricing.quote import Ask, Quote, quote

DAY = date(2026, 11, 23)
ATELIER_NORD = Ask(
    day_rate_minor=150_000,
    currency="EUR",
    pictures=40,
    media=("ecommerce",),
    territories=("DE",),
    window_months=12,
    exclusivity="none",
    category="fashion",
    represented=True,
    vat_country="DE",
)

asks = st.builds(
    Ask,
    day_rate_minor=st.integers(1, 100_000_000),
    currency=st.sampled_from(["EUR", "GBP", "SEK"]),
    pictures=st.integers(1, 5_000),
    media=st.lists(st.sampled_from(Medium.values), min_size=1, max_size=6).map(tuple),
    territories=st.lists(st.sampled_from([*sorted(COUNTRIES), WORLD]), min_size=1, max_size=5).map(tuple),
    window_months=st.sampled_from(Window.values),
    exclusivity=st.sampled_from(Exclusivity.values),
    category=st.sampled_from(Category.values),
    represented=st.booleans(),
    vat_country=st.sampled_from(sorted(COUNTRIES)),
)


def test_the_worked_example_to_the_cent() -> None:
    priced = quote(ATELIER_NORD, on=DAY)

    assert [(line.code, line.amount_minor) for line in priced.lines] == [
        ("session", 225_000),
        ("usage", 300_000),
        ("service", 105_000),
        ("platform", 42_000),
        ("vat", 127_680),
    ]
    assert (priced.fee_minor, priced.net_minor, priced.total_minor) == (525_000, 672_000, 799_680)
    assert priced.lines[-1].label == "VAT 19 % (Germany)"


def test_the_usage_fee_is_rounded_half_up_once() -> None:
    ask = replace(ATELIER_NORD, media=("own",), window_months=6, exclusivity="category", category="swim")

    assert quote(ask, on=DAY).usage_minor == 295_313  # 2,953.125 exactly


@pytest.mark.parametrize(
    ("pictures", "volume"),
    [
        (1, 1),
        (20, 1),
        (21, "3/2"),
        (100, "3/2"),
        (101, "5/2"),
        (500, "5/2"),
        (501, 3),
        (1_000, 3),
        (1_001, "7/2"),
        (5_000, 7),
    ],
)
def test_volume_steps(pictures: int, volume: str) -> None:
    factors = {line.code: line.value for line in quote(replace(ATELIER_NORD, pictures=pictures), on=DAY).factors}

    assert factors["volume"] == Fraction(volume)


@pytest.mark.parametrize(
    ("territories", "factor", "reason"),
    [
        (("DE",), "1", "One country: Germany"),
        (("DE", "DE"), "1", "One country: Germany"),
        (("DE", "AT"), "1.75", "2 countries within one region: Germany, Austria, Switzerland"),
        (("SE", "DE"), "1.75", "2 countries within one region: Europe"),
        (("DE", "US"), "2.5", "2 countries beyond one region"),
        (("WORLD",), "2.5", "Worldwide"),
    ],
)
def test_territory(territories: tuple[str, ...], factor: str, reason: str) -> None:
    line = next(
        x for x in quote(replace(ATELIER_NORD, territories=territories), on=DAY).factors if x.code == "territory"
    )

    assert (line.decimal, line.reason) == (factor, reason)


def test_media_add_up_and_count_once() -> None:
    media = ("own", "tv", "own")
    line = next(x for x in quote(replace(ATELIER_NORD, media=media), on=DAY).factors if x.code == "media")

    assert (line.value, line.reason) == (5, "Own site and organic social + Television")


def test_without_an_agency_there_is_no_service_charge() -> None:
    priced = quote(replace(ATELIER_NORD, represented=False), on=DAY)

    assert (priced.service_bp, priced.service_minor, priced.net_minor) == (0, 0, 567_000)
    assert "service" not in {line.code for line in priced.lines}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("day_rate_minor", 0),
        ("day_rate_minor", -150_000),
        ("day_rate_minor", 10**12),
        ("day_rate_minor", 1_500.5),
        ("currency", "DOGE"),
        ("currency", "JPY"),
        ("pictures", 0),
        ("pictures", -3),
        ("pictures", 5_001),
        ("pictures", True),
        ("media", ()),
        ("media", ("ecommerce", "skywriting")),
        ("territories", ()),
        ("territories", ("XX",)),
        ("territories", ("europe",)),
        ("window_months", 48),
        ("window_months", 7),
        ("window_months", -12),
        ("exclusivity", "total"),
        ("category", "hats"),
        ("vat_country", ""),
        ("vat_country", "EU"),
    ],
)
def test_what_cannot_be_priced_names_its_field(field: str, value: object) -> None:
    with pytest.raises(InvalidInput) as refusal:
        quote(replace(ATELIER_NORD, **{field: value}), on=DAY)

    assert refusal.value.field == field
    assert refusal.value.message


def test_outside_the_vat_table_the_line_stays_and_says_why() -> None:
    priced = quote(replace(ATELIER_NORD, vat_country="US"), on=DAY)

    assert (priced.vat_minor, priced.total_minor) == (0, 672_000)
    assert priced.lines[-1].label == "No VAT: United States is outside the EU, Great Britain, Switzerland and Norway"


def test_a_rate_counts_from_its_day() -> None:
    tallinn = replace(ATELIER_NORD, vat_country="EE")

    assert quote(tallinn, on=date(2025, 6, 30)).vat_rate_bp == 2_200
    assert quote(tallinn, on=date(2025, 7, 1)).vat_rate_bp == 2_400
    with pytest.raises(InvalidInput):
        quote(tallinn, on=date(2019, 1, 1))


@given(asks)
def test_lines_add_up_and_no_line_is_off_by_more_than_half_a_cent(ask: Ask) -> None:
    priced = quote(ask, on=DAY)
    value = {line.code: line.value for line in priced.factors}
    exact_usage = Fraction(ask.day_rate_minor)
    for code in ("media", "territory", "window", "exclusivity", "category"):
        exact_usage *= value[code]

    assert sum(line.amount_minor for line in priced.lines) == priced.total_minor
    assert -Fraction(1, 2) < priced.usage_minor - exact_usage <= Fraction(1, 2)
    assert abs(priced.service_minor - priced.fee_minor * Fraction(priced.service_bp, 10_000)) <= Fraction(1, 2)
    assert abs(priced.vat_minor - priced.net_minor * Fraction(priced.vat_rate_bp, 10_000)) <= Fraction(1, 2)


@given(asks, st.sampled_from(["pictures", "day_rate_minor"]))
def test_more_never_costs_less(ask: Ask, field: str) -> None:
    limits = {"pictures": 5_000, "day_rate_minor": 100_000_000}
    more = replace(ask, **{field: min(getattr(ask, field) + 7, limits[field])})

    assert quote(more, on=DAY).total_minor >= quote(ask, on=DAY).total_minor


@given(asks)
def test_a_frozen_quote_comes_back_unchanged(ask: Ask) -> None:
    priced = quote(ask, on=DAY)

    assert Quote.from_json(json.loads(json.dumps(priced.as_json()))) == priced


def test_a_frozen_quote_with_a_changed_sum_is_refused() -> None:
    frozen = quote(ATELIER_NORD, on=DAY).as_json()

    with pytest.raises(ValueError, match="do not follow"):
        Quote.from_json(frozen | {"total_minor": 1})
    with pytest.raises(ValueError, match="format"):
        Quote.from_json(frozen | {"format": 0})


def test_a_frozen_quote_shows_its_factors_and_the_base_of_the_vat() -> None:
    frozen = quote(ATELIER_NORD, on=DAY).as_json()

    assert frozen["factors"][0] == {
        "code": "volume", "label": "Pictures", "reason": "40, up to 100", "value": "3/2", "decimal": "1.5",
    }  # fmt: skip
    assert (frozen["vat"]["base_minor"], frozen["vat"]["rate_bp"], frozen["vat"]["country"]) == (672_000, 1_900, "DE")
    assert "2026" in frozen["vat"]["source"]


def test_a_renewal_is_the_usage_again_and_ten_percent_less_before_the_end() -> None:
    priced = quote(ATELIER_NORD, on=DAY)
    early, late = (renewal(priced, before_the_end=early, on=DAY) for early in (True, False))

    assert (early.session_minor, early.usage_minor, early.total_minor) == (0, 270_000, 411_264)
    assert late.usage_minor == 300_000


def test_use_outside_the_licence_costs_twice_the_usage() -> None:
    assert over_use(quote(ATELIER_NORD, on=DAY), on=DAY).usage_minor == 600_000


def test_making_a_twin_costs_one_and_a_quarter_days_with_both_fees() -> None:
    fee = twin_creation(day_rate_minor=150_000, currency="EUR", represented=True, vat_country="SE", on=DAY)

    assert (fee.fee_minor, fee.service_minor, fee.platform_minor) == (187_500, 37_500, 15_000)
    assert fee.total_minor == 300_000
    with pytest.raises(InvalidInput):
        twin_creation(day_rate_minor=0, currency="EUR", represented=True, vat_country="SE", on=DAY)


def test_the_parity_meter_shows_what_she_earns_in_both() -> None:
    shoot = real_shoot(ATELIER_NORD, commission_bp=2_000)

    assert (shoot.days, shoot.session_minor, shoot.usage_minor) == (2, 300_000, 300_000)
    assert (shoot.net_minor, shoot.model_minor) == (720_000, 480_000)
    assert (shoot.twin_net_minor, shoot.twin_model_minor) == (672_000, 420_000)
    assert any("20 finished pictures" in assumption for assumption in shoot.assumptions)
    with pytest.raises(InvalidInput):
        real_shoot(ATELIER_NORD, commission_bp=2_001)


def test_a_card_overrides_single_factors() -> None:
    dear = DEFAULTS.overridden_by({"media": {"ecommerce": 30_000}, "share": {"service": 0}})
    priced = quote(ATELIER_NORD, factors=dear, on=DAY)

    assert (priced.usage_minor, priced.service_minor) == (450_000, 0)
    assert quote(ATELIER_NORD, on=DAY).usage_minor == 300_000
