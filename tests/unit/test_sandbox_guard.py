"""The stand-in never runs beside real money, and in the open only as the declared demonstration."""

import pytest
from django.core.checks.registry import registry

from apps.integrations.stripe.client import StripeGateway
from apps.sandbox.checks import sandbox_may_run
from apps.sandbox.transport import SandboxForbidden, SandboxHTTPClient
from apps.sandbox.wire import decode

ALLOWED = {"STRIPE_TRANSPORT": "sandbox", "STRIPE_SECRET_KEY": "sk_test_1", "DEBUG": False, "DEMONSTRATION": True}


@pytest.mark.parametrize(
    "changed",
    [
        {"STRIPE_SECRET_KEY": "sk_live_1"},
        {"STRIPE_SECRET_KEY": "rk_live_1"},
        {"STRIPE_SECRET_KEY": "sk_live_1", "DEBUG": True},
        {"DEMONSTRATION": False},
    ],
)
def test_it_stops_the_start_and_answers_nothing(settings, changed: dict[str, object]) -> None:
    _set(settings, {**ALLOWED, **changed})

    assert sandbox_may_run in registry.get_checks()
    assert [(error.id, error.is_serious()) for error in sandbox_may_run()] == [("sandbox.E001", True)]
    with pytest.raises(SandboxForbidden):
        StripeGateway(key="sk_test_1", http_client=SandboxHTTPClient()).balance()


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"DEMONSTRATION": False, "DEBUG": True},
        {"STRIPE_TRANSPORT": "stripe", "STRIPE_SECRET_KEY": "sk_live_1", "DEMONSTRATION": False},
    ],
)
def test_elsewhere_nothing_is_objected(settings, changed: dict[str, object]) -> None:
    _set(settings, {**ALLOWED, **changed})

    assert sandbox_may_run() == []


def test_stripes_form_encoding_is_read_as_nested_objects_and_lists() -> None:
    pairs = [("a", "1"), ("m[x]", "2"), ("l[0][p][q]", "3"), ("l[1][p][q]", "4")]

    assert decode(pairs) == {"a": "1", "m": {"x": "2"}, "l": [{"p": {"q": "3"}}, {"p": {"q": "4"}}]}


def _set(settings, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
