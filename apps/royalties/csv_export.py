"""A statement as rows for a spreadsheet, safe against texts that a spreadsheet would run as a formula."""

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_precision

from apps.common.spreadsheet import csv_file, safe_text
from apps.royalties.statements import StatementSheet

HEADER = ["Date", "What", "Booking", "Amount", "Currency", "Balance"]


def csv_rows(sheet: StatementSheet) -> Iterator[list[str]]:
    """The header, the opening, every line, the closing. Only amounts may begin with a minus: plain decimals of ours."""
    yield HEADER
    first, last = f"{sheet.year}-{sheet.month:02d}", sheet.currency
    yield [first, "Opening balance", "", "", last, amount_text(sheet.opening_minor, sheet.currency)]
    for line in sheet.lines:
        yield [
            f"{line.booked_at:%Y-%m-%d}",
            safe_text(line.label),
            safe_text(line.ref),
            amount_text(line.amount_minor, sheet.currency),
            sheet.currency,
            amount_text(line.balance_minor, sheet.currency),
        ]
    yield [first, "Closing balance", "", "", last, amount_text(sheet.closing_minor, sheet.currency)]


def csv_bytes(sheet: StatementSheet) -> bytes:
    """The rows as a UTF-8 file."""
    return csv_file(csv_rows(sheet))


def amount_text(amount_minor: int, currency: str) -> str:
    """The exact amount in the major unit with a decimal point, no grouping."""
    return format(Decimal(amount_minor).scaleb(-get_currency_precision(currency)), "f")
