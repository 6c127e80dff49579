"""Certificates are made after the commit. Each task can be repeated; the sweep finds what a lost message dropped."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.signatures.certificates import make, without_certificate

AT_ONCE = 200
GRACE = timedelta(minutes=2)


@shared_task(autoretry_for=(OSError,), retry_backoff=True, max_retries=5)
def make_certificate(signature_id: str) -> None:
    make(signature_id=signature_id)


@shared_task
def sweep() -> None:
    late = without_certificate().filter(signed_at__lt=timezone.now() - GRACE)
    for pk in late.values_list("pk", flat=True)[:AT_ONCE]:
        make_certificate.delay(str(pk))
