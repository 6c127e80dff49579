"""Pages for anybody: verify a picture, look at a licence."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from apps.bookings.services.objecting import object_to
from apps.portal import verification
from apps.portal.forms import TakeDownForm, VerifyForm
from apps.portal.limits import address_of, too_often

VERIFICATIONS_PER_MINUTE = 20
LICENCES_PER_MINUTE = 60
TAKE_DOWNS_PER_MINUTE = 10


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "portal/verify.html", {"form": VerifyForm()})
    if too_often(request, what="verify", per_minute=VERIFICATIONS_PER_MINUTE):
        return render(request, "portal/verify.html", {"form": VerifyForm(), "too_often": True}, status=429)
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "portal/verify.html", {"form": form}, status=422)
    verdict = verification.examine_picture(form.cleaned_data["picture"].read())
    return render(request, "portal/verify.html", {"form": VerifyForm(), "verdict": verdict})


@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: HttpRequest, code: str) -> HttpResponse:
    """Anybody says that a picture of this licence must not be shown. TAKE IT DOWN: 48 hours to answer."""
    if too_often(request, what="take-down", per_minute=TAKE_DOWNS_PER_MINUTE):
        return render(request, "portal/too_often.html", status=429)
    found = verification.by_licence(code)
    if found is None:
        raise Http404
    form = TakeDownForm(request.POST if request.method == "POST" else None)
    context = {"summary": found, "form": form}
    if not form.is_bound:
        return render(request, "portal/take_down.html", context)
    if not form.is_valid():
        return render(request, "portal/take_down.html", context, status=422)
    notice = object_to(licence=found.licence, address=address_of(request), **form.cleaned_data)
    return render(request, "portal/take_down.html", context | {"notice": notice})


@require_safe
def licence(request: HttpRequest, code: str) -> HttpResponse:
    if too_often(request, what="licence", per_minute=LICENCES_PER_MINUTE):
        return render(request, "portal/too_often.html", status=429)
    found = verification.by_licence(code)
    if found is None:
        raise Http404
    return render(request, "portal/licence.html", {"summary": found, "verdict": found.standing})
