from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.conversations.models import Attachment, Message, ReadMark, Thread


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin):
    """Staff see that there is a conversation and how long it is. What is said in it is nobody else's."""

    list_display = ("booking", "between", "last_number", "last_at")
    list_filter = ("between", "last_at")
    list_select_related = ("booking",)
    search_fields = ("booking__code",)
    date_hierarchy = "last_at"


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Without the text."""

    list_display = ("thread", "number", "party", "created_at", "told_at", "deleted_at")
    list_filter = (("deleted_at", admin.EmptyFieldListFilter), "created_at")
    list_select_related = ("thread",)
    search_fields = ("thread__booking__code", "party")
    exclude = ("body",)


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    """How far it is. The files are reached by nobody but the two sides."""

    list_display = ("message", "state", "reason", "created_at")
    list_filter = ("state", "created_at")
    list_select_related = ("message",)
    search_fields = ("message__thread__booking__code",)
    exclude = ("upload", "file", "name")


@admin.register(ReadMark)
class ReadMarkAdmin(ReadOnlyAdmin):
    list_display = ("thread", "user", "party", "number", "read_at")
    list_select_related = ("thread", "user")
    search_fields = ("thread__booking__code", "user__email", "party")
    date_hierarchy = "read_at"
