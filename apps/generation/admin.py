"""Staff watch vouchers, jobs and candidates here. States are moved by the program alone."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.generation.models import Attempt, Candidate, Job, Voucher, WebhookReceipt


@admin.register(Voucher)
class VoucherAdmin(ReadOnlyAdmin):
    list_display = ("subject", "purpose", "twin", "pictures", "used", "candidates", "stopped", "ends", "state")
    list_filter = ("state", "purpose")
    list_select_related = ("twin__talent",)
    search_fields = ("subject", "twin__talent__stage_name", "id")
    date_hierarchy = "created_at"
    exclude = ("token",)


class AttemptInline(admin.TabularInline):
    model = Attempt
    fields = ("number", "state", "remote_id", "progress", "error_code", "error_message", "gpu_seconds", "ended_at")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "state", "look_ref", "error_code", "refused", "remakes", "created_at", "ended_at")
    list_filter = ("state", "kind", "refused", "error_code")
    search_fields = ("id", "look_ref", "voucher__subject", "version__twin__talent__stage_name")
    date_hierarchy = "created_at"
    inlines = (AttemptInline,)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ("id", "number", "state", "engine", "remote_id", "error_code", "next_poll_at", "created_at")
    list_filter = ("state", "engine", "error_code")
    search_fields = ("id", "remote_id", "job__id", "job__voucher__subject")
    date_hierarchy = "created_at"
    exclude = ("webhook_token",)


@admin.register(Candidate)
class CandidateAdmin(ReadOnlyAdmin):
    """Figures only: staff decide nothing about a model's pictures."""

    list_display = ("id", "state", "verdict", "likeness", "nearest_other", "created_at")
    list_filter = ("state", "verdict")
    search_fields = ("id", "job__id", "job__voucher__subject")
    date_hierarchy = "created_at"
    exclude = ("file",)


@admin.register(WebhookReceipt)
class WebhookReceiptAdmin(ReadOnlyAdmin):
    list_display = ("event_id", "type", "attempt", "received_at")
    list_filter = ("type", "received_at")
    list_select_related = ("attempt",)
    search_fields = ("event_id", "attempt__remote_id")
