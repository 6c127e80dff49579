"""Transactional tests empty the database after themselves: the rows of tables that have some, without their triggers,
and never of the two that every migration fills again. Django's own way truncates every table, which takes ten times as
long.
"""

from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

KEPT = {"django_content_type", "auth_permission"}


def delete_what_is_there(self: DatabaseOperations, style: Any, tables: list[str], **how: Any) -> list[str]:
    asked = [f"(SELECT '{name}' FROM {self.quote_name(name)} LIMIT 1)" for name in tables if name not in KEPT]
    with self.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        filled = [self.quote_name(name) for (name,) in cursor]
    return ["SET session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled),
            "SET session_replication_role = origin"]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    DatabaseOperations.sql_flush = delete_what_is_there  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *_, **__: None  # what it would fill again is kept
