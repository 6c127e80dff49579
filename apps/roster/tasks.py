from celery import shared_task

from apps.roster.mailing import pending, send

AT_ONCE = 200  # mails queued in one round: a roster of thousands takes some rounds and fills no queue


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_invitation(invitation_id: str) -> None:
    send(invitation_id)


@shared_task
def send_pending() -> None:
    """After an import, and again every minute until nobody waits for a mail any more."""
    for invitation_id in pending().values_list("pk", flat=True)[:AT_ONCE]:
        send_invitation.delay(str(invitation_id))
