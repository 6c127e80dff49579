"""The stand-in's hosted payment page. It stands for a page on Stripe's own site: it knows sessions, not our people."""

from decimal import Decimal

from babel.numbers import format_currency
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from apps.sandbox import happenings
from apps.sandbox.models import CheckoutSession

DECLINING_CARD = "4000000000000002"


@never_cache
@require_GET
def checkout(request: HttpRequest, session_id: str) -> HttpResponse:
    """The payment page of an open session, or what became of it."""
    return _page(request, get_object_or_404(CheckoutSession, pk=session_id))


# It stands for Stripe's own site: the payer's session on our site gives no right here, so there is none to forge.
@csrf_exempt
@require_POST
def pay(request: HttpRequest, session_id: str) -> HttpResponse:
    """Pays an open session and sends the payer back; 402 after a declined card, 409 when the session is closed."""
    session = get_object_or_404(CheckoutSession, pk=session_id)
    typed = request.POST.get("card", happenings.GOOD_CARD).replace(" ", "")
    card = DECLINING_CARD if "decline" in request.POST else typed
    try:
        paid = happenings.pay(session_id, card=card)
    except happenings.CardDeclined:
        return _page(request, session, status=402, declined=True)
    except happenings.SessionClosed:
        session.refresh_from_db()
        return _page(request, session, status=409)
    return HttpResponseRedirect(paid.success_url.replace("{CHECKOUT_SESSION_ID}", paid.pk))


def _page(request: HttpRequest, session: CheckoutSession, *, status: int = 200, declined: bool = False) -> HttpResponse:
    context = {
        "session": session,
        "amount": format_currency(Decimal(session.amount) / 100, session.currency.upper(), locale="en_GB"),
        "card": " ".join(happenings.GOOD_CARD[start : start + 4] for start in range(0, 16, 4)),
        "declined": declined,
    }
    return render(request, "sandbox/checkout.html", context, status=status)
