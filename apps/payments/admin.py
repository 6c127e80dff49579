"""Payments for staff: states and money are read, never typed. Money moves by services only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.accounts.actor import Actor
from apps.common.admin import ReadOnlyAdmin
from apps.common.refs import PLATFORM
from apps.payments import services
from apps.payments.models import Charge, Op, PayoutAccount, Refund, StripeEvent


@admin.register(Charge)
class ChargeAdmin(ReadOnlyAdmin):
    list_display = ["ref", "payer", "state", "amount_minor", "refunded_minor", "currency", "paid_at", "problem"]
    list_filter = ["state", ("problem", admin.EmptyFieldListFilter), "currency", "vat_country", "paid_at"]
    search_fields = ["ref", "payer", "session_id", "payment_intent", "stripe_charge"]
    date_hierarchy = "created_at"
    actions = ["resolve"]

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("payments.change_charge"))

    @admin.action(description="The problem is solved: let what waits go on", permissions=["resolve"])
    def resolve(self, request: HttpRequest, charges: QuerySet[Charge]) -> None:
        by = Actor(user_id=request.user.pk, party=PLATFORM, kind="staff", name=str(request.user))
        for charge in charges.exclude(problem=""):
            services.resolve_problem(by=by, charge=charge)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["charge", "state", "amount_minor", "held_minor", "vat_minor", "reason", "asked_by", "created_at"]
    list_filter = ["state", "created_at"]
    list_select_related = ["charge"]
    search_fields = ["charge__ref", "op__stripe_id", "reason"]


@admin.register(Op)
class OpAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "state", "attempt", "tries", "due_at", "stripe_id", "error"]
    list_filter = ["state", "kind", ("error", admin.EmptyFieldListFilter)]
    search_fields = ["key", "stripe_id", "charge__ref"]


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnlyAdmin):
    list_display = ["event_id", "type", "created_at", "done_at", "tries", "error"]
    list_filter = ["type", ("done_at", admin.EmptyFieldListFilter), ("error", admin.EmptyFieldListFilter)]
    search_fields = ["event_id", "charge_hint", "object_id"]
    date_hierarchy = "created_at"


@admin.register(PayoutAccount)
class PayoutAccountAdmin(ReadOnlyAdmin):
    list_display = ["party", "state", "reason", "country", "account_id", "active_since", "created_at"]
    list_filter = ["state", "country"]
    search_fields = ["party", "account_id"]
