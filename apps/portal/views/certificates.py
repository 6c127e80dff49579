"""The certificate of one's own signature: what was signed, and the file."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.media.signing import signed_url
from apps.portal.access import actor_of
from apps.portal.certificates import name_of_file, signatures_of
from apps.portal.middleware import PortalRequest
from apps.portal.onboarding import Onboarding, under_way
from apps.signatures.documents import CERTIFIED
from apps.signatures.models import Certificate

DOWNLOAD_SECONDS = 120

a_party_to_it = acting_as("talent", "agency", permission="view")


@require_safe
@a_party_to_it
def certificate(request: PortalRequest, pk: UUID) -> HttpResponse:
    """Looks again by itself until the file is made."""
    actor = actor_of(request)
    signature = get_object_or_404(signatures_of(actor).select_related("certificate"), pk=pk)
    title, _, body = signature.text.partition("\n")
    context = {
        "signature": signature,
        "certificate": getattr(signature, "certificate", None),
        "name": CERTIFIED[signature.kind],
        "title": title,
        "body": body,
    }
    if request.htmx and not request.htmx.boosted:
        return render(request, "portal/certificate.html#file", context)
    return render(request, "portal/certificate.html", context | {"steps": _steps(actor)})


def _steps(actor: Actor) -> Onboarding | None:
    return under_way(actor) if actor.kind == "talent" else None


@require_safe
@a_party_to_it
def certificate_pdf(request: PortalRequest, pk: UUID) -> HttpResponse:
    """On to the file itself. 404 as long as it is being made."""
    signature = get_object_or_404(signatures_of(actor_of(request)), pk=pk)
    found = get_object_or_404(Certificate.objects.select_related("file", "signature"), signature=signature)
    return redirect(signed_url(found.file, seconds=DOWNLOAD_SECONDS, download_as=name_of_file(found)))
