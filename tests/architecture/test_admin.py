"""Staff find every row of ours in the admin, by search and by filter, and never set a state or an amount there."""

from django.apps import apps
from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin

# What staff change by hand.
WRITABLE = {
    "organizations.Organization",  # checking an agency or a brand
    "accounts.User",  # locking a person out
    "sandbox.Fault",  # what goes wrong at the stand-in for Stripe
}
# Kept out on purpose, with the reason.
HIDDEN = {
    "audit.Payload": "what events say of people stands beside its event",
    "boards.Word": "single words of the findable twins, which stand there themselves",
    "twins.FaceVector": "biometric data, and only its ciphertext",
}


def ours() -> list[type]:
    return [model for model in apps.get_models() if model.__module__.startswith("apps.")]


def test_every_model_has_an_admin_with_search_and_filters() -> None:
    for model in ours():
        label = model._meta.label
        if label in HIDDEN:
            continue
        page = admin.site._registry.get(model)
        assert page, f"{label} is not in the admin"
        assert page.search_fields, f"{label} cannot be searched"
        assert page.list_filter or page.date_hierarchy, f"{label} cannot be filtered"


def test_nothing_but_the_named_is_written_there() -> None:
    writable = {
        model._meta.label
        for model, page in admin.site._registry.items()
        if model in ours() and not isinstance(page, ReadOnlyAdmin)
    }
    assert writable == WRITABLE
