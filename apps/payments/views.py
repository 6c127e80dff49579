"""The endpoints that Stripe calls."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.integrations.stripe import webhooks
from apps.integrations.stripe.errors import BadNotice
from apps.integrations.stripe.types import Notice
from apps.payments import services


# Stripe has no session with us: the signature over the raw body proves the sender.
@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """v1: an event with a snapshot of its object, which is never believed."""
    return _take(request, webhooks.verify, settings.STRIPE_WEBHOOK_SECRET)


@csrf_exempt
@require_POST
def stripe_thin_webhook(request: HttpRequest) -> HttpResponse:
    """v2: an event that only names its object. An endpoint of its own, with a secret of its own."""
    return _take(request, webhooks.verify_thin, settings.STRIPE_THIN_WEBHOOK_SECRET)


def _take(request: HttpRequest, verify: Callable[..., Notice], secret: str) -> HttpResponse:
    """200 once the event is stored, new or known; 400 and nothing stored when the signature does not hold."""
    try:
        notice = verify(body=request.body, header=request.headers.get("Stripe-Signature", ""), secret=secret)
    except BadNotice:
        return HttpResponse(status=400)
    services.store_notice(notice)
    return HttpResponse(status=200)
