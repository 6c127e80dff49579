"""Two to four twins side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from apps.boards.cleared import bookable
from apps.common.templatetags.ui import money_short
from apps.common.vocabulary import Category, Medium
from apps.organizations.models import Organization
from apps.portal.catalogue import Card, cards, with_cards
from apps.portal.tray import MOST_COMPARED
from apps.portal.twin_page import measures
from apps.twins.models import Twin, TwinQuerySet

FEWEST = 2
MEASURES = ("Height", "Bust", "Waist", "Hips", "Shoe", "Hair", "Eyes")
NOT_TOLD = "–"


@dataclass(frozen=True)
class Comparison:
    """`rows` have one value for each card; `missing` were asked for and cannot be booked now."""

    cards: list[Card]
    rows: list[tuple[str, list[str]]]
    uses: list[tuple[str, list[bool]]]
    missing: int

    @property
    def enough(self) -> bool:
        return len(self.cards) >= FEWEST


def compare(brand: Organization, slugs: Sequence[str]) -> Comparison:
    """In the order of the address; the first four of those that this brand may book."""
    asked = list(dict.fromkeys(slugs))
    found = {twin.talent.slug: twin for twin in with_cards(_with_rules(brand, asked))}
    twins = [found[slug] for slug in asked if slug in found][:MOST_COMPARED]
    shown = cards(twins, brand)
    told = [dict(measures(twin.talent)) for twin in twins]
    rows = [
        ("Price from", [money_short(card.from_minor, card.currency) for card in shown]),
        ("Represented by", [card.agency for card in shown]),
        *((label, [values.get(label, NOT_TOLD) for values in told]) for label in MEASURES),
        ("Languages", [_languages(twin) for twin in twins]),
        ("How long at most", [f"{twin.talent.boundaries.longest_window_months} months" for twin in twins]),
        ("Not available for", [_not_for(twin) for twin in twins]),
    ]
    return Comparison(
        cards=shown,
        rows=[row for row in rows if any(value != NOT_TOLD for value in row[1])],
        uses=[
            (str(medium.label), [medium.value not in twin.talent.boundaries.barred_media for twin in twins])
            for medium in Medium
        ],
        missing=len(asked) - len(found),
    )


def _with_rules(brand: Organization, slugs: list[str]) -> TwinQuerySet:
    return bookable(brand).filter(talent__slug__in=slugs).select_related("talent__boundaries")


def _languages(twin: Twin) -> str:
    names = Locale("en").languages
    return ", ".join(dict.fromkeys(names.get(code, code) for code in twin.talent.languages)) or NOT_TOLD


def _not_for(twin: Twin) -> str:
    barred = twin.talent.boundaries.barred_categories
    return ", ".join(str(category.label) for category in Category if category.value in barred) or NOT_TOLD
