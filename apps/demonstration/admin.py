"""Staff see which stories are told and how the tours are used."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.demonstration.models import ToldStory, Tour


@admin.register(ToldStory)
class ToldStoryAdmin(ReadOnlyAdmin):
    list_display = ("slug", "told_at")
    search_fields = ("slug",)
    date_hierarchy = "told_at"


@admin.register(Tour)
class TourAdmin(ReadOnlyAdmin):
    list_display = ("story", "booking", "created_at", "left_at")
    list_filter = ("story", ("left_at", admin.EmptyFieldListFilter))
    list_select_related = ("booking",)
    search_fields = ("booking__code", "booking__title")
    date_hierarchy = "created_at"
