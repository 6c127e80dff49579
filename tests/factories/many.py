"""Rows by the hundred thousand: copies of one real row, made by the database itself.

They are written past the triggers: a foreign key checked row by row takes longer than all the pages of a test, and
copies name only rows that are there.
"""

from django.db import connection, models


def multiply(row: models.Model, numbers: range, **changes: str) -> None:
    """A copy of a row for each number. `changes` are SQL expressions by column, in which `n` is the number and
    `original` the row; without an `id` each copy gets one of its own."""
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    values = {"id": "gen_random_uuid()"} | changes
    chosen = ", ".join(values.get(column, f'original."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    key = row._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}" original,'
            f" generate_series({numbers.start}, {numbers.stop - 1}) AS counted(n) WHERE original.{key} = %s",
            [row.pk],
        )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(f'ANALYZE "{table}"')


def id_of(what: str) -> str:
    """The same for the same number, so that the copies of one table can name those of another."""
    return f"md5('{what} ' || n)::uuid"


def code() -> str:
    """Seven characters, as of a booking and of a licence."""
    return "lpad(n::text, 7, '0')"


def one_of(values: list[str], number: str = "n") -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"(ARRAY[{listed}])[mod({number}, {len(values)}) + 1]"
