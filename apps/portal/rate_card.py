"""An agency's rate card: the factors that it changes against the usual ones, and the versions that it published."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms

from apps.accounts.models import User
from apps.common.money import BASIS_POINTS
from apps.common.vocabulary import Category, Exclusivity, Medium, Window
from apps.pricing.factors import LARGEST_FACTOR_BP, VOLUME_STRIDE, Factors, Table
from apps.pricing.models import RateCard
from apps.pricing.services import factors_for

# Title, what it multiplies, and the words of each factor.
GROUPS: dict[str, tuple[str, str, dict[str, str]]] = {
    "media": ("Media", "Several add up.", {medium.value: str(medium.label) for medium in Medium}),
    "territory": (
        "Territory",
        "",
        {"country": "One country", "region": "Several within one region", "more": "More, or worldwide"},
    ),
    "window": ("Length of the licence", "", {str(window.value): str(window.label) for window in Window}),
    "exclusivity": ("Exclusivity", "", {level.value: str(level.label) for level in Exclusivity}),
    "category": ("Category", "", {category.value: str(category.label) for category in Category}),
    "volume": (
        "Pictures",
        "Multiplies the session fee; the others multiply the usage fee.",
        {
            "20": "Up to 20",
            "100": "Up to 100",
            "500": "Up to 500",
            f"further_{VOLUME_STRIDE}": f"Each further {VOLUME_STRIDE}, added",
        },
    ),
}
RANGE = f"From 0.01 to {LARGEST_FACTOR_BP // BASIS_POINTS}."
ERRORS = {"invalid": "A number, like 1.75.", "min_value": RANGE, "max_value": RANGE}


@dataclass(frozen=True)
class Row:
    field: forms.BoundField
    usual: str


@dataclass(frozen=True)
class Group:
    key: str
    title: str
    words: str
    rows: list[Row]


@dataclass(frozen=True)
class Version:
    """`changes` are the labels and factors that differ from the usual ones today."""

    card: RateCard
    by: str
    changes: list[tuple[str, str]]


def usual_factors() -> Factors:
    """What holds for an agency without a card: the platform's over the defaults. One query."""
    return factors_for(talent_ref="")


class RateCardForm(forms.Form):
    """One field per factor; an empty one is the usual factor."""

    def __init__(self, *args: Any, usual: Factors, card: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = usual
        for group, (_, _, labels) in GROUPS.items():
            for key, label in labels.items():
                own = card.get(group, {}).get(key)
                differs = own is not None and own != usual.bp(group, key)
                self.fields[f"{group}-{key}"] = forms.DecimalField(
                    label=label,
                    required=False,
                    min_value=Decimal("0.01"),
                    max_value=LARGEST_FACTOR_BP // BASIS_POINTS,
                    decimal_places=4,
                    initial=factor(own) if differs and own is not None else None,
                    widget=forms.NumberInput(
                        attrs={"step": "any", "inputmode": "decimal", "placeholder": factor(usual.bp(group, key))}
                    ),
                    error_messages={"invalid": "A number, like 1.75."}
                    | dict.fromkeys(["min_value", "max_value"], RANGE),
                )

    def groups(self) -> Iterator[Group]:
        for group, (title, words, labels) in GROUPS.items():
            rows = [Row(self[f"{group}-{key}"], factor(self.usual.bp(group, key))) for key in labels]
            yield Group(group, title, words, rows)

    def card(self) -> dict[str, dict[str, int]]:
        """What differs from the usual factors, in basis points. Entry: the form is valid."""
        card: dict[str, dict[str, int]] = {}
        for name, typed in self.cleaned_data.items():
            group, _, key = name.partition("-")
            if typed is not None and int(typed * BASIS_POINTS) != self.usual.bp(group, key):
                card.setdefault(group, {})[key] = int(typed * BASIS_POINTS)
        return card


def to_publish(wanted: dict[str, dict[str, int]], before: Table, usual: Factors) -> dict[str, dict[str, int]] | None:
    """The card as the service takes it; None where it says what holds already. A card is never empty: one that goes
    back to the usual factors names those that the last one changed."""
    if wanted == _differing(before, usual):
        return None
    return wanted or {group: {key: usual.bp(group, key) for key in values} for group, values in before.items()}


def versions(owner: str, usual: Factors) -> list[Version]:
    """Newest first, ten at most. Two queries."""
    cards = list(RateCard.objects.filter(owner=owner)[:10])
    ids = {card.created_by.partition(" ")[0].removeprefix("user:") for card in cards if card.created_by != "system"}
    names = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)}
    return [
        Version(card, names.get(card.created_by.partition(" ")[0], "Double"), list(_told(card.factors, usual)))
        for card in cards
    ]


def factor(bp: int) -> str:
    """The shortest exact decimal: 17500 → 1.75."""
    return f"{Decimal(bp) / BASIS_POINTS:f}".rstrip("0").rstrip(".") if bp % BASIS_POINTS else str(bp // BASIS_POINTS)


def _differing(card: Table, usual: Factors) -> dict[str, dict[str, int]]:
    found = {
        group: {key: bp for key, bp in values.items() if bp != usual.bp(group, key)}
        for group, values in card.items()
        if group in GROUPS
    }
    return {group: values for group, values in found.items() if values}


def _told(card: Mapping[str, Mapping[str, int]], usual: Factors) -> Iterator[tuple[str, str]]:
    for group, values in _differing(card, usual).items():
        for key, bp in values.items():
            yield GROUPS[group][2].get(key, key), factor(bp)
