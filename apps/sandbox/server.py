"""One call to the stand-in from request to answer: faults, idempotency of v1 and v2, the handler."""

from django.db import IntegrityError, transaction

from apps.sandbox import api, faults
from apps.sandbox.models import Fault, SavedAnswer
from apps.sandbox.wire import Answer, ApiError, Request, is_v2

INTERNAL_ERROR = ApiError("An unknown error occurred", kind="api_error", status=500).answer
TOO_MANY = ApiError("Too many requests", code="rate_limit", status=429).answer


class NoAnswer(Exception):
    """The request or its answer was lost on the way."""


def call(request: Request) -> Answer:
    """Raises NoAnswer where a fault says so."""
    fault = faults.take(f"{request.method} {request.path}", faults.OF_CALLS)
    if fault == Fault.Kind.LOST_REQUEST:
        raise NoAnswer
    if fault == Fault.Kind.BUSY:
        return TOO_MANY
    once = _once_v2 if is_v2(request.path) else _once
    answer = once(request, fault) if request.key else _run(request, fault)
    if fault == Fault.Kind.LOST_ANSWER:
        raise NoAnswer
    return answer


def _once(request: Request, fault: str) -> Answer:
    """v1 idempotency. A second caller waits for the first one's commit and gets the saved answer."""
    try:
        with transaction.atomic(using="sandbox"):
            saved = SavedAnswer.objects.create(key=request.key, fingerprint=request.fingerprint)
            answer = _run(request, fault)
            saved.status, saved.body = answer.status, answer.body
            saved.save(update_fields=["status", "body"])
            return answer
    except ApiError as error:
        return error.answer
    except IntegrityError:
        return _replay(request, SavedAnswer.objects.get(pk=request.key))


def _once_v2(request: Request, fault: str) -> Answer:
    """What succeeded is never done again and its answer comes again; what failed left no trace and may be repeated."""
    if fault == Fault.Kind.FAILS_BEFORE:
        return INTERNAL_ERROR
    try:
        with transaction.atomic(using="sandbox"):
            saved = SavedAnswer.objects.create(key=request.key, fingerprint=request.fingerprint, status=200)
            saved.body = api.handle(request)
            saved.save(update_fields=["body"])
            answer = Answer(saved.status, saved.body)
    except ApiError as error:
        return error.answer
    except IntegrityError:
        answer = _replay(request, SavedAnswer.objects.get(pk=request.key))
    return INTERNAL_ERROR if fault == Fault.Kind.FAILS_AFTER else answer


def _replay(request: Request, saved: SavedAnswer) -> Answer:
    if saved.fingerprint != request.fingerprint:
        return ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with.",
            kind="idempotency_error",
        ).answer
    return Answer(saved.status, saved.body, replayed=True)


def _run(request: Request, fault: str) -> Answer:
    """Raises ApiError only for errors that v1 does not keep under the key."""
    if fault == Fault.Kind.FAILS_BEFORE:
        return INTERNAL_ERROR
    try:
        with transaction.atomic(using="sandbox"):
            answer = Answer(200, api.handle(request))
    except ApiError as error:
        if not error.saved and request.key:
            raise
        return error.answer
    return INTERNAL_ERROR if fault == Fault.Kind.FAILS_AFTER else answer
