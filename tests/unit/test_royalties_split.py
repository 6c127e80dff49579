"""Who gets what of a price, to the cent, and what stays of it under each closing rule."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import InvalidInput, Refused
from apps.pricing.amounts import Amounts, charge
from apps.pricing.quote import Ask, Quote, quote
from apps.pricing.vat import vat_rate
from apps.royalties.closing import Rule, close
from apps.royalties.split import Share, split
from apps.royalties.taking_back import allocate, unused_usage

AMINA, NORDLYS, LAGOS = "talent:amina", "org:nordlys", "org:lagos"
DAY = date(2026, 11, 23)


def example(**changes: object) -> Quote:
    ask = {
        "day_rate_minor": 150_000, "currency": "EUR", "pictures": 40, "media": ("ecommerce",), "territories": ("DE",),
        "window_months": 12, "exclusivity": "none", "category": "fashion", "represented": True, "vat_country": "DE",
    }  # fmt: skip
    return quote(Ask(**(ask | changes)), on=DAY)  # type: ignore[arg-type]


def parts(shares: list[Share]) -> list[tuple[str, str, str, int]]:
    return [(share.party, share.kind, share.reason, share.amount_minor) for share in shares]


amounts = st.builds(
    charge,
    currency=st.just("EUR"),
    session_minor=st.integers(1, 10**9),
    usage_minor=st.integers(0, 10**10),
    service_bp=st.sampled_from([2_000, 1_733]),
    platform_bp=st.sampled_from([800, 733]),
    vat=st.sampled_from(["DE", "US", "FI", "CH"]).map(lambda country: vat_rate(country, on=DAY)),
)
commissions = st.integers(0, 2_000).flatmap(lambda bp: st.tuples(st.just(bp), st.integers(0, bp)))


def test_the_worked_example_to_the_cent() -> None:
    shares = split(example(), talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000)

    assert parts(shares) == [
        (AMINA, "talent", "fee", 420_000),
        (NORDLYS, "agency", "commission", 52_500),
        (LAGOS, "mother_agency", "commission", 52_500),
        (NORDLYS, "agency", "service", 105_000),
        ("platform", "platform", "platform", 42_000),
        ("platform", "vat", "vat", 127_680),
    ]
    assert sum(share.amount_minor for share in shares if share.party == NORDLYS) == 157_500
    assert sum(share.amount_minor for share in shares) == 799_680


def test_a_mother_agency_that_books_herself_gets_the_agencys_lines() -> None:
    shares = split(example(), talent=AMINA, agency=None, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000)

    assert parts(shares)[1:3] == [(LAGOS, "agency", "commission", 105_000), (LAGOS, "agency", "service", 105_000)]
    same = split(example(), talent=AMINA, agency=LAGOS, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000)
    assert same == shares


def test_without_an_agency_the_model_gets_the_whole_fee() -> None:
    alone = example(represented=False, vat_country="US")
    shares = split(alone, talent=AMINA, agency=None, mother_agency=None, commission_bp=0, mother_bp=0)

    assert parts(shares) == [(AMINA, "talent", "fee", 525_000), ("platform", "platform", "platform", 42_000)]
    with pytest.raises(InvalidInput):
        split(alone, talent=AMINA, agency=None, mother_agency=None, commission_bp=1_000, mother_bp=0)
    with pytest.raises(InvalidInput):
        split(example(), talent=AMINA, agency=None, mother_agency=None, commission_bp=0, mother_bp=0)


@pytest.mark.parametrize(("commission", "mother"), [(2_001, 0), (-1, 0), (1_000, 1_001), (1_000, -1)])
def test_a_commission_above_the_law_or_a_mother_outside_it_is_refused(commission: int, mother: int) -> None:
    with pytest.raises(InvalidInput):
        split(example(), talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=commission, mother_bp=mother)


@given(amounts, commissions)
def test_the_parts_are_the_whole_and_each_within_a_cent_of_its_share(price: Amounts, bp: tuple[int, int]) -> None:
    shares = split(price, talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=bp[0], mother_bp=bp[1])

    assert sum(share.amount_minor for share in shares) == price.total_minor
    for share in shares:
        base = price.fee_minor if share.reason != "vat" else price.net_minor
        assert abs(share.amount_minor - Fraction(base * share.rate_bp, 10_000)) < 1


@pytest.mark.parametrize(
    ("rule", "kept_net", "kept_vat", "refund_held", "refund_vat"),
    [
        # Nothing was paid, nothing is owed.
        (Rule.NOT_PAID, 0, 0, 0, 0),
        # A quarter of S is 562.50; with 20 % service, 8 % platform, 19 % VAT.
        (Rule.NOTHING_GENERATED, 72_000, 13_680, 600_000, 114_000),
        # S is 2,250.00.
        (Rule.BRAND_SAW_A_PICTURE, 288_000, 54_720, 384_000, 72_960),
        (Rule.BRAND_SELECTED, 672_000, 127_680, 0, 0),
    ],
)
def test_what_stays_under_each_closing_rule(
    rule: Rule, kept_net: int, kept_vat: int, refund_held: int, refund_vat: int
) -> None:
    closing = close(example(), rule)

    assert (closing.kept.net_minor, closing.kept.vat_minor) == (kept_net, kept_vat)
    assert (closing.refund_held_minor, closing.refund_vat_minor) == (refund_held, refund_vat)
    assert closing.refund_minor == refund_held + refund_vat


def test_at_our_fault_the_undelivered_share_goes_back_whole() -> None:
    nothing = close(example(), Rule.OUR_FAULT, delivered=0, ordered=40)
    some = close(example(), Rule.OUR_FAULT, delivered=30, ordered=40)
    everything = close(example(), Rule.OUR_FAULT, delivered=40, ordered=40)

    assert (nothing.kept.total_minor, nothing.refund_minor) == (0, 799_680)
    assert (some.kept.fee_minor, some.kept.net_minor, some.kept.vat_minor) == (393_750, 504_000, 95_760)
    assert some.refund_minor == 199_920
    assert (everything.kept.total_minor, everything.refund_minor) == (799_680, 0)


def test_pictures_that_the_brand_did_not_choose_are_not_credited() -> None:
    assert close(example(), Rule.BRAND_SELECTED, delivered=3, ordered=40).refund_minor == 0


@pytest.mark.parametrize(("delivered", "ordered"), [(41, 40), (-1, 40), (0, 0)])
def test_impossible_numbers_of_pictures_are_refused(delivered: int, ordered: int) -> None:
    with pytest.raises(InvalidInput):
        close(example(), Rule.OUR_FAULT, delivered=delivered, ordered=ordered)


@given(amounts, st.sampled_from(list(Rule)), st.integers(0, 60), st.integers(60, 90))
def test_no_line_grows_and_nothing_is_lost(price: Amounts, rule: Rule, delivered: int, ordered: int) -> None:
    closing = close(price, rule, delivered=delivered, ordered=ordered)
    kept = closing.kept

    for line in ("session_minor", "usage_minor", "service_minor", "platform_minor", "vat_minor"):
        assert 0 <= getattr(kept, line) <= getattr(price, line)
    if rule is not Rule.NOT_PAID:
        assert kept.total_minor + closing.refund_minor == price.total_minor
        assert kept.net_minor + closing.refund_held_minor == price.net_minor


def test_the_unused_usage_of_a_licence_goes_back_with_its_vat() -> None:
    assert unused_usage(example(), unused_days=73, licence_days=365) == (60_000, 11_400)
    assert unused_usage(example(), unused_days=0, licence_days=365) == (0, 0)
    with pytest.raises(InvalidInput):
        unused_usage(example(), unused_days=366, licence_days=365)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=5).filter(any), st.data())
def test_refunds_in_any_steps_never_take_more_than_remains(remaining: list[int], data: st.DataObject) -> None:
    while any(remaining):
        parts_taken = allocate(data.draw(st.integers(1, sum(remaining))), remaining)
        assert all(0 <= part <= rest for part, rest in zip(parts_taken, remaining, strict=True))
        remaining = [rest - part for part, rest in zip(parts_taken, remaining, strict=True)]
    with pytest.raises(Refused):
        allocate(1, remaining)


def test_a_fee_refunded_cent_by_cent_comes_out_exactly() -> None:
    remaining = [4_200, 525, 525]
    for _ in range(5_250):
        taken = allocate(1, remaining)
        remaining = [rest - part for part, rest in zip(taken, remaining, strict=True)]
        assert min(remaining) >= 0
    assert remaining == [0, 0, 0]
