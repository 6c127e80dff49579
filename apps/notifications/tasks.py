from celery import shared_task

from apps.notifications.mailing import deliver, unsent


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def send_mail(mail_id: str) -> None:
    deliver(mail_id)


@shared_task
def sweep() -> None:
    for mail_id in unsent().values_list("pk", flat=True):
        send_mail.delay(str(mail_id))
