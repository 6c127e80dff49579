"""The deal memo under its booking: each party reads it in her own language, and opens the PDF once it is agreed."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.bookings import memo
from apps.bookings.agreement import agreed_memo, read_memo
from apps.bookings.models import Booking, Terms
from apps.bookings.terms import facts_of_terms
from apps.bookings.views.scope import ActedRequest, booking_of
from apps.media.signing import signed_url
from apps.organizations.permissions import Permission
from apps.signatures.models import Certificate

DOWNLOAD_SECONDS = 120

a_party_to_it = acting_as("brand", "talent", "agency", permission=Permission.VIEW)


@require_safe
@a_party_to_it
def deal_memo(request: ActedRequest, pk: UUID) -> HttpResponse:
    """In the reader's language, with the text that binds below it. Looks again by itself while the PDF is made."""
    booking = booking_of(request, pk)
    terms = _terms_of(booking)
    signature = agreed_memo(booking)
    context = {
        "booking": booking,
        "signature": signature,
        "certificate": getattr(signature, "certificate", None),
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "bookings/memo.html#file", context)
    facts = facts_of_terms(terms)
    read = read_memo(terms, request.GET.get("language") or request.user.language)  # type: ignore[union-attr]
    context |= {
        "terms": terms,
        "read": read,
        "bound": read_memo(terms, ""),
        "may": memo.may(facts, language=read.language),
        "may_not": memo.may_not(facts, language=read.language),
        "heads": memo.heads(read.language),
    }
    return render(request, "bookings/memo.html", context)


@require_safe
@a_party_to_it
def deal_memo_pdf(request: ActedRequest, pk: UUID) -> HttpResponse:
    """On to the file itself. 404 until the booking is agreed and its PDF made: before, it would tell of her answer."""
    booking = booking_of(request, pk)
    signature = agreed_memo(booking)
    if signature is None:
        raise Http404
    found = get_object_or_404(Certificate.objects.select_related("file"), signature=signature)
    name = f"double-deal-memo-{booking.code}-v{booking.version}.pdf"
    return redirect(signed_url(found.file, seconds=DOWNLOAD_SECONDS, download_as=name))


def _terms_of(booking: Booking) -> Terms:
    """The version in force; 404 for a draft, which has none."""
    terms: Terms = get_object_or_404(booking.terms, version=booking.version)
    terms.booking = booking  # the looks and parties are loaded there
    return terms
