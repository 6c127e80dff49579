"""Staff check agencies and brands here: a decision with a reason, on a page of its own, kept as a trail."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from apps.accounts.models import User
from apps.audit.services import record
from apps.common.admin import ReadOnlyAdmin
from apps.common.errors import DomainError, NotAllowed, StaleState
from apps.common.refs import PLATFORM
from apps.organizations.forms import CreditForm, DecisionForm
from apps.organizations.models import Absence, Membership, Organization, OrganizationCheck, TeamInvitation
from apps.organizations.services import decide, possible_decisions, set_credit

CONFLICT, UNPROCESSABLE = 409, 422
PRESS = {"approved": "Approve", "refused": "Refuse", "withdrawn": "Take the check back"}


class CheckInline(admin.TabularInline):
    """The trail. Written by decisions only."""

    model = OrganizationCheck
    fields = readonly_fields = ("created_at", "decision", "reason", "by")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "country", "checked_at", "category", "competitor_group", "synthetic")
    list_filter = ("kind", "country", ("checked_at", admin.EmptyFieldListFilter), "synthetic")
    search_fields = ("name", "legal_name", "registration_number", "vat_number", "slug")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("checked_at", "credit_limit_minor", "synthetic")
    inlines = (CheckInline,)

    def save_model(self, request: HttpRequest, obj: Organization, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        record(
            kind="organization.changed" if change else "organization.added",
            subject=obj.party,
            by=f"user:{request.user.pk} for {PLATFORM}",
            payload={"fields": list(form.changed_data), "checked": obj.checked_at is not None},
        )

    def get_urls(self) -> list[URLPattern]:
        mine = path(
            "<uuid:pk>/decide/<slug:decision>/",
            self.admin_site.admin_view(self.decision_page),
            name="organizations_organization_decide",
        )
        credit = path(
            "<uuid:pk>/credit/",
            self.admin_site.admin_view(self.credit_page),
            name="organizations_organization_credit",
        )
        return [mine, credit, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context["decisions"] = [
                (PRESS[decision], reverse("admin:organizations_organization_decide", args=[obj.pk, decision]))
                for decision in possible_decisions(obj)
            ]
            if obj.kind == Organization.Kind.BRAND and obj.checked_at:
                credit = reverse("admin:organizations_organization_credit", args=[obj.pk])
                context["decisions"].append(("Set credit", credit))
        return super().render_change_form(request, context, *args, **kwargs)

    def decision_page(self, request: HttpRequest, pk: UUID, decision: str) -> HttpResponse:
        if decision not in PRESS:
            raise Http404
        form = DecisionForm(request.POST or None)

        def act(by: User, organization: Organization) -> None:
            decide(by=by, organization=organization, decision=decision, reason=form.cleaned_data["reason"])

        return self._page_that_acts(request, pk, form, act, PRESS[decision])

    def credit_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        form = CreditForm(request.POST or None)

        def act(by: User, organization: Organization) -> None:
            reason = form.cleaned_data["reason"]
            set_credit(by=by, organization=organization, limit_minor=form.limit_minor(), reason=reason)

        return self._page_that_acts(request, pk, form, act, "Set credit")

    def _page_that_acts(
        self, request: HttpRequest, pk: UUID, form: Form, act: Callable[[User, Organization], None], press: str
    ) -> HttpResponse:
        """A GET asks for the reason and decides nothing; a POST decides, or comes back with what was wrong."""
        organization = get_object_or_404(Organization, pk=pk)
        if not self.has_change_permission(request, organization) or not isinstance(request.user, User):
            raise PermissionDenied
        status = 200
        if request.method == "POST":
            status = UNPROCESSABLE
            if form.is_valid():
                try:
                    act(request.user, organization)
                except NotAllowed as error:
                    raise PermissionDenied(error.message) from error
                except DomainError as error:
                    form.add_error(error.field, error.message)
                    status = CONFLICT if isinstance(error, StaleState) else UNPROCESSABLE
                else:
                    messages.success(request, f"{organization}: done, and its owners are told.")
                    return redirect("admin:organizations_organization_change", pk)
        context = self.admin_site.each_context(request) | {
            "title": f"{press}: {organization}",
            "opts": self.opts,
            "organization": organization,
            "form": form,
            "press": press,
        }
        return TemplateResponse(request, "admin/organizations/decide.html", context, status=status)


@admin.register(OrganizationCheck)
class OrganizationCheckAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "organization", "decision", "reason", "by")
    list_filter = ("decision", "organization__kind")
    list_select_related = ("organization", "by")
    search_fields = ("organization__name", "reason", "by__email")
    date_hierarchy = "created_at"


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "organization", "role", "created_at")
    list_filter = ("role", "organization__kind")
    list_select_related = ("user", "organization")
    search_fields = ("user__email", "user__name", "organization__name")


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin):
    list_display = ("user", "organization", "starts_on", "ends_on", "deputy", "ended_at")
    list_filter = (("ended_at", admin.EmptyFieldListFilter), "starts_on")
    list_select_related = ("user", "organization", "deputy")
    search_fields = ("user__email", "user__name", "deputy__name", "organization__name")


@admin.register(TeamInvitation)
class TeamInvitationAdmin(ReadOnlyAdmin):
    list_display = ("email", "organization", "role", "mailed_at", "expires_at", "accepted_at", "withdrawn_at")
    list_filter = ("role", ("accepted_at", admin.EmptyFieldListFilter), ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("email", "organization__name")
    exclude = ("secret_sha256",)
