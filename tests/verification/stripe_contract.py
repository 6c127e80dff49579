"""Stripe's published types, as the pinned SDK carries them, turned into checks of real requests and answers.

The SDK is generated from Stripe's OpenAPI document: its service classes name each endpoint with the TypedDict of its
parameters and the class of its answer. Lists of values are taken strictly, although the SDK widens them to any text.
Amounts below zero, unknown currencies and over-long metadata are no matter of types: our own client checks those.
"""

import ast
import builtins
import importlib
import json
import re
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe
import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject
from stripe.events._event_classes import get_v2_event_notification_class
from stripe.v2.core._event import EventNotification, RelatedObject, UnknownEventNotification

OBJECTS = (stripe.StripeObject, EventNotification, RelatedObject)
SDK = Path(stripe.__file__).parent
Problems = list[str]


class FormText(str):
    """A value of a form: numbers and booleans travel as text there, and only there."""


@dataclass(frozen=True)
class Endpoint:
    method: str
    path: str
    where: str
    params: tuple[str, str] | None  # module and name of the TypedDict
    answer: tuple[str, str] | None  # module and name of the answer's class
    lists: bool  # the answer is a list of that class

    @property
    def is_v2(self) -> bool:
        return self.path.startswith("/v2/")

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{[^}]+\}", "[^/]+", self.path))


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every call that the SDK knows; fixed paths before those with an id in them."""
    found = [endpoint for file in sorted(SDK.rglob("*_service.py")) for endpoint in _in_file(file)]
    return tuple(sorted(found, key=lambda endpoint: endpoint.path.count("{")))


def endpoint_of(method: str, path: str) -> Endpoint | None:
    for endpoint in endpoints():
        if endpoint.method == method.upper() and endpoint.pattern.fullmatch(path):
            return endpoint
    return None


def problems_of_request(method: str, url: str, body: str | None) -> Problems:
    """What Stripe would not understand of a request: a form in v1, JSON in v2."""
    parts = urlsplit(url)
    endpoint = endpoint_of(method, parts.path)
    if endpoint is None:
        return [f"no such endpoint: {method} {parts.path}"]
    if endpoint.is_v2 and method.upper() == "POST":
        sent = json.loads(body or "{}")
    else:
        asked = [*parse_qsl(parts.query, keep_blank_values=True), *parse_qsl(body or "", keep_blank_values=True)]
        sent = _nested(asked)
    if endpoint.params is None:
        return [f"{name}: {endpoint.where} takes no parameters" for name in sent]
    params = _load(endpoint.params)
    return list(_check(params, sent, params.__name__, params))


def problems_of_answer(method: str, url: str, status: int, body: str) -> Problems:
    """Where an answer is not what the SDK's types promise to its users."""
    endpoint = endpoint_of(method, urlsplit(url).path)
    if endpoint is None or endpoint.answer is None:
        return [f"no known answer: {method} {url}"]
    answer = json.loads(body)
    if status >= 400:
        return list(_check(stripe.ErrorObject, answer["error"], "error", stripe.ErrorObject, partial=True))
    kind = _load(endpoint.answer)
    if not endpoint.lists:
        return problems_of_object(kind, answer)
    return problems_of_page(kind, answer) if endpoint.is_v2 else problems_of_list(kind, answer)


def problems_of_object(kind: type, answer: object) -> Problems:
    return list(_check(kind, answer, kind.__name__, kind))


def problems_of_list(kind: type, answer: dict[str, Any]) -> Problems:
    return list(_check_list_object(kind, answer, f"list of {kind.__name__}", kind))


def problems_of_page(kind: type, answer: dict[str, Any]) -> Problems:
    """A list of v2."""
    names = answer.keys() ^ {"data", "next_page_url", "previous_page_url"}
    wrong = [f"page of {kind.__name__}.{name}: unknown or missing" for name in names]
    return wrong + list(_check_list(kind, answer.get("data"), f"page of {kind.__name__}", kind))


