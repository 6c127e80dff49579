from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.crew.models import CrewMember


@admin.register(CrewMember)
class CrewMemberAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "country", "claimed_at", "created_at"]
    list_filter = [("claimed_at", admin.EmptyFieldListFilter), "country"]
    search_fields = ["name", "email", "id"]
