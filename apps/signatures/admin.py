from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.signatures.models import Certificate, Signature


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ["signed_at", "kind", "version", "language", "party", "signer", "method"]
    list_filter = ["kind", "language", "method", "signed_at"]
    search_fields = ["subject", "party", "version", "text_sha256", "signer"]
    date_hierarchy = "signed_at"


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "signature", "sha256", "stamped_at"]
    list_select_related = ["signature"]
    search_fields = ["sha256", "signature__subject", "signature__party"]
    date_hierarchy = "created_at"
