from celery import shared_task

from apps.organizations.mailing import send, unmailed


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_invitation(invitation_id: str) -> None:
    send(invitation_id)


@shared_task
def sweep_invitations() -> None:
    for invitation_id in unmailed().values_list("pk", flat=True):
        send_invitation.delay(str(invitation_id))
