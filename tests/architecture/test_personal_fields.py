"""Nobody adds a field that may tell something of a person without saying whether it does."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tests.architecture.personal import OTHER, PERSONAL

TELLING = (
    *(models.CharField, models.TextField, models.JSONField, models.DateField, models.GenericIPAddressField),
    *(models.FileField, models.BinaryField, ArrayField),
)


def telling_fields() -> set[tuple[str, str]]:
    """Fields of free content: no choices, keys or moments of rows. The sandbox stands for another company."""
    found = set()
    for model in apps.get_models():
        if not model.__module__.startswith("apps.") or model._meta.app_label == "sandbox":
            continue
        for field in model._meta.local_fields:
            free = isinstance(field, TELLING) and not isinstance(field, models.DateTimeField)
            if free and not field.choices and not field.primary_key:
                found.add((model._meta.label, field.name))
    return found


def listed(table: dict[str, str]) -> set[tuple[str, str]]:
    return {(model, field) for model, fields in table.items() for field in fields.split()}


def test_every_field_of_free_content_says_whether_it_is_personal() -> None:
    assert listed(PERSONAL) | listed(OTHER) == telling_fields()


def test_no_field_is_both() -> None:
    assert listed(PERSONAL) & listed(OTHER) == set()
