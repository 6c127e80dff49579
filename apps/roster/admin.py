"""Staff look at rosters here; an agency writes its own, and nobody accepts for a model."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.roster.models import Invitation, RosterEntry, RosterUpload


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
