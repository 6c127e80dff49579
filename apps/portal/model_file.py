"""A model's file as her agency sees it: everything that an agency may know of her, and nothing else.

Left out on purpose: her date of birth and her documents, her lowest fee and the brands she bars, reasons she gave or
kept, how she answered, what she does through other agencies. Her address stands here only where the agency wrote it
on its own list.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence
from apps.bookings.states import TERMINAL, State
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.territories import describe
from apps.common.vocabulary import Category, LicenceType, Medium
from apps.consents.models import Consent, Purpose
from apps.organizations.permissions import Permission
from apps.portal.commitments import Bound, bound_elsewhere, commitments_of
from apps.portal.histories import Told, history_with
from apps.portal.licences import first_file, first_picture
from apps.portal.pictures import Picture, picture, thumbnail
from apps.portal.twin_page import measures
from apps.pricing.services import day_rate
from apps.roster.models import RosterEntry, RosterPlace
from apps.royalties.models import Royalty
from apps.talent.models import Board, Boundaries, Mandate, MandateProposal, Talent
from apps.twins.models import Twin

MOST_SHOWN = 50  # of each list
UNDER_WAY = [*TERMINAL, State.DRAFT, State.DELIVERED]


@dataclass(frozen=True)
class Shared:
    """What was earned with her bookings through this agency, in one currency; `hers` only where it answered for her."""

    ours: Money
    hers: Money | None


@dataclass(frozen=True)
class ModelFile:
    talent: Talent
    twin: Twin | None
    cover: Picture
    board: str
    email: str
    measures: list[tuple[str, str]]
    mandates: list[Mandate]
    proposals: list[MandateProposal]
    consents: list[tuple[str, Consent | None]]
    rules: list[tuple[str, str, str]]
    bound: list[Bound]
    bookings: list[Booking]
    licences: list[tuple[Licence, str]]
    shared: list[Shared] | None
    rate: Money | None
    history: list[Told]


def represented_model(actor: Actor, slug: str) -> Talent:
    """A model under a mandate of this agency that runs today. Raises Http404 for every other, there or not."""
    mandates = Mandate.objects.filter(agency=parse_ref(actor.party, "org")).running_on(timezone.now().date())
    rows = Talent.objects.filter(pk__in=mandates.values("talent")).select_related("boundaries", "twin__chosen_cover")
    return get_object_or_404(rows, slug=slug)


def model_file(actor: Actor, talent: Talent) -> ModelFile:
    """`talent` comes from `represented_model`. Sixteen queries at most, whatever the rows; `shared` is None for people
    who do not see money."""
    agency = parse_ref(actor.party, "org")
    twin: Twin | None = getattr(talent, "twin", None)
    place = RosterPlace.objects.filter(agency=agency, talent=talent).first()
    entry = RosterEntry.objects.filter(agency=agency, talent=talent).first()
    mandates = list(Mandate.objects.filter(agency=agency, talent=talent).order_by("-ends_on", "pk"))
    proposals = list(MandateProposal.objects.filter(agency=agency, talent=talent))
    consents = list(Consent.objects.filter(talent=talent))
    licences = list(_licences(actor, talent)[:MOST_SHOWN])
    return ModelFile(
        talent=talent,
        twin=twin,
        cover=picture(twin.cover if twin else None),
        board=str(Board((place and place.board) or talent.board).label),
        email=entry.email if entry else "",
        measures=measures(talent),
        mandates=mandates,
        proposals=[row for row in proposals if row.state == MandateProposal.State.WAITING],
        consents=_in_force(consents),
        rules=_rules(getattr(talent, "boundaries", None)),
        bound=bound_elsewhere(talent, actor, list(commitments_of(talent)[:MOST_SHOWN])),
        bookings=list(_bookings(actor, talent)[:MOST_SHOWN]),
        licences=[(licence, thumbnail(first_file(licence))) for licence in licences],
        shared=_shared(actor, talent) if actor.can(Permission.SEE_MONEY) else None,
        rate=day_rate(talent.party),
        history=history_with(talent, twin=twin, mandates=mandates, proposals=proposals, consents=consents),
    )


def _in_force(consents: list[Consent]) -> list[tuple[str, Consent | None]]:
    """Each purpose in the words before its colon, with the consent that is in force now."""
    now = timezone.now()
    given = {
        row.purpose: row
        for row in consents
        if row.granted_at <= now < min(row.ends_at, row.withdrawn_at or row.ends_at)
    }
    return [(str(purpose.label).partition(":")[0], given.get(purpose)) for purpose in Purpose]


def _rules(rules: Boundaries | None) -> list[tuple[str, str, str]]:
    """Icon, label and words of what a booker has to know before she proposes anything."""
    if rules is None:
        return []
    categories = ", ".join(str(Category(code).label) for code in rules.barred_categories)
    media = ", ".join(str(Medium(code).label) for code in rules.barred_media)
    return [
        ("ban", "Never for", categories or "No category is barred"),
        ("megaphone", "Never in", media or "No medium is barred"),
        ("globe", "Not in these countries", describe(rules.barred_territories) if rules.barred_territories else "None"),
        ("undo-2", "Never again", ", ".join(rule.words for rule in rules.never_again.all()) or "Nothing"),
        ("calendar-clock", "Longest licence", f"{rules.longest_window_months} months"),
        ("key-round", "Licenses", " ".join(f"{LicenceType(code).label}." for code in rules.licence_types)),
        ("ruler", "Body lock", ", ".join(f"{part} up to {by} %" for part, by in rules.body_lock.items()).capitalize()),
    ]


def _bookings(actor: Actor, talent: Talent) -> QuerySet[Booking]:
    ours = Booking.objects.visible_to(actor).filter(twin__talent=talent).exclude(state__in=UNDER_WAY)
    return ours.select_related("brand").order_by("deadline_at", "-submitted_at", "pk")


def _licences(actor: Actor, talent: Talent) -> QuerySet[Licence]:
    ours = Licence.objects.visible_to(actor).filter(twin__talent=talent)
    return ours.select_related("brand", "booking").prefetch_related(first_picture()).order_by("-ends_on", "pk")


def _shared(actor: Actor, talent: Talent) -> list[Shared]:
    """Two queries. What lapsed counts nothing, what is agreed and not earned yet neither."""
    agency = parse_ref(actor.party, "org")
    bookings = Booking.objects.visible_to(actor).filter(twin__talent=talent)
    answered = {booking.ref: booking.agency_id == agency for booking in bookings.only("pk", "agency_id")}
    earned = Royalty.objects.filter(charge_ref__in=answered, state=Royalty.State.EARNED).order_by()
    own = Q(party=actor.party) | Q(party=talent.party, charge_ref__in=[ref for ref, ours in answered.items() if ours])
    sums: dict[str, dict[str, int]] = defaultdict(dict)
    for row in earned.filter(own).values("currency", "party").annotate(sum=Sum("earned_minor")):
        sums[row["currency"]][row["party"]] = row["sum"]
    return [
        Shared(
            ours=Money(parties.get(actor.party, 0), currency),
            hers=Money(parties[talent.party], currency) if talent.party in parties else None,
        )
        for currency, parties in sorted(sums.items())
    ]
