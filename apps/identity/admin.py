"""Staff look at documents here and decide, with a trail; nobody edits a check."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from apps.accounts.models import User
from apps.common.admin import ReadOnlyAdmin
from apps.common.errors import DomainError, NotAllowed, StaleState
from apps.identity.forms import DecisionForm
from apps.identity.models import IdentityCheck
from apps.identity.services import approve, look_at, refuse
from apps.media.services import read


@admin.register(IdentityCheck)
class IdentityCheckAdmin(ReadOnlyAdmin):
    list_display = ("talent", "way", "state", "kind", "created_at", "decided_on", "documents_deleted_at", "to_do")
    list_filter = ("way", "state", "kind")
    list_select_related = ("talent",)
    search_fields = ("talent__stage_name", "id", "session_id")
    exclude = ("document", "selfie")

    @admin.display(description="to do")
    def to_do(self, check: IdentityCheck) -> str:
        if not check.waits_for_staff:
            return ""
        return format_html('<a href="{}">Look and decide</a>', reverse("admin:identity_decide", args=[check.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        mine = [
            path("<uuid:pk>/decide/", view(self.decision_page), name="identity_decide"),
            path("<uuid:pk>/picture/<slug:which>/", view(self.picture), name="identity_picture"),
        ]
        return [*mine, *super().get_urls()]

    def decision_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A GET shows both pictures and decides nothing; a POST decides."""
        check, user = self._of(request, pk)
        form = DecisionForm(request.POST or None)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    _decide(user, check, form.cleaned_data)
                except NotAllowed as error:
                    raise PermissionDenied(error.message) from error
                except DomainError as error:
                    form.add_error(error.field, error.message)
                    status = 409 if isinstance(error, StaleState) else 422
                else:
                    messages.success(request, f"{check.talent}: decided. The pictures are deleted within minutes.")
                    return redirect("admin:identity_identitycheck_changelist")
        context = self.admin_site.each_context(request) | {
            "title": f"Who is {check.talent}?",
            "opts": self.opts,
            "check": check,
            "form": form,
            "open": check.waits_for_staff,
        }
        return TemplateResponse(request, "admin/identity/decide.html", context, status=status)

    def picture(self, request: HttpRequest, pk: UUID, which: str) -> HttpResponse:
        """The bytes, decrypted for this one look. No page of the admin is kept by a browser."""
        check, user = self._of(request, pk)
        if which not in ("document", "selfie"):
            raise Http404
        try:
            file = look_at(by=user, check=check, which=which)
        except NotAllowed as error:
            raise PermissionDenied(error.message) from error
        except StaleState as error:
            raise Http404 from error
        return HttpResponse(read(file), content_type=file.content_type)

    def _of(self, request: HttpRequest, pk: UUID) -> tuple[IdentityCheck, User]:
        if not self.has_view_permission(request) or not isinstance(request.user, User):
            raise PermissionDenied
        check = IdentityCheck.objects.select_related("talent", "document", "selfie")
        return get_object_or_404(check, pk=pk), request.user


def _decide(user: User, check: IdentityCheck, given: dict[str, Any]) -> None:
    if given["decision"] == DecisionForm.APPROVE:
        approve(by=user, check=check, birth_date=given["birth_date"])
    else:
        refuse(by=user, check=check, reason=given["reason"])
