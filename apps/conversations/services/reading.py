"""How far somebody has read."""

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.errors import NotAllowed
from apps.conversations.models import ReadMark, Thread


def mark_read(*, by: Actor, thread: Thread, number: int) -> None:
    """She has seen every message up to this one. Never goes back; seen again, nothing is written."""
    if by.user_id is None:
        raise NotAllowed("A person reads, never the system.")
    now = timezone.now()
    mark, new = ReadMark.objects.get_or_create(
        thread=thread, user_id=by.user_id, party=by.party, defaults={"number": number, "read_at": now}
    )
    if not new and mark.number < number:
        ReadMark.objects.filter(pk=mark.pk, number__lt=number).update(number=number, read_at=now)
