"""Staff watch bookings here. States and money move by the state machine and the ledger only."""

from django.contrib import admin

from apps.bookings.models import (
    Approval,
    Booking,
    BookingTemplate,
    Credit,
    Deliverable,
    Download,
    LabelChoice,
    Licence,
    LicencePack,
    Look,
    LookProduct,
    PictureView,
    Pin,
    Placement,
    Reminder,
    Review,
    RightsSlot,
    Terms,
    Transition,
    Wish,
)
from apps.bookings.takedown_admin import TakedownAdmin as TakedownAdmin
from apps.common.admin import ReadOnlyAdmin


@admin.register(Booking)
class BookingAdmin(ReadOnlyAdmin):
    list_display = ("code", "title", "brand", "twin", "agency", "state", "deadline_at", "created_at")
    list_filter = ("state", "category", "exclusivity", "brand")
    list_select_related = ("brand", "agency", "twin__talent")
    search_fields = ("code", "title", "brand__name", "twin__talent__stage_name", "id")
    date_hierarchy = "created_at"


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    list_display = ("title", "booking", "scene", "pictures", "format")
    list_filter = ("scene", "format")
    list_select_related = ("booking",)
    search_fields = ("booking__code", "title")


@admin.register(Terms)
class TermsAdmin(ReadOnlyAdmin):
    list_display = ("booking", "version", "pictures", "fee_minor", "total_minor", "currency", "created_at")
    list_filter = ("currency", "exclusivity", "category")
    list_select_related = ("booking",)
    search_fields = ("booking__code", "memo_sha256")


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """What was answered stays sealed here as well: staff see that somebody answered, and when."""

    list_display = ("terms", "side", "answered_at", "opened_at", "taken_back_at")
    list_filter = ("side", ("opened_at", admin.EmptyFieldListFilter))
    list_select_related = ("terms__booking",)
    search_fields = ("terms__booking__code",)
    exclude = ("answer", "conditions", "private_reason")


@admin.register(RightsSlot)
class RightsSlotAdmin(ReadOnlyAdmin):
    list_display = ("twin", "category", "territory", "window", "booking", "released_at")
    list_filter = ("category", ("released_at", admin.EmptyFieldListFilter))
    list_select_related = ("twin__talent", "booking")
    search_fields = ("booking__code", "twin__talent__stage_name", "territory")


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin):
    list_display = ("booking", "look", "decision", "decided_at", "selected_at", "deadline_at")
    list_filter = ("decision", ("selected_at", admin.EmptyFieldListFilter))
    list_select_related = ("booking", "look")
    search_fields = ("booking__code",)
    exclude = ("reason",)


@admin.register(Licence)
class LicenceAdmin(ReadOnlyAdmin):
    list_display = ("code", "brand", "twin", "category", "starts_on", "ends_on", "state")
    list_filter = ("state", "category", "exclusivity")
    list_select_related = ("brand", "twin__talent")
    search_fields = ("code", "brand__name", "twin__talent__stage_name", "booking__code")
    date_hierarchy = "ends_on"


@admin.register(Deliverable)
class DeliverableAdmin(ReadOnlyAdmin):
    list_display = ("licence", "review", "label", "format", "sha256", "created_at")
    list_filter = ("label", "format")
    list_select_related = ("licence", "review__look", "review__booking")
    search_fields = ("sha256", "licence__code")


@admin.register(Download)
class DownloadAdmin(ReadOnlyAdmin):
    list_display = ("deliverable", "party", "address", "created_at")
    list_filter = ("created_at",)
    list_select_related = ("deliverable__licence", "deliverable__review__look")
    search_fields = ("party", "address", "deliverable__licence__code")


@admin.register(Transition)
class TransitionAdmin(ReadOnlyAdmin):
    list_display = ("booking", "action", "source", "target", "by", "created_at")
    list_filter = ("action", "target", "by_kind")
    list_select_related = ("booking",)
    search_fields = ("booking__code", "by")


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ("booking", "kind", "deadline_at", "created_at")
    list_filter = ("kind",)
    search_fields = ("booking__code",)
    list_select_related = ("booking",)


@admin.register(LabelChoice)
class LabelChoiceAdmin(ReadOnlyAdmin):
    list_display = ("licence", "territory", "channel", "label", "created_at")
    list_filter = ("label", "channel")
    list_select_related = ("licence",)
    search_fields = ("licence__code", "territory")


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    list_display = ("licence", "where_it_ran", "medium", "first_on", "last_on", "beyond", "paid_at", "stated_at")
    list_filter = ("medium", ("stated_at", admin.EmptyFieldListFilter), ("paid_at", admin.EmptyFieldListFilter))
    list_select_related = ("licence",)
    search_fields = ("licence__code", "licence__brand__name", "url", "where")

    @admin.display(description="where")
    def where_it_ran(self, row: Placement) -> str:
        return str(row)


@admin.register(LicencePack)
class LicencePackAdmin(ReadOnlyAdmin):
    list_display = ("licence", "label", "state", "done", "total", "tries", "ends_at")
    list_filter = ("state",)
    list_select_related = ("licence",)
    search_fields = ("licence__code",)


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin):
    list_display = ("text", "side", "review", "author", "created_at", "resolved_at")
    list_filter = ("side",)
    list_select_related = ("review__look", "author")
    search_fields = ("review__booking__code",)


@admin.register(Wish)
class WishAdmin(ReadOnlyAdmin):
    list_display = ("look", "state", "created_at", "deadline_at", "decided_at")
    list_filter = ("state",)
    list_select_related = ("look",)
    search_fields = ("look__booking__code",)


@admin.register(LookProduct)
class LookProductAdmin(ReadOnlyAdmin):
    list_display = ("look", "position", "ground", "created_at")
    list_filter = ("ground",)
    list_select_related = ("look",)
    search_fields = ("look__booking__code", "look__title")


@admin.register(BookingTemplate)
class BookingTemplateAdmin(ReadOnlyAdmin):
    list_display = ("name", "brand", "created_at")
    list_filter = ("brand",)
    list_select_related = ("brand",)
    search_fields = ("name", "brand__name")


@admin.register(Credit)
class CreditAdmin(ReadOnlyAdmin):
    list_display = ("name", "role", "booking", "created_at")
    list_filter = ("role",)
    list_select_related = ("booking",)
    search_fields = ("name", "booking__code")


@admin.register(PictureView)
class PictureViewAdmin(ReadOnlyAdmin):
    """The access log is the model's to read: staff see that it is kept, and not who looked."""

    list_display = ("review", "day")
    list_filter = ("day",)
    list_select_related = ("review__look",)
    search_fields = ("review__booking__code",)
    date_hierarchy = "day"
    exclude = ("user", "party")
