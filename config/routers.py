"""The payment sandbox lives in a database of its own: its state must not roll back with the caller's."""

from typing import Any

SANDBOX = "sandbox"


class SandboxRouter:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return SANDBOX if model._meta.app_label == SANDBOX else None

    db_for_write = db_for_read

    def allow_relation(self, left: Any, right: Any, **hints: Any) -> bool | None:
        labels = {left._meta.app_label, right._meta.app_label}
        return False if SANDBOX in labels and len(labels) > 1 else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return (db == SANDBOX) == (app_label == SANDBOX)
