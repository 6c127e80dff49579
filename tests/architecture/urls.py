"""Every address of the site, found by walking the resolver."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

SAMPLES = {
    "uuid": str(UUID(int=7)),
    "slug": "nothing-of-that-name",
    "str": "nothing",
    "int": "1",
    "path": "nothing",
}


@dataclass(frozen=True)
class Address:
    name: str  # with its namespace: "sandbox:checkout"
    path: str  # a path that the pattern matches, of something that does not exist


def addresses() -> list[Address]:
    return list(_walk(get_resolver().url_patterns, "/", ()))


def _walk(patterns: list[URLPattern | URLResolver], prefix: str, namespace: tuple[str, ...]) -> Iterator[Address]:
    for entry in patterns:
        path = prefix + _sample(entry)
        if isinstance(entry, URLResolver):
            inner = (*namespace, entry.namespace) if entry.namespace else namespace
            yield from _walk(entry.url_patterns, path, inner)
        else:
            yield Address(":".join((*namespace, entry.name or f"(no name) {path}")), path)


def _sample(entry: URLPattern | URLResolver) -> str:
    if isinstance(entry.pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found[1] or "str"], str(entry.pattern))
    return re.sub(r"\(\?P<\w+>[^)]*\)|\[[^]]*\]\+", "nothing", str(entry.pattern)).strip("^$").replace("/?", "/")
