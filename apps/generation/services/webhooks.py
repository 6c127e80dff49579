"""Notices of the GPU engine. A notice is a hint: it makes us look, it never moves anything itself."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from apps.generation.enqueue import after_commit
from apps.generation.models import Attempt, WebhookReceipt
from apps.integrations.gpu.engines import engine


def receive_notice(*, token: str, headers: Mapping[str, str], raw: bytes) -> None:
    """Take one notice and have a worker look at its attempt; the same one delivered again is dropped.

    Raises Attempt.DoesNotExist for an unknown token, BadSignature or BadAnswer for what the engine did not say.
    """
    attempt = Attempt.objects.get(webhook_token=token)
    event = engine(attempt.engine).parse_webhook(headers, raw)
    try:
        with transaction.atomic():
            WebhookReceipt.objects.create(event_id=event.id[:200], attempt=attempt, type=event.type[:40])
            after_commit("poll_attempt", str(attempt.pk))
    except IntegrityError:
        return
