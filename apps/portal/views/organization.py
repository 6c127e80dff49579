"""An agency or a brand as its own people see it: details, and where the check stands."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.access import acting_as
from apps.bookings.views.scope import UNPROCESSABLE
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.refs import parse_ref
from apps.organizations.forms import FORMS, BrandDetailsForm
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.organizations.services import Details, change_details, standing
from apps.portal.access import actor_of
from apps.portal.middleware import PortalRequest

a_party = acting_as("agency", "brand", permission=Permission.VIEW)
an_owner = acting_as("agency", "brand", permission=Permission.MANAGE_TEAM)


def own_organization(request: PortalRequest) -> Organization:
    """The agency or brand that acts. Call only behind `acting_as`."""
    return get_object_or_404(Organization, pk=parse_ref(actor_of(request).party, "org"))


@require_safe
@a_party
def organization(request: PortalRequest) -> HttpResponse:
    own = own_organization(request)
    return render(request, "portal/organization.html", {"organization": own, "standing": standing(own)})


@require_http_methods(["GET", "HEAD", "POST"])
@an_owner
def edit(request: PortalRequest) -> HttpResponse:
    own = own_organization(request)
    now = {name: getattr(own, name) for name in Details.__dataclass_fields__}
    form = FORMS[own.kind](request.POST if request.method == "POST" else None, initial=now)
    context = {"organization": own, "form": form, "brand": isinstance(form, BrandDetailsForm)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "portal/organization_edit.html", context, status=UNPROCESSABLE if form.is_bound else 200)
    try:
        saved = change_details(by=actor_of(request), organization=own, details=form.details())
    except NotAllowed as error:
        raise PermissionDenied(error.message) from error
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return render(request, "portal/organization_edit.html", context, status=UNPROCESSABLE)
    if own.checked_at and not saved.checked_at:
        messages.warning(request, "Saved. We check the new details; until then you can prepare.")
    else:
        messages.success(request, "Saved.")
    return redirect("organization")
