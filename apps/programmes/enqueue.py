"""Handing work to the workers after the commit, ids only. By name, because tasks know services and not the reverse."""

from uuid import UUID

from celery import current_app
from django.db import transaction


def after_commit(task: str, pk: UUID) -> None:
    """Enqueue one of this app's tasks once the transaction stands. A lost message is found again by a sweep."""
    transaction.on_commit(lambda: current_app.send_task(f"apps.programmes.tasks.{task}", args=[str(pk)]))
