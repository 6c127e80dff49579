from typing import Any

from django.core.checks import CheckMessage, Error

from apps.sandbox import guard


def sandbox_may_run(**_kwargs: Any) -> list[CheckMessage]:
    return [Error(objection, id="sandbox.E001") for objection in guard.objections()]
