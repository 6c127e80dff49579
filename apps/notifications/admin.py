from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.notifications.models import Mail, Notice


class MailInline(admin.TabularInline):
    model = Mail
    extra = 0
    can_delete = False
    readonly_fields = ["address", "language", "claimed_at", "sent_at"]


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "to", "kind", "__str__", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["to", "values", "mails__address"]
    date_hierarchy = "created_at"
    inlines = [MailInline]


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ["address", "language", "notice", "claimed_at", "sent_at", "created_at"]
    list_filter = ["language", ("sent_at", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["notice"]
    search_fields = ["address", "notice__kind"]
