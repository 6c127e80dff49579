"""A press on a button of a hosted page, which answers in this process: the loader needs no web server for it."""

from collections.abc import Mapping
from functools import cache

import httpx
from django.core.handlers.wsgi import WSGIHandler


def press(address: str, given: Mapping[str, str] | None = None) -> None:
    """Raises httpx.HTTPStatusError unless the page took it, now or before a load was killed (409)."""
    with httpx.Client(transport=httpx.WSGITransport(app=_site())) as browser:
        answer = browser.post(address, data=given)
    if not answer.is_redirect and answer.status_code != httpx.codes.CONFLICT:
        answer.raise_for_status()


@cache
def _site() -> WSGIHandler:
    return WSGIHandler()