def problems_of_thin_event(event: dict[str, Any]) -> Problems:
    """A v2 event as it is pushed, by the class that the SDK has for its type. The SDK knows no other types."""
    kind = get_v2_event_notification_class(event["type"])
    if kind is UnknownEventNotification:
        return [f"no such event: {event['type']}"]
    return list(_check(kind, event, kind.__name__, kind))


def _in_file(file: Path) -> Iterator[Endpoint]:
    tree = ast.parse(file.read_text())
    imported = {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    for service in tree.body:
        if isinstance(service, ast.ClassDef):
            for method in service.body:
                if isinstance(method, ast.FunctionDef):
                    yield from _of_method(service.name, method, imported)


def _of_method(service: str, method: ast.FunctionDef, imported: dict[str, str]) -> Iterator[Endpoint]:
    calls = [
        node
        for node in ast.walk(method)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_request"
    ]
    if not calls:
        return
    verb, path = calls[0].args[0], calls[0].args[1]
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):
        path = path.func.value  # "/v1/…/{id}".format(…)
    params = next((arg.annotation for arg in method.args.args if arg.arg == "params"), None)
    named = _texts(params)
    returned = re.fullmatch(r"(?:\w+Object\[)?(\w+)\]?", "".join(_texts(method.returns)))
    answer = returned.group(1) if returned else ""
    yield Endpoint(
        method=str(ast.literal_eval(verb)).upper(),
        path=str(ast.literal_eval(path)),
        where=f"{service}.{method.name}",
        params=(imported[named[0]], named[0]) if named else None,
        answer=(imported[answer], answer) if answer in imported else None,
        lists="ListObject" in "".join(_texts(method.returns)),
    )


