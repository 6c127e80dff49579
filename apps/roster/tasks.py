from celery import shared_task

from apps.roster.mailing import pending, send
from apps.roster.models import RosterUpload
from apps.roster.services import filing, taking

AT_ONCE = 200  # mails queued in one round: a roster of thousands takes some rounds and fills no queue


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_invitation(invitation_id: str) -> None:
    send(invitation_id)


@shared_task
def send_pending() -> None:
    """Every minute, so that an import queues no mail itself; and when an agency was checked."""
    for invitation_id in pending().values_list("pk", flat=True)[:AT_ONCE]:
        send_invitation.delay(str(invitation_id))


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def check_upload(upload_id: str) -> None:
    taking.check(upload_id)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def import_upload(upload_id: str) -> None:
    taking.take(upload_id)


@shared_task
def sweep_uploads() -> None:
    """Files whose message was lost or whose worker died; both steps can be repeated."""
    for upload in RosterUpload.objects.filter(state__in=["checking", "importing"]):
        task = check_upload if upload.state == RosterUpload.State.CHECKING else import_upload
        task.delay(str(upload.pk))


@shared_task
def send_reminders() -> None:
    """Every minute: those whose ten minutes to take them back are over."""
    for act_id in filing.due_reminders():
        filing.send_reminder(act_id)
