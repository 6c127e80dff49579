"""Handing work to this app's tasks once the transaction committed. Named, because the tasks call the services that call
this. A message that gets lost is found again by the sweep, so a broker that is away fails nothing here."""

from celery import signature
from django.db import transaction


def after_commit(task: str, *ids: str) -> None:
    """Run `apps.generation.tasks.<task>` with these ids on a worker, after the commit."""
    message = signature(f"apps.generation.tasks.{task}", args=ids, immutable=True)
    transaction.on_commit(message.apply_async, robust=True)
