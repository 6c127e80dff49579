"""Chromium as a visitor would use it, with the guards that every page has to pass."""

import os
from collections.abc import Callable, Generator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

# Playwright's synchronous interface keeps an event loop in this thread; Django would refuse its database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--disable-lcd-text",
]
LOCAL = ("http://localhost", "http://127.0.0.1", "data:", "blob:")
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    mine = {"locale": "en-GB", "timezone_id": "Europe/Paris", "reduced_motion": "reduce", "bypass_csp": False}
    return {**browser_context_args, **mine}


@pytest.fixture(scope="session")
def axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """What axe finds wrong on a page, one line each; an accessible page gives an empty list."""

    def violations(page: Page) -> list[str]:
        # evaluate() goes through DevTools: a strict content security policy would block a script tag.
        page.evaluate(axe_source)
        found = page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})",
            AXE_RULES,
        )
        assert found["passes"], "axe looked at nothing"
        return [
            f"{rule['id']} [{rule['impact']}] on {node['target']}: {node.get('failureSummary', '')[:300]}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    return violations


@pytest.fixture
def console_errors(page: Page) -> Generator[list[str]]:
    """Fails the test when the page logged an error, lost a request or asked another host; clear it if it was meant."""
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(LOCAL):
            errors.append(f"asked another host: {request.url}")

    def on_failure(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page itself took it back: a newer one replaced it, or it left
            errors.append(f"failed: {request.url} ({request.failure})")

    page.on("console", on_console)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", on_failure)
    page.on("request", on_request)
    yield errors
    assert errors == []
