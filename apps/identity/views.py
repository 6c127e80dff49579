"""The model proves who she is, once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from apps.accounts.access import acting_as
from apps.accounts.actor import Actor
from apps.common.errors import InvalidInput, StaleState
from apps.common.refs import parse_ref
from apps.identity.forms import IdentityForm
from apps.identity.models import IdentityCheck
from apps.identity.services import submit
from apps.organizations.permissions import Permission
from apps.talent.models import Talent

PAGE = "identity/identity.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("talent", permission=Permission.SIGN_CONSENT)
def identity(request: HttpRequest) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    talent = get_object_or_404(Talent, pk=parse_ref(actor.party, "talent"))
    form = IdentityForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            submit(
                by=actor,
                talent=talent,
                kind=given["kind"],
                document=given["document"].read(),
                selfie=given["selfie"].read(),
            )
        except InvalidInput as error:
            form.add_error(error.field, error.message)
        except StaleState as error:
            messages.info(request, error.message)
            return redirect("identity")
        else:
            messages.success(request, "Thank you. A person looks at it, usually within a working day.")
            return redirect("identity")
    check = IdentityCheck.objects.filter(talent=talent).first()
    return render(request, PAGE, {"form": form, "check": check, "talent": talent}, status=422 if form.is_bound else 200)
