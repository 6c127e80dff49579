"""What a brand does with a licence: choosing a label, logging where pictures ran, renewing and widening it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import acting_as
from apps.bookings.licence_forms import ExtensionForm, LabelForm, PlacementForm, TakeDownForm
from apps.bookings.models import Licence, Placement
from apps.bookings.services import labelling, placing, renewing
from apps.bookings.views.licences import delivered, licence_page
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, refused
from apps.common.errors import DomainError, InvalidInput
from apps.organizations.permissions import Permission
from apps.pricing.quote import Quote


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def choose_label(request: ActedRequest, pk: UUID) -> HttpResponse:
    licence = _licence(request, pk)
    form = LabelForm(request.POST, licence=licence)
    if not form.is_valid():
        return licence_page(request, pk, UNPROCESSABLE, label_form=form)
    try:
        labelling.choose_label(by=request.actor, licence=licence, **form.cleaned_data)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, pk, status, label_form=form))
    messages.success(request, "Chosen. The files are being labelled; that takes some seconds.")
    return redirect(f"{reverse('own_licence', args=[pk])}#labels")


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def log_placement(request: ActedRequest, pk: UUID) -> HttpResponse:
    licence = _licence(request, pk)
    form = PlacementForm(request.POST)
    if not form.is_valid():
        return licence_page(request, pk, UNPROCESSABLE, placement_form=form)
    try:
        row = placing.log_placement(by=request.actor, licence=licence, **form.facts)
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return licence_page(request, pk, UNPROCESSABLE, placement_form=form)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, pk, status, placement_form=form))
    if row.is_over_use:
        messages.warning(request, "Logged. It lies beyond the licence and is invoiced below.")
    else:
        messages.success(request, "Logged. It lies within the licence.")
    return redirect(f"{reverse('own_licence', args=[pk])}#placements")


@require_POST
@acting_as("brand", permission=Permission.DOWNLOAD)
def state_take_down(request: ActedRequest, pk: UUID) -> HttpResponse:
    row = _placement(request, pk)
    form = TakeDownForm(request.POST)
    wrong = {"take_down_form": form, "wrong_take_down": row.pk}
    if not form.is_valid():
        return licence_page(request, row.licence_id, UNPROCESSABLE, **wrong)
    try:
        placing.state_take_down(by=request.actor, placement=row, **form.cleaned_data)
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return licence_page(request, row.licence_id, UNPROCESSABLE, **wrong)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, row.licence_id, status))
    messages.success(request, "Stated. The model and the agency see it.")
    return redirect(f"{reverse('own_licence', args=[row.licence_id])}#placements")


@require_POST
@acting_as("brand", permission=Permission.PAY)
def pay_over_use(request: ActedRequest, pk: UUID) -> HttpResponse:
    row = _placement(request, pk)
    try:
        charge = placing.checkout_over_use(by=request.actor, placement=row)
    except DomainError as error:
        return refused(request, error, lambda status: licence_page(request, row.licence_id, status))
    return redirect(charge.checkout_url)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("brand", permission=Permission.COMPOSE)
def renew(request: ActedRequest, pk: UUID) -> HttpResponse:
    """The price of the same again; a POST asks model and agency for it."""
    licence = _licence(request, pk)
    if request.method != "POST":
        return _renewal_page(request, licence)
    try:
        booking = renewing.ask_renewal(by=request.actor, licence=licence)
    except DomainError as error:
        return refused(request, error, lambda status: _renewal_page(request, licence, status))
    messages.success(request, "Asked. Model and agency answer as they do for a booking.")
    return redirect("booking", pk=booking.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@acting_as("brand", permission=Permission.COMPOSE)
def extend(request: ActedRequest, pk: UUID) -> HttpResponse:
    """More media, countries or months: first the price of what is ticked, then the request for exactly that."""
    licence = _licence(request, pk)
    months = licence.booking.current_terms.window_months
    form = ExtensionForm(request.POST if request.method == "POST" else None, licence=licence, months=months)
    if not form.is_bound:
        return _renewal_page(request, licence, extension=form)
    if not form.is_valid():
        return _renewal_page(request, licence, UNPROCESSABLE, extension=form)
    try:
        price = renewing.price_of_extension(licence, **form.wider)
        if request.POST.get("step") != "ask":
            return _renewal_page(request, licence, extension=form, wider=price)
        booking = renewing.ask_extension(by=request.actor, licence=licence, **form.wider)
    except InvalidInput as error:
        form.add_error(None, error.message)
        return _renewal_page(request, licence, UNPROCESSABLE, extension=form)
    except DomainError as error:
        return refused(request, error, lambda status: _renewal_page(request, licence, status, extension=form))
    messages.success(request, "Asked. Model and agency answer as they do for a booking.")
    return redirect("booking", pk=booking.pk)


def _renewal_page(
    request: ActedRequest,
    licence: Licence,
    status: int = 200,
    *,
    extension: ExtensionForm | None = None,
    wider: Quote | None = None,
) -> HttpResponse:
    months = licence.booking.current_terms.window_months
    runs = licence.state == Licence.State.ACTIVE
    context = {
        "licence": licence,
        "months": months,
        "runs": runs,
        "starts_on": renewing.renewals.follows_on(licence),
        "price": renewing.price_of_renewal(licence),
        "extension": extension or ExtensionForm(licence=licence, months=months),
        "wider": wider,
        "may_renew": licence.state in (Licence.State.ACTIVE, Licence.State.EXPIRED) and not licence.cut_on,
        "under_way": licence.renewals.exclude(state__in=["declined", "cancelled", "expired"]).first(),
    }
    return render(request, "bookings/renew.html", context, status=status)


def _licence(request: ActedRequest, pk: UUID) -> Licence:
    rows = delivered(request).select_related("booking__brand", "booking__twin__talent", "twin__talent", "brand")
    return get_object_or_404(rows, pk=pk)


def _placement(request: ActedRequest, pk: UUID) -> Placement:
    rows = Placement.objects.filter(licence__in=delivered(request))
    return get_object_or_404(rows.select_related("licence__booking__brand", "licence__brand"), pk=pk)
