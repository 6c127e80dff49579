"""The one address that the GPU service calls."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.generation.models import Attempt
from apps.generation.services import receive_notice
from apps.integrations.gpu.errors import BadAnswer, BadSignature


@csrf_exempt  # no browser is involved: the body is signed
@require_POST
def webhook(request: HttpRequest, token: str) -> HttpResponse:
    """204 for a notice taken, also a repeated one; 404 for an unknown address, 401 for a wrong signature."""
    try:
        receive_notice(token=token, headers=request.headers, raw=request.body)
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except BadSignature:
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    except BadAnswer:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
