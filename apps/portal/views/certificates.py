"""The certificate of one's own signature: what was signed, and the file."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.media.signing import signed_url
from apps.portal.access import actor_of
from apps.portal.certificates import name_of_file, signatures_of
from apps.portal.middleware import PortalRequest
from apps.signatures.documents import CERTIFIED
from apps.signatures.models import Certificate

DOWNLOAD_SECONDS = 120

a_party_to_it = acting_as("talent", "agency", permission="view")


@require_safe
@a_party_to_it
def certificate(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Looks again by itself until the file is made."""
    signature = get_object_or_404(signatures_of(actor_of(request)).select_related("certificate"), pk=pk)
    title, _, body = signature.text.partition("\n")
    context = {
        "signature": signature,
        "certificate": getattr(signature, "certificate", None),
        "name": CERTIFIED[signature.kind],
        "title": title,
        "body": body,
    }
    template = (
        "portal/certificate.html#file" if request.htmx and not request.htmx.boosted else "portal/certificate.html"
    )
    return render(request, template, context)


@require_safe
@a_party_to_it
def certificate_pdf(request: PortalRequest, pk: UUID) -> HttpResponse:
    """On to the file itself. 404 as long as it is being made."""
    signature = get_object_or_404(signatures_of(actor_of(request)), pk=pk)
    found = get_object_or_404(Certificate.objects.select_related("file", "signature"), signature=signature)
    return redirect(signed_url(found.file, seconds=DOWNLOAD_SECONDS, download_as=name_of_file(found)))
