"""The endpoint that Stripe calls."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.integrations.stripe import webhooks
from apps.integrations.stripe.errors import BadNotice
from apps.payments import services


# Stripe has no session with us: the signature over the raw body proves the sender.
@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 once the event is stored, new or known; 400 and nothing stored when the signature does not hold."""
    header = request.headers.get("Stripe-Signature", "")
    try:
        notice = webhooks.verify(body=request.body, header=header, secret=settings.STRIPE_WEBHOOK_SECRET)
    except BadNotice:
        return HttpResponse(status=400)
    services.store_notice(notice)
    return HttpResponse(status=200)
