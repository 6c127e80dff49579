"""The stand-in's state for staff: to look at, except for faults, which are made here."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.sandbox import models


@admin.register(models.CheckoutSession)
class CheckoutSessionAdmin(ReadOnlyAdmin):
    list_display = ["id", "status", "amount", "currency", "client_reference_id", "created_at"]
    list_filter = ["status", "currency"]
    search_fields = ["id", "client_reference_id", "payment_intent__id"]


@admin.register(models.PaymentIntent)
class PaymentIntentAdmin(ReadOnlyAdmin):
    list_display = ["id", "status", "amount", "currency", "transfer_group", "created_at"]
    list_filter = ["status", "currency"]
    search_fields = ["id", "transfer_group"]


@admin.register(models.Charge)
class ChargeAdmin(ReadOnlyAdmin):
    list_display = ["id", "payment_intent", "amount", "amount_refunded", "currency", "failure_code", "created_at"]
    list_filter = ["currency", "failure_code"]
    search_fields = ["id", "payment_intent__id"]


@admin.register(models.Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = ["id", "charge", "status", "amount", "created_at"]
    list_filter = ["status"]
    search_fields = ["id", "charge__id"]


@admin.register(models.BalanceTransaction)
class BalanceTransactionAdmin(ReadOnlyAdmin):
    list_display = ["id", "kind", "amount", "fee", "net", "currency", "source", "created_at"]
    list_filter = ["kind", "currency"]
    search_fields = ["id", "source"]


@admin.register(models.ConnectedAccount)
class ConnectedAccountAdmin(ReadOnlyAdmin):
    list_display = ["id", "display_name", "country", "transfers", "reason", "created_at"]
    list_filter = ["transfers", "country"]
    search_fields = ["id", "display_name", "contact_email"]


@admin.register(models.AccountLink)
class AccountLinkAdmin(ReadOnlyAdmin):
    list_display = ["id", "account", "expires_at", "used_at"]
    list_filter = ["used_at"]
    search_fields = ["id", "account__id"]


@admin.register(models.VerificationSession)
class VerificationSessionAdmin(ReadOnlyAdmin):
    list_display = ["id", "status", "error", "created_at", "redacted_at"]
    list_filter = ["status"]
    search_fields = ["id", "client_reference_id"]


@admin.register(models.Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ["id", "type", "subject", "created_at"]
    list_filter = ["type"]
    search_fields = ["id", "subject"]


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["event", "due_at", "attempts", "delivered_at", "last_answer"]
    list_filter = ["delivered_at", "last_answer"]
    search_fields = ["event__id", "event__type"]


@admin.register(models.Fault)
class FaultAdmin(admin.ModelAdmin):
    list_display = ["kind", "target", "remaining"]
    list_filter = ["kind"]
    search_fields = ["target"]


@admin.register(models.SavedAnswer)
class SavedAnswerAdmin(ReadOnlyAdmin):
    list_display = ["key", "status", "created_at"]
    list_filter = ["status", "created_at"]
    search_fields = ["key"]
