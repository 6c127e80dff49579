"""The platform's staff read prices, books and royalties in the admin; nobody writes there."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.ledger.models import Journal
from apps.ledger.services import Leg, post

MODELS = [model for label in ("pricing", "ledger", "royalties") for model in apps.get_app_config(label).get_models()]

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(client: Client) -> Client:
    """The client, signed in as a superuser."""
    client.force_login(User.objects.create_superuser("sam@double.example"))
    return client


def pay(number: int) -> Journal:
    held = Leg(f"held:booking:{number}", "EUR", -600)
    legs = [Leg("stripe", "EUR", 700), held, Leg("vat:DE", "EUR", -100)]
    return post(key=f"paid:{number}", kind="paid", ref="booking:b0", legs=legs, occurred_at=timezone.now(), by="system")


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_list_can_be_searched_and_filtered_and_not_written(sam: Client, model: type[Model]) -> None:
    registered = admin.site.get_model_admin(model)

    assert registered.search_fields
    assert registered.list_filter
    assert sam.get(page(model, "changelist"), {"q": "amina"}).status_code == 200
    assert sam.post(page(model, "add")).status_code == 403


@pytest.mark.parametrize("name", ["account", "journal", "entry", "balance", "seal"])
def test_a_longer_list_needs_no_more_queries(sam: Client, name: str) -> None:
    model = apps.get_model("ledger", name)
    counts = []
    for first in (0, 10):
        for number in range(first, first + 10):
            pay(number)
        sam.get(page(model, "changelist"))
        with CaptureQueriesContext(connection) as queries:
            assert sam.get(page(model, "changelist")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_journal_shows_its_entries_and_takes_none(sam: Client) -> None:
    journal = pay(1)
    answer = sam.get(page(Journal, "change", journal.pk))

    assert answer.status_code == 200
    assert "held:booking:1" in answer.content.decode()
    assert sam.post(page(Journal, "change", journal.pk), {"kind": "forged"}).status_code == 403
    assert sam.post(page(Journal, "delete", journal.pk), {"post": "yes"}).status_code == 403
