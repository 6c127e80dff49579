"""The crew's split as a rule over numbers: on top of the fee, off nobody's share, and every total sums to the cent."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.errors import InvalidInput
from apps.common.money import half_up
from apps.pricing.amounts import Amounts, amounts_from_json, charge
from apps.pricing.extras import renewal
from apps.pricing.parity import real_shoot
from apps.pricing.quote import Ask, Quote, quote
from apps.pricing.vat import vat_rate
from apps.royalties.closing import Rule, close
from apps.royalties.split import Kind, Reason, Share, split
from apps.royalties.taking_back import unused_usage

AMINA, NORDLYS, LAGOS = "talent:amina", "org:nordlys", "org:lagos"
ODILE, RUTH, TOMAS = "crew:odile", "crew:ruth", "crew:tomas"
DAY = date(2026, 11, 23)
CREW = {ODILE: 40_000, RUTH: 20_000}
ASK = Ask(150_000, "EUR", 40, ("ecommerce",), ("DE",), 12, "none", "fashion", True, "DE")


def example(crew_minor: int = 60_000) -> Quote:
    return quote(ASK, on=DAY, crew_minor=crew_minor)


def shares_of(price: Amounts, crew: dict[str, int]) -> list[Share]:
    return split(
        price, talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000, crew=crew
    )


def of(shares: list[Share], *kinds: str) -> int:
    return sum(share.amount_minor for share in shares if share.kind in kinds)


crews = st.dictionaries(st.sampled_from([ODILE, RUTH, TOMAS]), st.integers(1, 3_000_000), max_size=3)
endings = st.sampled_from([rule for rule in Rule if rule is not Rule.NOT_PAID])


@st.composite
def priced(draw: st.DrawFn) -> tuple[Amounts, dict[str, int]]:
    crew = draw(crews)
    price = charge(
        currency="EUR",
        session_minor=draw(st.integers(1, 10**8)),
        usage_minor=draw(st.integers(0, 10**9)),
        service_bp=draw(st.sampled_from([2_000, 1_733])),
        platform_bp=draw(st.sampled_from([800, 733])),
        vat=vat_rate(draw(st.sampled_from(["DE", "US", "FI", "CH"])), on=DAY),
        crew_minor=sum(crew.values()),
    )
    return price, crew


class TestPrice:
    def test_the_worked_example_with_a_crew_of_600_to_the_cent(self) -> None:
        price, before = example(), example(0)
        assert (price.crew_minor, price.net_minor, price.vat_minor, price.total_minor) == (
            60_000, 732_000, 139_080, 871_080,
        )  # fmt: skip
        assert (before.net_minor, before.vat_minor, before.total_minor) == (672_000, 127_680, 799_680)
        for line in ("session_minor", "usage_minor", "fee_minor", "service_minor", "platform_minor"):
            assert getattr(price, line) == getattr(before, line)
        assert [line.code for line in price.lines] == ["session", "usage", "service", "platform", "crew", "vat"]

    def test_a_price_without_a_crew_reads_as_before(self) -> None:
        assert "crew" not in str(example(0).as_json())
        assert Quote.from_json(example(0).as_json()).crew_minor == 0

    def test_it_is_frozen_with_the_price_and_a_wrong_sum_is_found(self) -> None:
        assert Quote.from_json(example().as_json()) == example()
        with pytest.raises(ValueError, match="sums"):
            amounts_from_json(example().as_json() | {"crew_minor": 60_001})

    def test_a_cent_of_crew_has_its_vat_rounded_with_the_rest_once(self) -> None:
        assert example(3).vat_minor == half_up(Fraction(672_003 * 1_900, 10_000))

    @pytest.mark.parametrize("crew_minor", [-1, 10_000_001])
    def test_neither_less_than_nothing_nor_more_than_a_crew_costs(self, crew_minor: int) -> None:
        with pytest.raises(InvalidInput) as refused:
            example(crew_minor)
        assert refused.value.field == "crew_split"

    def test_a_renewal_and_the_real_shoot_beside_it_know_no_crew(self) -> None:
        again = renewal(example(), before_the_end=True, on=DAY)
        assert again == renewal(example(0), before_the_end=True, on=DAY) and again.crew_minor == 0
        assert real_shoot(ASK).twin_net_minor == example(0).net_minor

    def test_a_licence_that_ends_early_gives_back_usage_alone(self) -> None:
        assert unused_usage(example(), unused_days=100, licence_days=365) == unused_usage(
            example(0), unused_days=100, licence_days=365
        )


class TestShares:
    def test_everybody_has_what_they_had_and_the_crew_its_own(self) -> None:
        shares = shares_of(example(), CREW)
        crew = [(share.party, share.amount_minor, share.rate_bp) for share in shares if share.kind == Kind.CREW]
        assert crew == [(ODILE, 40_000, 6_667), (RUTH, 20_000, 3_333)]
        rest = [share for share in shares if share.kind not in (Kind.CREW, Kind.VAT)]
        assert rest == [share for share in shares_of(example(0), {}) if share.kind != Kind.VAT]
        assert of(shares, "vat") == 139_080 and sum(share.amount_minor for share in shares) == 871_080

    @pytest.mark.parametrize("crew", [{}, {ODILE: 59_999}, {ODILE: 60_000, RUTH: 0}, {ODILE: 60_001, RUTH: -1}])
    def test_a_crew_that_does_not_add_up_is_refused(self, crew: dict[str, int]) -> None:
        with pytest.raises(InvalidInput) as refused:
            shares_of(example(), crew)
        assert refused.value.field == "crew_split"

    @given(given_price=priced())
    def test_shares_and_crew_are_what_the_brand_pays(self, given_price: tuple[Amounts, dict[str, int]]) -> None:
        price, crew = given_price
        shares = shares_of(price, crew)
        assert sum(share.amount_minor for share in shares) == price.total_minor
        assert {share.party: share.amount_minor for share in shares if share.reason == Reason.CREW} == crew


class TestClosing:
    @pytest.mark.parametrize(
        ("rule", "delivered", "window", "kept"),
        [
            (Rule.NOTHING_GENERATED, 0, 1, 6_429),  # 562.50 of 5,250.00 of F stays: of 600.00 it is 64.29
            (Rule.BRAND_SAW_A_PICTURE, 0, 1, 25_714),  # 2,250.00 of 5,250.00
            (Rule.BRAND_SELECTED, 0, 1, 60_000),
            (Rule.OUR_FAULT, 0, 1, 0),
            (Rule.OUR_FAULT, 30, 1, 45_000),
            (Rule.OUR_FAULT, 40, 1, 60_000),
            (Rule.NOT_PAID, 0, 1, 0),
        ],
    )
    def test_the_crew_keeps_the_part_that_stays_of_the_fee(
        self, rule: Rule, delivered: int, window: int, kept: int
    ) -> None:
        closing = close(example(), rule, delivered=delivered, ordered=40, window=Fraction(window))
        assert closing.kept.crew_minor == kept
        without = close(example(0), rule, delivered=delivered, ordered=40, window=Fraction(window))
        assert closing.kept.fee_minor == without.kept.fee_minor
        assert closing.kept.service_minor == without.kept.service_minor
        assert closing.kept.platform_minor == without.kept.platform_minor

    @given(given_price=priced(), rule=endings, delivered=st.integers(0, 7), days=st.integers(0, 365))
    def test_what_stays_and_what_goes_back_is_what_was_paid(
        self, given_price: tuple[Amounts, dict[str, int]], rule: Rule, delivered: int, days: int
    ) -> None:
        price, _ = given_price
        closing = close(price, rule, delivered=delivered, ordered=7, window=Fraction(days, 365))
        assert closing.kept.total_minor + closing.refund_minor == price.total_minor
        assert closing.refund_held_minor >= 0 and closing.refund_vat_minor >= 0
        assert 0 <= closing.kept.crew_minor <= price.crew_minor
