"""Reading what a call asks for. Each raises ApiError as Stripe words it."""

import re
from typing import Any

from django.db.models import Model, QuerySet

from apps.sandbox.wire import JSON, ApiError, invalid


def required(params: JSON, name: str) -> Any:
    if not params.get(name):
        raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
    return params[name]


def amount_of(text: Any, param: str) -> int:
    if not re.fullmatch(r"-?\d+", str(text)):
        raise invalid(f"Invalid integer: {text}", param=param, code="parameter_invalid_integer")
    if int(text) < 1:
        raise invalid("This value must be greater than or equal to 1.", param=param)
    return int(text)


def find(rows: QuerySet[Any], pk: str, *, param: str = "id") -> Any:
    row: Model | None = rows.filter(pk=pk).first()
    if row is None:
        raise ApiError(
            f"No such {rows.model._meta.verbose_name}: '{pk}'", code="resource_missing", param=param, status=404
        )
    return row
