from django.contrib import admin

from apps.boards.models import Board, Findable, Share
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
