"""What a model sets for herself: her standing rules."""

from collections.abc import Sequence

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed
from apps.common.territories import COUNTRIES
from apps.common.vocabulary import Category, LicenceType, Medium
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.talent.models import LONGEST_WINDOW_MONTHS, WIDEST_TOLERANCE, Boundaries, Talent


@transaction.atomic
def set_boundaries(
    *,
    by: Actor,
    talent: Talent,
    barred_categories: Sequence[str],
    barred_media: Sequence[str],
    barred_territories: Sequence[str],
    barred_brands: Sequence[Organization],
    longest_window_months: int,
    lowest_fee_minor: int,
    licence_types: Sequence[str],
    body_tolerance: int,
    skin_tolerance: int,
    hair_tolerance: int,
) -> Boundaries:
    """Replace her rules at once: they bind every open request, and each picture yet to be made.

    `lowest_fee_minor` is F in the minor unit of her day rate's currency; 0 means none. The tolerances of the
    body lock are per cent. Raises NotAllowed for anybody but the model in person, InvalidInput(field=…) for what is no
    rule.
    """
    by.require(Permission.SIGN_CONSENT)
    if by.party != talent.party or by.user_id != talent.user_id:
        raise NotAllowed("Only the model in person sets these rules.")
    _check(barred_categories, Category.values, "barred_categories")
    _check(barred_media, Medium.values, "barred_media")
    _check(barred_territories, sorted(COUNTRIES), "barred_territories")
    _check(licence_types, LicenceType.values, "licence_types")
    numbers = {
        "longest_window_months": longest_window_months,
        "lowest_fee_minor": lowest_fee_minor,
        "body_tolerance": body_tolerance,
        "skin_tolerance": skin_tolerance,
        "hair_tolerance": hair_tolerance,
    }
    _check_brands(barred_brands)
    _check_numbers(numbers)
    if not licence_types:
        raise InvalidInput("Choose at least one type of licence.", field="licence_types")
    lists = {
        "barred_categories": sorted(set(barred_categories)),
        "barred_media": sorted(set(barred_media)),
        "barred_territories": sorted(set(barred_territories)),
        "licence_types": sorted(set(licence_types)),
    }
    boundaries, _ = Boundaries.objects.update_or_create(talent=talent, defaults={**lists, **numbers})
    boundaries.barred_brands.set(barred_brands)
    record(
        kind="talent.boundaries_set",
        subject=talent.party,
        by=by.label,
        payload={
            **{name: ", ".join(codes) for name, codes in lists.items()},
            "barred_brands": ", ".join(sorted(brand.party for brand in barred_brands)),
            **numbers,
        },
    )
    return boundaries


def _check_brands(brands: Sequence[Organization]) -> None:
    if any(brand.kind != Organization.Kind.BRAND for brand in brands):
        raise InvalidInput("Only a brand can be barred.", field="barred_brands")


def _check_numbers(numbers: dict[str, int]) -> None:
    if not 1 <= numbers["longest_window_months"] <= LONGEST_WINDOW_MONTHS:
        raise InvalidInput(f"From 1 to {LONGEST_WINDOW_MONTHS} months.", field="longest_window_months")
    if numbers["lowest_fee_minor"] < 0:
        raise InvalidInput("A fee is not below zero.", field="lowest_fee_minor")
    for name in ("body_tolerance", "skin_tolerance", "hair_tolerance"):
        if not 0 <= numbers[name] <= WIDEST_TOLERANCE:
            raise InvalidInput(f"From 0 to {WIDEST_TOLERANCE} per cent.", field=name)


def _check(codes: Sequence[str], known: Sequence[str], field: str) -> None:
    if unknown := sorted(set(codes).difference(known)):
        raise InvalidInput(f"“{unknown[0]}” is nothing we know.", field=field)
