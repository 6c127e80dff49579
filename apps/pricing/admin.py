from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.pricing.models import DayRate, RateCard


@admin.register(RateCard)
class RateCardAdmin(ReadOnlyAdmin):
    list_display = ["owner", "version", "created_by", "created_at"]
    list_filter = ["created_at"]
    search_fields = ["owner", "created_by"]
    show_full_result_count = False


@admin.register(DayRate)
class DayRateAdmin(ReadOnlyAdmin):
    list_display = ["talent_ref", "amount_minor", "currency", "changed_by", "changed_at"]
    list_filter = ["currency"]
    search_fields = ["talent_ref"]
    show_full_result_count = False
