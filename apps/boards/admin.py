from django.contrib import admin

from apps.boards.models import Board, Entry, Findable, Opening, SavedFilter, Share
from apps.common.admin import ReadOnlyAdmin


@admin.register(Board)
class BoardAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "organization", "for_brand", "created_at"]
    list_filter = ["kind"]
    list_select_related = ["organization", "for_brand"]
    search_fields = ["name", "organization__name"]
    date_hierarchy = "created_at"


@admin.register(Share)
class ShareAdmin(ReadOnlyAdmin):
    list_display = ["board", "expires_at", "revoked_at", "created_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["board"]
    search_fields = ["board__name", "board__organization__name"]
    date_hierarchy = "created_at"
    exclude = ("secret_sha256",)


@admin.register(Findable)
class FindableAdmin(ReadOnlyAdmin):
    list_display = ["name", "board", "height_cm", "until"]
    list_filter = ["board"]
    search_fields = ["name"]


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["board", "twin", "created_at"]
    list_filter = ["board__kind"]
    list_select_related = ["board", "twin__talent"]
    search_fields = ["board__name", "twin__talent__stage_name"]


@admin.register(Opening)
class OpeningAdmin(ReadOnlyAdmin):
    list_display = ["share", "device", "organization", "created_at"]
    list_filter = ["share__board__kind"]
    list_select_related = ["share__board", "organization"]
    search_fields = ["share__board__name", "organization__name"]


@admin.register(SavedFilter)
class SavedFilterAdmin(ReadOnlyAdmin):
    list_display = ["name", "user", "organization", "query"]
    list_filter = ["organization__kind"]
    list_select_related = ["user", "organization"]
    search_fields = ["name", "user__name", "organization__name"]
