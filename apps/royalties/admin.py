from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.royalties.models import Royalty, Split, Statement


@admin.register(Split)
class SplitAdmin(ReadOnlyAdmin):
    list_display = ["charge_ref", "total_minor", "fee_minor", "commission_bp", "currency", "created_at"]
    list_filter = ["currency", "created_at"]
    search_fields = ["charge_ref", "agreed_by"]
    show_full_result_count = False


@admin.register(Royalty)
class RoyaltyAdmin(ReadOnlyAdmin):
    list_display = ["charge_ref", "party", "kind", "reason", "amount_minor", "earned_minor", "currency", "state"]
    list_filter = ["state", "kind", "reason", "currency", "earned_on"]
    search_fields = ["charge_ref", "party"]
    show_full_result_count = False


@admin.register(Statement)
class StatementAdmin(ReadOnlyAdmin):
    list_display = ["party", "period", "currency", "opening", "closing", "closed_by", "created_at"]
    list_filter = ["period", "currency"]
    search_fields = ["party", "sha256"]
    show_full_result_count = False
