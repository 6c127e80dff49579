from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.provenance.models import Fingerprint


@admin.register(Fingerprint)
class FingerprintAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "sha256", "subject"]
    list_filter = ["created_at"]
    search_fields = ["sha256", "subject"]
