"""From agreement to earning: frozen shares, closing rules in the books, and what the database refuses."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import Refused
from apps.ledger.errors import BelowFloor
from apps.ledger.models import Journal
from apps.ledger.services import Leg, audit, balance, post
from apps.pricing.quote import Ask, Quote, quote
from apps.royalties.closing import Rule, close
from apps.royalties.models import Royalty, Split
from apps.royalties.services import agree, close_unearned, earn
from apps.royalties.split import Share, split
from apps.royalties.taking_back import take_back

pytestmark = pytest.mark.django_db

AMINA, NORDLYS, LAGOS = f"talent:{UUID(int=1)}", f"org:{UUID(int=2)}", f"org:{UUID(int=3)}"
BOOKING = f"booking:{UUID(int=4)}"
HELD = f"held:{BOOKING}"
ASK = Ask(150_000, "EUR", 40, ("ecommerce",), ("DE",), 12, "none", "fashion", True, "DE")
DELIVERED = datetime(2026, 10, 20, 9, tzinfo=UTC)


def price() -> Quote:
    return quote(ASK, on=date(2026, 9, 1))


def shares() -> list[Share]:
    return split(price(), talent=AMINA, agency=NORDLYS, mother_agency=LAGOS, commission_bp=2_000, mother_bp=1_000)


def agreed() -> list[Royalty]:
    return agree(charge_ref=BOOKING, shares=shares(), by=Actor.SYSTEM)


def paid() -> None:
    post(
        key=f"paid:{BOOKING}",
        kind="paid",
        ref=BOOKING,
        legs=[Leg("stripe", "EUR", 799_680), Leg(HELD, "EUR", -672_000), Leg("vat:DE", "EUR", -127_680)],
        occurred_at=datetime(2026, 10, 1, tzinfo=UTC),
        by="system",
    )


def refund(held_minor: int, vat_minor: int) -> None:
    legs = [
        Leg(HELD, "EUR", held_minor),
        Leg("vat:DE", "EUR", vat_minor),
        Leg("stripe", "EUR", -held_minor - vat_minor),
    ]
    post(key=f"refund:{uuid4()}", kind="refund", ref=BOOKING, legs=legs, occurred_at=timezone.now(), by="system")


def payables() -> dict[str, int]:
    """What each has coming, in the order model, agency, mother agency, platform."""
    accounts = {"amina": f"payable:{AMINA}", "nordlys": f"payable:{NORDLYS}", "lagos": f"payable:{LAGOS}"}
    return {name: -balance(code, "EUR") for name, code in (accounts | {"platform": "platform:fees"}).items()}


def settled() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def test_a_delivery_pays_everybody_what_was_agreed() -> None:
    agreed()
    paid()
    rows = earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)

    assert payables() == {"amina": 420_000, "nordlys": 157_500, "lagos": 52_500, "platform": 42_000}
    assert (balance(HELD, "EUR"), balance("vat:DE", "EUR")) == (0, -127_680)
    assert {(row.state, row.earned_on) for row in rows} == {("earned", date(2026, 10, 20))}
    assert audit().balanced


def test_earning_twice_pays_once() -> None:
    agreed()
    paid()
    for _ in range(2):
        earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)

    assert payables()["amina"] == 420_000
    assert Journal.objects.filter(kind="earned").count() == 1


def test_nothing_is_earned_before_it_is_paid_or_agreed() -> None:
    with pytest.raises(Refused):
        earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)
    agreed()
    with pytest.raises(BelowFloor):
        earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)

    assert set(Royalty.objects.values_list("state", flat=True)) == {"agreed"}


@pytest.mark.parametrize(
    ("rule", "delivered", "expected"),
    [
        (Rule.NOTHING_GENERATED, 0, {"amina": 45_000, "nordlys": 16_875, "lagos": 5_625, "platform": 4_500}),
        (Rule.BRAND_SAW_A_PICTURE, 0, {"amina": 180_000, "nordlys": 67_500, "lagos": 22_500, "platform": 18_000}),
        (Rule.BRAND_SELECTED, 0, {"amina": 420_000, "nordlys": 157_500, "lagos": 52_500, "platform": 42_000}),
        (Rule.OUR_FAULT, 0, {"amina": 0, "nordlys": 0, "lagos": 0, "platform": 0}),
        (Rule.OUR_FAULT, 30, {"amina": 315_000, "nordlys": 118_125, "lagos": 39_375, "platform": 31_500}),
    ],
)
def test_a_closing_rule_in_the_books(rule: Rule, delivered: int, expected: dict[str, int]) -> None:
    agreed()
    paid()
    closing = close(price(), rule, delivered=delivered, ordered=40)
    for _ in range(2):
        close_unearned(charge_ref=BOOKING, closing=closing, closed_at=DELIVERED, by=Actor.SYSTEM)

    assert payables() == expected
    assert -balance(HELD, "EUR") == closing.refund_held_minor
    if closing.refund_minor:
        refund(closing.refund_held_minor, closing.refund_vat_minor)
    assert (balance(HELD, "EUR"), -balance("vat:DE", "EUR")) == (0, closing.kept.vat_minor)
    assert balance("stripe", "EUR") == closing.kept.total_minor
    assert audit().balanced


def test_what_was_closed_is_not_closed_otherwise() -> None:
    agreed()
    paid()
    closing = close(price(), Rule.OUR_FAULT, delivered=0, ordered=40)
    rows = close_unearned(charge_ref=BOOKING, closing=closing, closed_at=DELIVERED, by=Actor.SYSTEM)

    assert {(row.state, row.earned_minor) for row in rows} == {("lapsed", 0)}
    with pytest.raises(Refused) as refusal:
        earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)
    assert refusal.value.code == "already_closed"


def test_an_unpaid_booking_lapses_and_a_paid_one_does_not_count_as_unpaid() -> None:
    agreed()
    unpaid = close(price(), Rule.NOT_PAID)
    paid()
    with pytest.raises(Refused):
        close_unearned(charge_ref=BOOKING, closing=unpaid, closed_at=DELIVERED, by=Actor.SYSTEM)
    refund(672_000, 127_680)

    close_unearned(charge_ref=BOOKING, closing=unpaid, closed_at=DELIVERED, by=Actor.SYSTEM)
    assert set(Royalty.objects.values_list("state", flat=True)) == {"lapsed"}


def test_the_closing_of_another_price_is_refused() -> None:
    agreed()
    paid()
    other = close(quote(Ask(**(vars(ASK) | {"pictures": 500})), on=date(2026, 9, 1)), Rule.BRAND_SELECTED)
    with pytest.raises(Refused):
        close_unearned(charge_ref=BOOKING, closing=other, closed_at=DELIVERED, by=Actor.SYSTEM)


def test_agreeing_again_does_nothing_and_agreeing_otherwise_is_refused() -> None:
    first, again = agreed(), agreed()

    assert {row.pk for row in first} == {row.pk for row in again}
    with pytest.raises(Refused):
        other = split(price(), talent=AMINA, agency=NORDLYS, mother_agency=None, commission_bp=0, mother_bp=0)
        agree(charge_ref=BOOKING, shares=other, by=Actor.SYSTEM)


def test_a_licence_that_ends_early_is_netted_from_what_they_earned() -> None:
    agreed()
    paid()
    earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)
    transfer = [Leg(f"payable:{AMINA}", "EUR", 420_000), Leg("stripe", "EUR", -420_000)]
    post(key="transfer:1", kind="transfer", ref=BOOKING, legs=transfer, occurred_at=timezone.now(), by="system")
    for _ in range(2):
        take_back(charge_ref=BOOKING, key="withdrawn", fee_minor=60_000, at=timezone.now(), by=Actor.SYSTEM)
    refund(60_000, 11_400)

    assert payables() == {"amina": -48_000, "nordlys": 151_500, "lagos": 46_500, "platform": 42_000}
    assert balance(HELD, "EUR") == 0
    assert audit().balanced


def test_no_more_is_taken_back_than_the_fee_that_was_earned() -> None:
    agreed()
    paid()
    earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)
    take_back(charge_ref=BOOKING, key="one", fee_minor=500_000, at=timezone.now(), by=Actor.SYSTEM)
    with pytest.raises(Refused):
        take_back(charge_ref=BOOKING, key="two", fee_minor=25_001, at=timezone.now(), by=Actor.SYSTEM)
    take_back(charge_ref=BOOKING, key="two", fee_minor=25_000, at=timezone.now(), by=Actor.SYSTEM)

    assert payables() == {"amina": 0, "nordlys": 105_000, "lagos": 0, "platform": 42_000}


def frozen_row(**changes: object) -> Royalty:
    fields = {
        "charge_ref": BOOKING, "party": f"org:{UUID(int=9)}", "kind": "agency", "reason": "commission",
        "rate_bp": 100, "amount_minor": 1, "currency": "EUR",
    }  # fmt: skip
    return Royalty.objects.create(**(fields | changes))


def frozen_split(**changes: object) -> Split:
    fields = {
        "charge_ref": f"booking:{uuid4()}", "currency": "EUR", "fee_minor": 100, "service_minor": 20,
        "platform_minor": 8, "vat_minor": 0, "total_minor": 128, "commission_bp": 0, "agreed_by": "mallory",
    }  # fmt: skip
    return Split.objects.create(**(fields | changes))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE royalties_royalty SET amount_minor = amount_minor + 1",
        "UPDATE royalties_royalty SET party = 'org:mallory' WHERE kind = 'talent'",
        "UPDATE royalties_royalty SET state = 'earned', earned_minor = amount_minor + 1, earned_on = now()",
        "UPDATE royalties_royalty SET state = 'earned'",
        "UPDATE royalties_royalty SET state = 'lapsed', earned_minor = 5, earned_on = now()",
        "DELETE FROM royalties_royalty",
        "UPDATE royalties_split SET commission_bp = 0",
        "DELETE FROM royalties_split",
    ],
)
def test_what_is_agreed_is_not_rewritten(statement: str) -> None:
    agreed()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_earned_stays_earned() -> None:
    agreed()
    paid()
    earn(charge_ref=BOOKING, delivered_at=DELIVERED, by=Actor.SYSTEM)
    with pytest.raises(IntegrityError, match="once"), transaction.atomic():
        Royalty.objects.update(earned_minor=1)


def test_commissions_of_a_booking_are_at_most_20_percent() -> None:
    with pytest.raises(IntegrityError, match="20_percent"), transaction.atomic():
        frozen_split(commission_bp=2_001)


def test_a_split_adds_up() -> None:
    with pytest.raises(IntegrityError, match="split_adds_up"), transaction.atomic():
        frozen_split(total_minor=129)


def test_royalties_that_do_not_add_up_cannot_be_committed() -> None:
    agreed()
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        frozen_row()
        settled()
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        frozen_split()
        settled()
    with pytest.raises(IntegrityError, match="do not add up"), transaction.atomic():
        frozen_row(charge_ref="booking:nobody-agreed")
        settled()
