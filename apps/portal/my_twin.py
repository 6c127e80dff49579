"""A model's own twin: its state, her consents, her rules, and what a pause would touch."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking
from apps.bookings.states import HOLDS_RIGHTS, State
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.templatetags.ui import major, money
from apps.common.territories import describe
from apps.common.vocabulary import Category, LicenceType, Medium
from apps.consents.models import Consent, Purpose
from apps.portal.first import First, first_of
from apps.portal.pictures import Picture, picture
from apps.portal.test_sheet import TestSheet, test_sheet
from apps.pricing.services import currency_of, day_rate
from apps.talent.models import Boundaries, MandateProposal, Talent
from apps.twins.models import Twin, TwinVersion
from apps.twins.services import approval_text, renewal_is_due

MOST_NAMED = 20
COMING = frozenset({TwinVersion.State.TRAINING, TwinVersion.State.TESTING, TwinVersion.State.READY})


@dataclass(frozen=True)
class PurposeRow:
    """One purpose with the consent in force, if any."""

    purpose: Purpose
    title: str
    words: str
    consent: Consent | None


@dataclass(frozen=True)
class MyTwin:
    talent: Talent
    twin: Twin | None
    version: TwinVersion | None
    coming: TestSheet | None
    in_use: TestSheet | None
    renewal: str
    cover: Picture
    purposes: list[PurposeRow]
    rules: list[tuple[str, str, str]]
    may_be_shown: bool
    may_be_made: bool
    bookings: First
    mandates_waiting: int
    rate: Money | None


def my_twin(actor: Actor) -> MyTwin:
    """Fourteen queries at most, whatever the rows. `bookings` are what a pause touches.

    `version` is the newest, `coming` its test sheet while it is made or waits for her, `in_use` the sheet she approved,
    `renewal` what she signs to approve that one for another year, empty as long as it is not time.
    """
    talent = Talent.objects.select_related("boundaries", "twin__chosen_cover").get(pk=parse_ref(actor.party, "talent"))
    twin: Twin | None = getattr(talent, "twin", None)
    purposes = _purposes(talent)
    versions = _versions(twin)
    newest = next(iter(versions), None)
    approved = next((version for version in versions if version.state == TwinVersion.State.APPROVED), None)
    under_way = HOLDS_RIGHTS - {State.DELIVERED}
    return MyTwin(
        talent=talent,
        twin=twin,
        version=newest,
        coming=test_sheet(newest) if newest and newest.state in COMING else None,
        in_use=test_sheet(approved, twin.cover if twin else None) if approved else None,
        renewal=_renewal(twin, approved),
        cover=picture(twin.cover if twin else None),
        purposes=purposes,
        may_be_shown=all(row.consent for row in purposes if row.purpose == Purpose.PROMOTE),
        may_be_made=all(row.consent for row in purposes if row.purpose in (Purpose.SCAN, Purpose.TRAIN)),
        rules=_rules(getattr(talent, "boundaries", None), currency_of(talent)),
        bookings=first_of(
            Booking.objects.visible_to(actor).filter(state__in=under_way).select_related("brand"), MOST_NAMED
        ),
        mandates_waiting=MandateProposal.objects.filter(talent=talent, state=MandateProposal.State.WAITING).count(),
        rate=day_rate(talent.party),
    )


def _versions(twin: Twin | None) -> list[TwinVersion]:
    """All versions of her twin, the newest first."""
    if twin is None:
        return []
    return list(twin.versions.select_related("capture_set", "twin__talent").order_by("-number"))


def _renewal(twin: Twin | None, approved: TwinVersion | None) -> str:
    due = twin and approved and renewal_is_due(twin, timezone.now().date())
    return approval_text(approved) if due and approved else ""


def _purposes(talent: Talent) -> list[PurposeRow]:
    given = {consent.purpose: consent for consent in Consent.objects.in_force().filter(talent=talent)}
    rows = []
    for purpose in Purpose:
        title, _, words = str(purpose.label).partition(": ")
        rows.append(PurposeRow(purpose, title, words, given.get(purpose)))
    return rows


def _rules(rules: Boundaries | None, currency: str) -> list[tuple[str, str, str]]:
    """Icon, label and words of each standing rule."""
    if rules is None:
        return []
    categories = ", ".join(str(Category(code).label) for code in rules.barred_categories)
    media = ", ".join(str(Medium(code).label) for code in rules.barred_media)
    brands = rules.barred_brands.order_by("name").values_list("name", flat=True)
    lowest = money(rules.lowest_fee_minor, currency) if rules.lowest_fee_minor else "None"
    return [
        ("ban", "Never for", categories or "No category is barred"),
        ("megaphone", "Never in", media or "No medium is barred"),
        ("globe", "Not in these countries", describe(rules.barred_territories) if rules.barred_territories else "None"),
        ("eye-off", "Never with", ", ".join(brands) or "No brand is barred"),
        ("undo-2", "Never again", ", ".join(rule.words for rule in rules.never_again.all()) or "Nothing"),
        ("calendar-clock", "Longest licence", f"{rules.longest_window_months} months"),
        ("wallet", "Lowest fee of a booking", lowest),
        ("key-round", "What I license", " ".join(f"{LicenceType(code).label}." for code in rules.licence_types)),
        ("ruler", "Body lock", ", ".join(f"{part} up to {by} %" for part, by in rules.body_lock.items()).capitalize()),
    ]


def rules_of(talent: Talent) -> dict[str, Any]:
    """Her rules as the form shows them."""
    rules: Boundaries | None = getattr(talent, "boundaries", None)
    if rules is None:
        usual = Boundaries()
        return {"licence_types": usual.licence_types} | {
            f"{part}_tolerance": by for part, by in usual.body_lock.items()
        }
    return {
        "barred_categories": rules.barred_categories,
        "barred_media": rules.barred_media,
        "barred_territories": rules.barred_territories,
        "barred_brands": rules.barred_brands.all(),
        "longest_window_months": rules.longest_window_months,
        "licence_types": rules.licence_types,
        "lowest_fee": major(rules.lowest_fee_minor, currency_of(talent))[0],
    } | _tolerances(rules)


def _tolerances(rules: Boundaries) -> dict[str, int]:
    return {f"{part}_tolerance": by for part, by in rules.body_lock.items()}


def to_minor(amount: Decimal, currency: str) -> int:
    """A typed amount in the minor unit, exactly. More digits than the currency has are cut off by the form."""
    return int(amount.scaleb(get_currency_precision(currency)))
