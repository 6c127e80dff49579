"""Staff look at rosters here; an agency writes its own, and nobody accepts for a model."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.roster.models import BulkAct, Invitation, RosterColumns, RosterEntry, RosterPlace, RosterUpload


@admin.register(RosterEntry)
class RosterEntryAdmin(ReadOnlyAdmin):
    list_display = ("last_name", "first_name", "email", "agency", "board", "country", "talent", "created_at")
    list_filter = ("board", ("talent", admin.EmptyFieldListFilter), "agency")
    list_select_related = ("agency", "talent")
    search_fields = ("email", "first_name", "last_name", "agency__name")


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("entry", "state", "created_at", "expires_at", "accepted_at")
    list_filter = (("accepted_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("entry",)
    search_fields = ("entry__email", "entry__first_name", "entry__last_name")
    exclude = ("secret_sha256",)


@admin.register(RosterUpload)
class RosterUploadAdmin(ReadOnlyAdmin):
    list_display = ("name", "agency", "state", "created_at", "problem")
    list_filter = ("state", "created_at")
    list_select_related = ("agency",)
    search_fields = ("name", "agency__name")
    exclude = ("report", "file")


@admin.register(RosterPlace)
class RosterPlaceAdmin(ReadOnlyAdmin):
    list_display = ("talent", "agency", "board", "set_aside_at")
    list_filter = ("board", ("set_aside_at", admin.EmptyFieldListFilter), "agency")
    list_select_related = ("agency", "talent")
    search_fields = ("talent__stage_name", "agency__name")


@admin.register(BulkAct)
class BulkActAdmin(ReadOnlyAdmin):
    list_display = ("what", "board", "agency", "done_by", "created_at", "undone_at", "sent_at")
    list_filter = ("what", "created_at")
    list_select_related = ("agency", "done_by")
    search_fields = ("agency__name", "done_by__email")


@admin.register(RosterColumns)
class RosterColumnsAdmin(ReadOnlyAdmin):
    list_display = ("user", "columns")
    list_filter = ("created_at",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
