"""The stand-in's hosted pages beside the payment: a payee's account, and the proof of who one is. Their address is the
right to them, as at Stripe; the visitor's session on our site gives none, so there is nothing to forge."""

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from apps.sandbox import payees, verifications
from apps.sandbox.models import AccountLink, VerificationSession

CONFLICT, UNPROCESSABLE = 409, 422
# What the visitor may have go wrong with the document that nobody shows.
TROUBLES = {
    "document_unverified_other": "The document cannot be read",
    "selfie_face_mismatch": "The face is another one",
    "document_expired": "The document has expired",
}


class DocumentForm(forms.Form):
    """What the document says that nobody shows."""

    birth_date = forms.DateField(
        label="Date of birth on the document",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "A document that is verified has a date of birth."},
    )


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def onboarding(request: HttpRequest, link_id: str) -> HttpResponse:
    """A payee's account. A link that was used or is too old leads to the site's own refresh address, as at Stripe."""
    link = get_object_or_404(AccountLink.objects.select_related("account"), pk=link_id)
    if not payees.is_usable(link):
        return HttpResponseRedirect(link.refresh_url)
    outcome = request.POST.get("outcome", "")
    if request.method != "POST" or outcome not in payees.OUTCOMES:
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "sandbox/onboarding.html", {"account": link.account}, status=status)
    try:
        return HttpResponseRedirect(payees.fill_in(link_id, outcome=outcome))
    except payees.LinkUsed:
        return HttpResponseRedirect(link.refresh_url)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def identity(request: HttpRequest, session_id: str) -> HttpResponse:
    """The visitor chooses what comes of it; 409 once a document was shown."""
    session = get_object_or_404(VerificationSession, pk=session_id)
    trouble = request.POST.get("trouble", "")
    form = DocumentForm(request.POST if request.method == "POST" and not trouble else None)
    open_ = session.status == VerificationSession.Status.REQUIRES_INPUT
    status = 200
    if request.method == "POST" and (trouble in TROUBLES or form.is_valid()):
        born = None if trouble else form.cleaned_data["birth_date"]
        try:
            shown = verifications.show(session_id, birth_date=born, error=trouble)
        except verifications.CheckClosed:
            session.refresh_from_db()
            open_, status = False, CONFLICT
        else:
            return HttpResponseRedirect(shown.return_url)
    elif request.method == "POST":
        status = UNPROCESSABLE
    context = {"session": session, "form": form, "open": open_, "troubles": TROUBLES}
    return render(request, "sandbox/identity.html", context, status=status)
