from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from apps.common.admin import ReadOnlyAdmin
from apps.media.models import Rendition, StoredFile, TwinKey


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    """What is stored, never the bytes: staff have no way to look at a picture here."""

    list_display = ["id", "kind", "owner", "content_type", "size", "encrypted", "rendition_count", "created_at"]
    list_filter = ["kind", "content_type", "encrypted", "created_at", ("deleted_at", admin.EmptyFieldListFilter)]
    search_fields = ["id", "owner", "sha256", "twin_ref"]
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredFile]:
        return super().get_queryset(request).annotate(rendition_count=Count("renditions"))

    @admin.display(description="renditions")
    def rendition_count(self, file: Any) -> int:
        return int(file.rendition_count)


@admin.register(TwinKey)
class TwinKeyAdmin(ReadOnlyAdmin):
    list_display = ["twin_ref", "created_at", "destroyed_at"]
    list_filter = [("destroyed_at", admin.EmptyFieldListFilter)]
    search_fields = ["twin_ref"]
    fields = ["twin_ref", "created_at", "destroyed_at"]


@admin.register(Rendition)
class RenditionAdmin(ReadOnlyAdmin):
    list_display = ["name", "file", "width", "height", "size", "created_at"]
    list_filter = ["name", "created_at"]
    list_select_related = ["file"]
    search_fields = ["file__id", "storage_name"]
