"""Staff look at twins here; only talent act on them."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.twins.models import CaptureSet, CaptureUpload, Photograph, Twin, TwinVersion, VersionArtefact


@admin.register(Twin)
class TwinAdmin(ReadOnlyAdmin):
    list_display = ("talent", "state", "best_before", "cover_until", "created_at")
    list_filter = ("state", "talent__board", "talent__synthetic")
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name", "id")
    date_hierarchy = "created_at"
    exclude = ("chosen_cover",)


@admin.register(CaptureSet)
class CaptureSetAdmin(ReadOnlyAdmin):
    list_display = ("twin", "taken_on", "closed_at")
    list_filter = ("taken_on", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("twin__talent",)
    search_fields = ("twin__talent__stage_name", "id")


@admin.register(Photograph)
class PhotographAdmin(ReadOnlyAdmin):
    """Measurements only: staff see no capture set of anybody."""

    list_display = ("name", "capture_set", "created_at")
    list_filter = ("name", "created_at")
    list_select_related = ("capture_set__twin__talent",)
    search_fields = ("capture_set__twin__talent__stage_name", "id")
    exclude = ("file",)


@admin.register(CaptureUpload)
class CaptureUploadAdmin(ReadOnlyAdmin):
    """What was refused and why; the pictures themselves are for nobody's eyes."""

    list_display = ("shot", "state", "reason", "capture_set", "created_at")
    list_filter = ("state", "shot", "created_at")
    list_select_related = ("capture_set__twin__talent",)
    search_fields = ("capture_set__twin__talent__stage_name", "id")
    exclude = ("file", "photograph")


@admin.register(TwinVersion)
class TwinVersionAdmin(ReadOnlyAdmin):
    list_display = ("twin", "number", "state", "engine", "created_at")
    list_filter = ("state", "engine")
    list_select_related = ("twin__talent",)
    search_fields = ("twin__talent__stage_name", "id")


@admin.register(VersionArtefact)
class VersionArtefactAdmin(ReadOnlyAdmin):
    """That there is one and what it is; the bytes are hers."""

    list_display = ("name", "kind", "version", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("version__twin__talent",)
    search_fields = ("version__twin__talent__stage_name", "id")
    exclude = ("file",)
