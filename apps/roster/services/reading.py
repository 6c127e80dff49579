"""A CSV file as records, whatever program exported it: `,` or `;`, a byte order mark or none, any line ends.

Nothing but the record at hand is kept in memory.
"""

import csv
from collections.abc import Iterator
from io import TextIOWrapper
from itertools import chain
from typing import BinaryIO

from apps.common.errors import InvalidInput

COLUMNS = ("email", "first_name", "last_name", "birth_date", "country", "board", "language")
LONGEST_LINE = 100_000  # characters; a binary file may have no line end at all


class UnreadableFile(InvalidInput):
    """The file as a whole is none of ours; no row of it was taken."""


def records(file: BinaryIO) -> Iterator[tuple[int, dict[str, str] | None]]:
    """Each record that is not blank with its row number, the header being row 1; None when it outgrows the header.

    Blank lines count as rows, a record with line ends inside quotes as one: the numbers are those of a spreadsheet.
    White space is trimmed and runs of it become one space. Closes
    the file. Raises UnreadableFile, perhaps after some records.
    """
    try:
        with TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
            yield from _records(text)
    except UnicodeDecodeError as error:
        raise UnreadableFile("The file is not UTF-8. Export it as “CSV UTF-8”.") from error
    except csv.Error as error:
        raise UnreadableFile(f"The file is no CSV: {error}.") from error


def _records(text: TextIOWrapper) -> Iterator[tuple[int, dict[str, str] | None]]:
    lines = _lines(text)
    first = next(lines, "")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    header = [_tidy(cell).lower() for cell in next(reader, [])]
    _check_header(header)
    for row, raw in enumerate(reader, start=2):
        cells = [_tidy(cell) for cell in raw]
        if any(cells[len(header) :]):
            yield row, None
        elif any(cells):
            values = dict(zip(header, cells, strict=False))
            yield row, {column: values.get(column, "") for column in COLUMNS}


def _check_header(header: list[str]) -> None:
    if not any(header):
        raise UnreadableFile("The file is empty.")
    for column in COLUMNS:
        if header.count(column) != 1:
            problem = "is missing" if column not in header else "stands there more than once"
            raise UnreadableFile(f"The column “{column}” {problem}. The first row names: {', '.join(COLUMNS)}.")


def _lines(text: TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise UnreadableFile("The file is no CSV: a line has no end.")
        yield line


def _tidy(cell: str) -> str:
    return " ".join(cell.split())
