"""Staff look at payments and say when a problem is solved; nobody types a state or an amount."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.payments.models import Charge
from apps.payments.services.problems import flag
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
quiet = pytest.fixture(autouse=True)(site.nobody_listens)
PAYMENTS = ["charge", "refund", "op", "stripeevent"]
SANDBOX = ["checkoutsession", "paymentintent", "charge", "refund", "balancetransaction", "event", "delivery", "fault"]


@pytest.fixture
def ines() -> Client:
    """A superuser of the platform."""
    client = Client()
    client.force_login(User.objects.create_superuser(email="ines@double.example", password="a long password"))
    return client


@pytest.fixture
def charge() -> Charge:
    charge = site.paid()
    site.give_back(held=100, vat=19)
    site.work()
    charge.refresh_from_db()
    return charge


@pytest.mark.parametrize("name", [f"payments_{name}" for name in PAYMENTS] + [f"sandbox_{name}" for name in SANDBOX])
def test_each_list_shows_and_searches(ines: Client, charge: Charge, name: str) -> None:
    assert ines.get(reverse(f"admin:{name}_changelist"), {"q": "booking"}).status_code == 200


def test_a_charge_can_be_read_and_not_written(ines: Client, charge: Charge) -> None:
    address = reverse("admin:payments_charge_change", args=[charge.pk])

    assert "799680" in ines.get(address).content.decode()
    assert ines.post(address, {"state": "open", "amount_minor": "1"}).status_code == 403
    assert ines.post(reverse("admin:payments_charge_delete", args=[charge.pk]), {"post": "yes"}).status_code == 403
    assert ines.get(reverse("admin:payments_charge_add")).status_code == 403
    charge.refresh_from_db()
    assert (charge.state, charge.amount_minor) == (Charge.State.PARTLY_REFUNDED, 799_680)


def test_a_problem_is_marked_solved_from_the_list(ines: Client, charge: Charge) -> None:
    flag(charge, "refunds that nobody ordered here: re_1")

    ines.post(reverse("admin:payments_charge_changelist"), {"action": "resolve", "_selected_action": [charge.pk]})

    charge.refresh_from_db()
    assert charge.problem == ""