def _texts(node: ast.AST | None) -> list[str]:
    inner = ast.walk(node) if node is not None else []
    return [part.value for part in inner if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def _load(name: tuple[str, str]) -> Any:
    return getattr(importlib.import_module(name[0]), name[1])


def _nested(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    root: dict[str, Any] = {}
    for name, value in pairs:
        *path, last = re.findall(r"[^\[\]]+", name)
        branch = root
        for step in path:
            branch = branch.setdefault(step, {})
        branch[last] = FormText(value)
    return root


class _Names(dict[str, Any]):
    """Where a type's forward references are looked up: its own module, typing, the SDK's public names."""

    def __init__(self, owner: type) -> None:
        super().__init__({**vars(typing_extensions), **vars(importlib.import_module(owner.__module__)), **vars(owner)})
        self["Decimal"] = Decimal

    def __missing__(self, name: str) -> Any:
        for place in (typing, builtins, stripe, stripe.checkout):
            if hasattr(place, name):
                return getattr(place, name)
        return Any


def _resolve(kind: Any, owner: type) -> Any:
    while isinstance(kind, (str, typing.ForwardRef)):
        text = kind if isinstance(kind, str) else kind.__forward_arg__
        kind = eval(text, {}, _Names(owner))  # an annotation of the pinned SDK
    return kind


@cache
def _fields(owner: type) -> dict[str, Any]:
    """The fields of a TypedDict or an SDK class with their annotations, without what is not sent or answered."""
    collected: dict[str, Any] = {}
    for base in reversed(getattr(owner, "__mro__", (owner,))):
        collected |= vars(base).get("__annotations__", {})
    if typing_extensions.is_typeddict(owner) and owner.__name__.endswith("Params"):
        for name in RequestOptions.__annotations__:
            collected.pop(name, None)
    return {
        name: resolved
        for name, kind in collected.items()
        if not name.startswith("_")
        and typing_extensions.get_origin(resolved := _resolve(kind, owner)) is not typing.ClassVar
    }


def _check(kind: Any, value: Any, at: str, owner: type, *, partial: bool = False) -> Iterator[str]:
    """`partial`: fields may be missing (an error names only what it knows)."""
    kind = _resolve(kind, owner)
    origin, inner = typing_extensions.get_origin(kind), typing_extensions.get_args(kind)
    if kind in (Any, object):
        return
    if origin in (typing_extensions.NotRequired, typing_extensions.Required):
        yield from _check(inner[0], value, at, owner)
    elif origin in (typing.Union, types.UnionType):
        yield from _check_union(inner, value, at, owner)
    elif origin is typing_extensions.Literal:
        if value not in inner:
            yield f"{at}: {value!r} is none of {inner[:8]}"
    elif origin is list or kind is list:
        yield from _check_list(inner[0] if inner else Any, value, at, owner)
    elif origin is dict or UntypedStripeObject in (origin, kind):
        yield from _check_map(inner[-1] if inner else Any, value, at, owner)
    elif origin is stripe.ListObject:
        yield from _check_list_object(inner[0], value, at, owner)
    elif typing_extensions.is_typeddict(kind) or (isinstance(kind, type) and issubclass(kind, OBJECTS)):
        yield from _check_object(kind, value, at, partial=partial)
    else:
        yield from _check_plain(kind, value, at)


def _check_union(kinds: tuple[Any, ...], value: Any, at: str, owner: type) -> Iterator[str]:
    resolved = [_resolve(kind, owner) for kind in kinds]
    listed = [kind for kind in resolved if typing_extensions.get_origin(kind) is typing_extensions.Literal]
    if any(set(typing_extensions.get_args(kind)) != {""} for kind in listed):
        resolved = [kind for kind in resolved if kind is not str]
    tried = [list(_check(kind, value, at, owner)) for kind in resolved]
    if all(tried):
        # The alternative that got furthest is the one that was meant.
        yield from max(tried, key=lambda problems: len(problems[0].partition(":")[0]))


def _check_list(kind: Any, value: Any, at: str, owner: type) -> Iterator[str]:
    if isinstance(value, dict) and value and all(name.isdigit() for name in value):
        value = [value[name] for name in sorted(value, key=int)]
    if not isinstance(value, list):
        yield f"{at}: {value!r} is no list"
        return
    for number, item in enumerate(value):
        yield from _check(kind, item, f"{at}[{number}]", owner)


def _check_map(kind: Any, value: Any, at: str, owner: type) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: {value!r} is no map"
        return
    for name, item in value.items():
        yield from _check(Any if isinstance(kind, typing.TypeVar) else kind, item, f"{at}.{name}", owner)


def _check_list_object(kind: Any, value: Any, at: str, owner: type) -> Iterator[str]:
    if not isinstance(value, dict) or value.get("object") != "list":
        yield f"{at}: {value!r} is no list object"
        return
    for name in value.keys() ^ {"object", "data", "has_more", "url"}:
        yield f"{at}.{name}: unknown or missing"
    yield from _check_list(kind, value.get("data"), f"{at}.data", owner)


def _check_object(kind: type, value: Any, at: str, *, partial: bool) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: {value!r} is no object"
        return
    fields = _fields(kind)
    for name in value:
        if name not in fields:
            yield f"{at}.{name}: unknown"
    for name, field in fields.items():
        if name in value:
            yield from _check(field, value[name], f"{at}.{name}", kind)
        elif not partial and not _may_be_missing(field):
            yield f"{at}.{name}: missing"


def _may_be_missing(field: Any) -> bool:
    return typing_extensions.get_origin(field) is typing_extensions.NotRequired or type(
        None
    ) in typing_extensions.get_args(field)


def _check_plain(kind: Any, value: Any, at: str) -> Iterator[str]:
    fits: dict[Any, bool] = {
        bool: isinstance(value, bool) or (isinstance(value, FormText) and value in {"true", "false"}),
        int: _is_number(value, int, r"-?\d+"),
        float: _is_number(value, (int, float), r"-?\d+(\.\d+)?"),
        Decimal: isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None,
        str: isinstance(value, str),
        type(None): value is None,
    }
    if not fits.get(kind, False):
        yield f"{at}: {value!r} is no {getattr(kind, '__name__', kind)}"


def _is_number(value: Any, kinds: Any, form: str) -> bool:
    if isinstance(value, FormText):
        return re.fullmatch(form, value) is not None
    return isinstance(value, kinds) and not isinstance(value, bool)
