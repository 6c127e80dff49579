"""Staff watch options here; nobody grants or ends one for somebody else."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.options.models import GrantRule, Option


@admin.register(Option)
class OptionAdmin(ReadOnlyAdmin):
    list_display = ("twin", "brand", "agency", "category", "state", "granted_at", "expires_at", "challenged_until")
    list_filter = ("state", "category")
    list_select_related = ("brand", "agency", "twin__talent")
    search_fields = ("brand__name", "twin__talent__stage_name", "id")


@admin.register(GrantRule)
class GrantRuleAdmin(ReadOnlyAdmin):
    date_hierarchy = "created_at"
    list_display = ("talent", "party", "created_at")
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name",)
