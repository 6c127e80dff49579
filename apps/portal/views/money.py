"""Earnings and statements, the same pages for model, agencies and platform."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.portal.access import actor_of, sees_money
from apps.portal.earnings import earnings as earnings_of
from apps.portal.earnings import possible_month, statement_page
from apps.portal.middleware import PortalRequest
from apps.royalties import statements
from apps.royalties.csv_export import csv_bytes
from apps.royalties.periods import Month


def _month(year: int, month: int) -> Month:
    found = possible_month(year, month)
    if found is None:
        raise Http404
    return found


@require_safe
@sees_money
def earnings(request: PortalRequest) -> HttpResponse:
    page = earnings_of(actor_of(request), request.GET.get("currency"))
    return render(request, "portal/earnings.html", {"page": page})


@require_safe
@sees_money
def statement(request: PortalRequest, year: int, month: int) -> HttpResponse:
    page = statement_page(actor_of(request), _month(year, month), request.GET.get("currency"))
    return render(request, "portal/statement.html", {"page": page, "sheet": page.sheet})


@require_safe
@sees_money
def statement_csv(request: PortalRequest, year: int, month: int) -> HttpResponse:
    asked = _month(year, month)
    sheet = statements.statement(actor_of(request).party, asked.year, asked.month, currency=request.GET.get("currency"))
    name = f"double-statement-{asked.year}-{asked.month:02d}-{sheet.currency}.csv"
    return HttpResponse(
        csv_bytes(sheet),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
