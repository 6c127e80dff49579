"""CSV files that a spreadsheet opens as text and never runs."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"  # without it a spreadsheet takes UTF-8 for something else


def safe_text(value: str) -> str:
    """A leading apostrophe keeps a spreadsheet from running the text as a formula (OWASP, CSV injection)."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


def csv_file(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a UTF-8 file; what people wrote has to be made safe before."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    return (BYTE_ORDER_MARK + buffer.getvalue()).encode()
