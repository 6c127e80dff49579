from celery import shared_task
from django.conf import settings

from apps.sandbox import webhooks


@shared_task
def send_webhook(delivery_id: int) -> None:
    webhooks.deliver(delivery_id)


@shared_task
def sweep_webhooks() -> None:
    """Beside the real Stripe there is no stand-in and no database of its."""
    if settings.STRIPE_TRANSPORT != "sandbox":
        return
    for delivery_id in webhooks.due().order_by("due_at").values_list("pk", flat=True)[:100]:
        webhooks.deliver(delivery_id)
