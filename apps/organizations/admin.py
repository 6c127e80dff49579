"""Staff check agencies and brands here: `checked_at` is what lets them transact, and the change is in the audit log."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.audit.services import record
from apps.common.admin import ReadOnlyAdmin
from apps.common.refs import PLATFORM
from apps.organizations.models import Membership, Organization


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "country", "checked_at", "category", "competitor_group", "synthetic")
    list_filter = ("kind", "country", ("checked_at", admin.EmptyFieldListFilter), "synthetic")
    search_fields = ("name", "legal_name", "registration_number", "vat_number", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("synthetic",)

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            kind="organization.changed" if change else "organization.added",
            subject=obj.party,
            by=f"user:{request.user.pk} for {PLATFORM}",
            payload={"fields": list(form.changed_data), "checked": obj.checked_at is not None},
        )


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role", "organization__kind")
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "user__name", "organization__name")
