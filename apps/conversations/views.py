"""Conversations of a booking: the list, one of them, writing, deleting, what was attached. Works without JavaScript."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import acting_as
from apps.bookings.models import Booking
from apps.bookings.states import State
from apps.bookings.views.scope import UNPROCESSABLE, ActedRequest, booking_of, refused
from apps.common.errors import DomainError, InvalidInput
from apps.conversations import services
from apps.conversations.forms import MessageForm
from apps.conversations.models import Attachment, Message, Thread
from apps.conversations.seats import is_seated, may_read, may_write
from apps.conversations.selectors import Talk, rows_of, talk_of, threads_page, unread_of
from apps.media.signing import signed_url
from apps.organizations.permissions import Permission

PER_PAGE = 30
DOWNLOAD_SECONDS = 120
MOST_DIGITS = 9
# While the two sides of it answer blind to each other.
SEALED = (State.SUBMITTED, State.PROPOSING, State.COUNTERED)

a_party = acting_as("brand", "talent", "agency", permission=Permission.VIEW)


@require_safe
@a_party
def conversations(request: ActedRequest) -> HttpResponse:
    """Everything that is being talked about, the latest first."""
    _require_reader(request)
    unread_only = request.GET.get("view") == "unread"
    page = Paginator(threads_page(request.actor, unread_only=unread_only), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": rows_of(request.actor, page.object_list),
        "unread_only": unread_only,
        "unread_messages": unread_of(request.actor).count(),
    }
    return render(request, "conversations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@a_party
def conversation(request: ActedRequest, pk: UUID, between: str) -> HttpResponse:
    booking = _booking(request, pk, between)
    if request.method != "POST":
        return _page(request, booking, between)
    form = MessageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, booking, between, UNPROCESSABLE, form)
    uploads = [services.Upload(file.name or "", file.read()) for file in form.cleaned_data["uploads"]]
    try:
        services.write(
            by=request.actor, booking=booking, between=between, text=form.cleaned_data["text"], uploads=uploads
        )
    except InvalidInput as error:
        form.add_error(error.field, error.message)
        return _page(request, booking, between, UNPROCESSABLE, form)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, booking, between, status, form))
    return redirect("conversation", pk=pk, between=between)


@require_safe
@a_party
def conversation_news(request: ActedRequest, pk: UUID, between: str) -> HttpResponse:
    """Asked for every few seconds while the page is open: the messages again when something is new, else 204."""
    booking = _booking(request, pk, between)
    talk = talk_of(request.actor, booking, between)
    if request.GET.get("mark") == talk.mark:
        return HttpResponse(status=204)
    _mark_read(request, talk)
    return render(request, "conversations/conversation.html#talk", {"talk": talk, "booking": booking})


@require_POST
@a_party
def message_delete(request: ActedRequest, pk: UUID) -> HttpResponse:
    message = _message(request, pk)
    booking, between = booking_of(request, message.thread.booking_id), message.thread.between
    try:
        services.delete_message(by=request.actor, message=message)
    except DomainError as error:
        return refused(request, error, lambda status: _page(request, booking, between, status))
    messages.success(request, "Deleted. That there was a message stays.")
    return redirect("conversation", pk=booking.pk, between=between)


@require_safe
@a_party
def attachment(request: ActedRequest, pk: UUID) -> HttpResponse:
    """On to the file itself: a picture to look at, a PDF to keep. 404 for a deleted message and for other people."""
    _require_reader(request)
    rows = Attachment.objects.filter(
        message__thread__in=Thread.objects.of(request.actor), message__deleted_at=None, state=Attachment.State.KEPT
    )
    found = get_object_or_404(rows.select_related("file"), pk=pk)
    assert found.file is not None  # noqa: S101  kept ones have it, by a constraint
    shown = found.file.is_picture and "download" not in request.GET
    return redirect(signed_url(found.file, seconds=DOWNLOAD_SECONDS, download_as="" if shown else found.name))


def _page(
    request: ActedRequest, booking: Booking, between: str, status: int = 200, form: MessageForm | None = None
) -> HttpResponse:
    talk = talk_of(request.actor, booking, between, before=_before(request))
    if request.method == "GET":
        _mark_read(request, talk)
    context = {
        "booking": booking,
        "talk": talk,
        "form": form or MessageForm(),
        "may_write": may_write(request.actor),
        "sealed": booking.state in SEALED,
    }
    return render(request, "conversations/conversation.html", context, status=status)


def _before(request: ActedRequest) -> int:
    """0 for the newest; what is no number asks for these as well."""
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else 0


def _mark_read(request: ActedRequest, talk: Talk) -> None:
    thread = Thread.objects.filter(booking=talk.booking, between=talk.between).first()
    if thread and talk.last_number:
        services.mark_read(by=request.actor, thread=thread, number=talk.last_number)


def _booking(request: ActedRequest, pk: UUID, between: str) -> Booking:
    """404 for a booking or a conversation of others; 403 for a colleague without the right to read here."""
    booking = booking_of(request, pk)
    if not is_seated(request.actor, booking, between):
        raise Http404
    _require_reader(request)
    return booking


def _message(request: ActedRequest, pk: UUID) -> Message:
    _require_reader(request)
    rows = Message.objects.filter(thread__in=Thread.objects.of(request.actor)).select_related("thread")
    return get_object_or_404(rows, pk=pk)


def _require_reader(request: ActedRequest) -> None:
    if not may_read(request.actor):
        raise PermissionDenied
