from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.programmes.models import Order, Place, Programme


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ["name", "organization", "day_rate_minor", "currency", "ends_on", "ended_at", "created_at"]
    list_filter = ["organization__kind", ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organization"]
    search_fields = ["name", "organization__name"]
    date_hierarchy = "created_at"


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    list_display = ["name", "email", "programme", "state", "mailed_at", "answered_at", "ended_at"]
    list_filter = ["state"]
    list_select_related = ["programme"]
    search_fields = ["name", "email", "programme__name"]
    date_hierarchy = "created_at"


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    list_display = ["programme", "net_minor", "vat_minor", "currency", "paid_at", "created_at"]
    list_filter = [("paid_at", admin.EmptyFieldListFilter)]
    list_select_related = ["programme"]
    search_fields = ["id", "programme__name"]
    date_hierarchy = "created_at"
