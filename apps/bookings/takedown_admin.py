"""The queue of take-down notices. Staff close downloads, decide and say why; nobody edits one."""

from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html

from apps.accounts.models import User
from apps.bookings.models import TakedownNotice
from apps.bookings.services.objecting import LONGEST_REASON, decide, suspend
from apps.common.admin import ReadOnlyAdmin
from apps.common.errors import DomainError, NotAllowed, StaleState

State = TakedownNotice.State
SUSPEND, UPHOLD, REFUSE = "suspend", "uphold", "refuse"


class TakedownForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[
            (SUSPEND, "Close the downloads while we look"),
            (UPHOLD, "Uphold: downloads stay closed, the brand takes the picture down"),
            (REFUSE, "Refuse: downloads are open"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="To uphold or refuse: it is kept with the decision.",
    )


@admin.register(TakedownNotice)
class TakedownAdmin(ReadOnlyAdmin):
    list_display = ("licence", "state", "clock", "suspended_at", "name", "created_at", "decided_by", "to_do")
    list_filter = ("state", ("suspended_at", admin.EmptyFieldListFilter))
    list_select_related = ("licence", "decided_by")
    search_fields = ("licence__code", "licence__brand__name", "name", "email", "id")
    ordering = ("-state", "due_at")

    @admin.display(description="clock", ordering="due_at")
    def clock(self, notice: TakedownNotice) -> str:
        if notice.state != State.OPEN:
            return ""
        hours = int((notice.due_at - timezone.now()).total_seconds() // 3600)
        return f"{hours} h left" if hours >= 0 else "over"

    @admin.display(description="to do")
    def to_do(self, notice: TakedownNotice) -> str:
        if notice.state != State.OPEN:
            return ""
        page = reverse("admin:bookings_takedown_decide", args=[notice.pk])
        return format_html('<a href="{}">Look and decide</a>', page)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        mine = [path("<uuid:pk>/decide/", view(self.decision_page), name="bookings_takedown_decide")]
        return [*mine, *super().get_urls()]

    def decision_page(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """A GET shows the notice and decides nothing; a POST decides."""
        if not self.has_view_permission(request) or not isinstance(request.user, User):
            raise PermissionDenied
        rows = TakedownNotice.objects.select_related("licence__brand", "licence__twin__talent", "decided_by")
        notice = get_object_or_404(rows, pk=pk)
        form = TakedownForm(request.POST or None)
        status = 200
        if request.method == "POST":
            status = 422
            if form.is_valid():
                try:
                    _act(request.user, notice, form.cleaned_data)
                except NotAllowed as error:
                    raise PermissionDenied(error.message) from error
                except DomainError as error:
                    form.add_error(error.field if error.field in form.fields else None, error.message)
                    status = 409 if isinstance(error, StaleState) else 422
                else:
                    messages.success(request, f"{notice.licence.code}: done. The parties are told.")
                    return redirect("admin:bookings_takedownnotice_changelist")
        context = self.admin_site.each_context(request) | {
            "title": f"Take-down notice about {notice.licence.code}",
            "opts": self.opts,
            "notice": notice,
            "form": form,
            "open": notice.state == State.OPEN,
            "clock": self.clock(notice),
        }
        return TemplateResponse(request, "admin/bookings/takedown.html", context, status=status)


def _act(user: User, notice: TakedownNotice, given: dict[str, str]) -> None:
    if given["decision"] == SUSPEND:
        suspend(by=user, notice=notice)
    else:
        decide(by=user, notice=notice, upheld=given["decision"] == UPHOLD, reason=given["reason"])
