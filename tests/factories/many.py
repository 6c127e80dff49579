"""Rows by the hundred thousand: copies of one real row, made by the database itself."""

from django.db import connection, models


def multiply(row: models.Model, times: int, *, each: str = "", **changes: str) -> None:
    """Copies of a row, with ids of their own.

    `changes` are SQL expressions by column in which `n` counts from 1, or is what `each`, a query of one column, gives.
    """
    table = row._meta.db_table
    columns = [field.column for field in row._meta.concrete_fields]
    values = {"id": "gen_random_uuid()"} | changes
    chosen = ", ".join(values.get(column, f'original."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    counted = f"({each} LIMIT {times})" if each else f"generate_series(1, {times})"
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}" original, {counted} AS counted(n)'
            " WHERE original.id = %s",
            [row.pk],
        )
        cursor.execute(f'ANALYZE "{table}"')
