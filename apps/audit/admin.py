import json

from django.contrib import admin

from apps.audit.models import Event
from apps.common.admin import ReadOnlyAdmin


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["seq", "recorded_at", "kind", "subject", "by"]
    list_filter = ["kind"]
    search_fields = ["kind", "subject", "hash", "payload__body"]
    list_select_related = ["payload"]
    fields = ["seq", "recorded_at", "kind", "subject", "by", "data", "record", "hash"]
    list_per_page = 50
    show_full_result_count = False

    @admin.display(description="by")
    def by(self, event: Event) -> str:
        body = event.body
        return body["by"] if body else "erased"

    @admin.display(description="data")
    def data(self, event: Event) -> str:
        body = event.body
        return json.dumps(body["data"], indent=2, ensure_ascii=False) if body else "erased"
