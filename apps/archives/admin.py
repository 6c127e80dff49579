from django.contrib import admin

from apps.archives.models import Archive
from apps.common.admin import ReadOnlyAdmin


@admin.register(Archive)
class ArchiveAdmin(ReadOnlyAdmin):
    """Staff see that there is one and how far it is. Nobody but the model gets at what is in it."""

    list_display = ("twin", "state", "done", "total", "tries", "created_at", "ends_at", "deleted_at")
    list_filter = ("state", "created_at")
    list_select_related = ("twin__talent",)
    search_fields = ("twin__talent__stage_name", "id")
    date_hierarchy = "created_at"
    exclude = ("file",)
