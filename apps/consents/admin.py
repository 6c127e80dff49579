"""Staff read consents; nobody gives or withdraws one here (New York Fashion Workers Act, GDPR art. 9)."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.consents.models import Consent


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("talent", "purpose", "granted_at", "ends_at", "withdrawn_at")
    list_filter = ("purpose", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name", "id")
    date_hierarchy = "granted_at"
