from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.common.admin import ReadOnlyAdmin
from apps.ledger.models import Account, Balance, Entry, Journal, Seal


class EntryInline(admin.TabularInline):
    model = Entry
    fields = ("seq", "account", "amount", "currency", "memo", "booked_at", "balance_after")
    readonly_fields = fields
    ordering = ["seq"]
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        return super().get_queryset(request).select_related("account")


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["code", "currency", "kind", "party", "amount"]
    list_filter = ["kind", "currency"]
    search_fields = ["code", "party"]
    list_select_related = ["balance"]
    show_full_result_count = False

    @admin.display(ordering="balance__amount")
    def amount(self, account: Account) -> int:
        return account.balance.amount


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    list_display = ["key", "kind", "ref", "occurred_at", "created_at", "actor"]
    list_filter = ["kind", "occurred_at"]
    search_fields = ["key", "ref", "stripe_id", "actor"]
    inlines = [EntryInline]
    show_full_result_count = False


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ["booked_at", "account", "amount", "currency", "memo", "balance_after", "journal"]
    list_filter = ["currency", "account__kind", "booked_at"]
    search_fields = ["account__code", "journal__key", "journal__ref"]
    list_select_related = ["account", "journal"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Balance)
class BalanceAdmin(ReadOnlyAdmin):
    list_display = ["account", "amount", "n", "booked_at"]
    list_filter = ["account__currency", "account__kind"]
    search_fields = ["account__code"]
    list_select_related = ["account"]
    show_full_result_count = False


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["journal", "n", "gross"]
    list_filter = ["journal__kind"]
    search_fields = ["journal__key", "journal__ref"]
    list_select_related = ["journal"]
    show_full_result_count = False
