"""The view that hands out files: to a signed address only, never a list, and its 404 tells nothing.

Plain files in a storage that signs its own addresses are served by the storage: the view redirects. Encrypted ones
must pass through here, because only the site holds the key: captures on their way to the GPU service, and renditions.

A second view takes files in where the storage is a folder and cannot do so itself.
"""

from datetime import timedelta

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from apps.common.errors import DomainError
from apps.media import contents, renditions, storage
from apps.media.incoming import put, read_slot
from apps.media.models import StoredFile
from apps.media.signing import Grant, read_token
from apps.media.tasks import want_avif

# A redirect is followed at once; the storage's own address need not live longer.
PRESIGNED_FOR = timedelta(minutes=5)


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """404 for an altered, expired or foreign token and for a deleted file, all with the same answer."""
    grant = read_token(token)
    found = StoredFile.objects.filter(pk=grant.file_id, deleted_at=None).first() if grant else None
    if grant is None or found is None:
        raise Http404
    try:
        return _rendition(request, found, grant) if grant.rendition else _original(found, grant)
    except (DomainError, FileNotFoundError) as error:
        raise Http404 from error


@csrf_exempt  # the address itself is the right, as it is with a bucket: no cookie takes part
@require_POST
def incoming(request: HttpRequest, token: str) -> HttpResponse:
    """204 once the bytes lie in their slot; 404 for an address altered or over, 413 for too large, 400 for no file."""
    slot = read_slot(token)
    if slot is None:
        raise Http404
    name, most_bytes = slot
    file = request.FILES.get("file")
    if file is None or not file.size:
        return HttpResponseBadRequest()
    if file.size > most_bytes:
        return HttpResponse(status=413)
    put(name, file.read())
    return HttpResponse(status=204)


def _original(found: StoredFile, grant: Grant) -> HttpResponseBase:
    disposition = _disposition(grant)
    answer: HttpResponseBase | None = None
    if not found.encrypted:
        answer = _redirect(found.storage_name, found.content_type, disposition, grant)
    if answer is None:
        answer = _by_us(found)
        answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = "private, no-store"
    return answer


def _by_us(found: StoredFile) -> HttpResponseBase:
    if not found.in_pieces:
        return HttpResponse(contents.original(found), content_type=found.content_type)
    answer = StreamingHttpResponse(contents.pieces(found), content_type=found.content_type)
    answer["Content-Length"] = str(found.size)
    return answer


def _rendition(request: HttpRequest, found: StoredFile, grant: Grant) -> HttpResponseBase:
    """As AVIF to whoever takes it and once there is one; whoever comes before gets the WebP."""
    takes_avif = renditions.AVIF in request.headers.get("Accept", "")  # by name: "*/*" says nothing of it
    make = renditions.best_rendition if takes_avif else renditions.rendition
    made = make(found, grant.rendition)
    content_type = renditions.RECIPES[made.name].content_type
    if takes_avif and content_type != renditions.AVIF:
        want_avif(found, grant.rendition)
    disposition = _disposition(grant)
    answer = None if found.encrypted else _redirect(made.storage_name, content_type, disposition, grant)
    if answer is not None:
        answer["Cache-Control"] = "private, no-store"
        return answer
    answer = HttpResponse(renditions.read_rendition(made), content_type=content_type)
    answer["Content-Disposition"] = disposition
    answer["Cache-Control"] = f"private, max-age={int(grant.left.total_seconds())}"
    answer["Vary"] = "Accept"
    return answer


def _redirect(name: str, content_type: str, disposition: str, grant: Grant) -> HttpResponse | None:
    valid_for = min(grant.left, PRESIGNED_FOR)
    url = storage.presigned(name, valid_for=valid_for, content_type=content_type, disposition=disposition)
    return HttpResponseRedirect(url) if url else None


def _disposition(grant: Grant) -> str:
    return content_disposition_header(bool(grant.download_as), grant.download_as) or "inline"
