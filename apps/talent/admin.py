"""Staff look at models, rules and mandates here; they change none of them: each is somebody's own signed word."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.talent.models import Boundaries, Mandate, MandateProposal, NeverAgain, OutsideCommitment, Talent


@admin.register(Talent)
class TalentAdmin(ReadOnlyAdmin):
    list_display = ("stage_name", "board", "country", "height_cm", "synthetic", "created_at")
    list_filter = ("board", "country", "synthetic")
    search_fields = ("stage_name", "slug", "id")


@admin.register(Boundaries)
class BoundariesAdmin(ReadOnlyAdmin):
    list_display = ("talent", "barred_categories", "barred_media", "longest_window_months", "lowest_fee_minor")
    list_filter = ("longest_window_months",)
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name",)


@admin.register(NeverAgain)
class NeverAgainAdmin(ReadOnlyAdmin):
    list_display = ("boundaries", "kind", "value", "created_at")
    list_filter = ("kind",)
    list_select_related = ("boundaries__talent",)
    search_fields = ("boundaries__talent__stage_name",)


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    list_display = ("talent", "agency", "kind", "covers_twins", "commission_bp", "starts_on", "ends_on", "ended_on")
    list_filter = ("kind", "covers_twins", "agency")
    list_select_related = ("talent", "agency")
    search_fields = ("talent__stage_name", "agency__name")
    date_hierarchy = "ends_on"


@admin.register(MandateProposal)
class MandateProposalAdmin(ReadOnlyAdmin):
    list_display = ("talent", "agency", "kind", "state", "covers_twins", "starts_on", "ends_on", "answered_at")
    list_filter = ("state", "kind", "agency")
    list_select_related = ("talent", "agency")
    search_fields = ("talent__stage_name", "agency__name")
    date_hierarchy = "created_at"


@admin.register(OutsideCommitment)
class OutsideCommitmentAdmin(ReadOnlyAdmin):
    list_display = ("talent", "exclusivity", "category", "window", "entered_by")
    list_filter = ("exclusivity", "category")
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name",)
