"""What stands against a booking before it is submitted: boundary, consent, exclusivity, mandate.

Said in general words: the brand learns that a use is not available and what it can do instead, never the model's
private reason, and never the name of another brand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from apps.bookings.calendar import Standing, standing, wish_of
from apps.bookings.models.booking import Booking
from apps.bookings.policies import NoMandate, plan_approvals
from apps.common.depiction import LABELS, Kind, traits
from apps.common.territories import describe, overlap
from apps.common.vocabulary import Category, Exclusivity, LicenceType, Medium
from apps.consents.models import Consent, Purpose
from apps.talent.models import Boundaries
from apps.twins.models import Twin

NEEDED = (Purpose.GENERATE, Purpose.PUBLISH)


@dataclass(frozen=True)
class Warning:
    """`field` is the draft's field that another choice would have to change, empty where none helps; `instead` says
    to the brand what it can do."""

    kind: str  # boundary, consent, exclusivity, mandate
    message: str
    field: str = ""
    instead: str = ""


def standing_against(booking: Booking, *, fee_minor: int | None = None) -> list[Warning]:
    """Every reason why this booking cannot be agreed now; empty when it can. `fee_minor` is F, when it is known."""
    return [
        *_twin(booking),
        *_boundaries(booking, fee_minor),
        *_consents(booking),
        *_exclusivity(booking),
        *_mandate(booking),
    ]


def _twin(booking: Booking) -> Iterator[Warning]:
    twin = booking.twin
    name = twin.talent.stage_name
    if twin.state == Twin.State.PAUSED:
        yield Warning(
            "consent",
            f"{name} has paused this twin. Nothing can be booked until it is resumed.",
            instead="Your draft stays as it is and can be sent then, or choose another twin.",
        )
    elif twin.state != Twin.State.LISTED:
        yield Warning("consent", f"{name}'s twin is not bookable yet.")
    elif twin.best_before and twin.best_before < timezone.now().date():
        yield Warning("consent", f"{name} has to approve this twin again before it can be booked.")


def _boundaries(booking: Booking, fee_minor: int | None) -> Iterator[Warning]:
    rules = Boundaries.objects.filter(talent=booking.twin.talent).first()
    name = booking.twin.talent.stage_name
    if rules is None:
        yield Warning("boundary", f"{name} has not set any rules yet.")
        return
    yield from _use(booking, rules, name)
    yield from _licence(booking, rules, name)
    yield from _never_again(booking, rules, name)
    if fee_minor is not None and fee_minor < rules.lowest_fee_minor:
        yield Warning("boundary", f"The fee is below what {name} accepts. More pictures or a longer use may fit.")
    if rules.barred_brands.filter(pk=booking.brand_id).exists():
        yield Warning("boundary", f"{name} is not available for your brand.")


def _use(booking: Booking, rules: Boundaries, name: str) -> Iterator[Warning]:
    """What the pictures sell, and in which media."""
    if booking.category in rules.barred_categories:
        yield Warning(
            "boundary",
            f"{name} is not available for {Category(booking.category).label.lower()}.",
            field="category",
            instead="Choose what else the pictures sell, or another twin for this.",
        )
    for medium in booking.media:
        if medium in rules.barred_media:
            yield Warning(
                "boundary",
                f"{name} is not available for {Medium(medium).label.lower()}.",
                field="media",
                instead="Leave it out; the price follows.",
            )


def _licence(booking: Booking, rules: Boundaries, name: str) -> Iterator[Warning]:
    """Where, how long, and with which exclusivity."""
    if overlap(rules.barred_territories, booking.territories):
        yield Warning(
            "boundary",
            f"{name} is not available in all of these territories.",
            field="territories",
            instead="Choose fewer countries.",
        )
    if booking.window_months > rules.longest_window_months:
        yield Warning(
            "boundary",
            f"{name} licenses at most {rules.longest_window_months} months.",
            field="window_months",
            instead="Choose a shorter use; it can be renewed.",
        )
    if LicenceType.of(booking.exclusivity) not in rules.licence_types:
        exclusive = booking.exclusivity != Exclusivity.NONE
        yield Warning(
            "boundary",
            f"{name} does not license {'with' if exclusive else 'without'} exclusivity.",
            field="exclusivity",
            instead="Book without exclusivity." if exclusive else "Book with exclusivity; the price follows.",
        )


def _never_again(booking: Booking, rules: Boundaries, name: str) -> Iterator[Warning]:
    """What she never wants to be shown in again, look by look."""
    barred = {rule.trait for rule in rules.never_again.all()}
    for look in booking.looks.all() if barred else ():
        for trait in traits(look.scene, look.crop):
            if trait in barred:
                yield Warning(
                    "boundary",
                    f"{name} is not available for {_described(trait.kind, look.scene, look.crop)} ({look.title}).",
                    field="looks",
                    instead=_INSTEAD[Kind(trait.kind)],
                )


_INSTEAD = {
    Kind.SCENE: "Choose another scene.",
    Kind.CROP: "Choose another crop, or a scene with another one.",
    Kind.LIGHT: "Choose a scene with another light.",
    Kind.CLOTHES: "Choose a scene with other clothes.",
}


def _described(kind: str, scene: str, crop: str) -> str:
    """In words for the brand, without hers."""
    title = LABELS[Kind.SCENE].get(scene, scene)
    if kind == Kind.SCENE:
        return f"the scene “{title}”"
    if kind == Kind.CROP:
        return f"this crop: {traits(scene, crop)[1].words}"
    return f"the {kind} of the scene “{title}”"


def _consents(booking: Booking) -> Iterator[Warning]:
    ends = {
        consent.purpose: consent.ends_at.date()
        for consent in Consent.objects.in_force().filter(talent=booking.twin.talent, purpose__in=NEEDED)
    }
    name = booking.twin.talent.stage_name
    missing = [purpose for purpose in NEEDED if purpose not in ends]
    if missing:
        yield Warning("consent", f"{name} has not consented to {' and '.join(missing)}.")
    elif ends[Purpose.PUBLISH] < wish_of(booking).ends_on:
        yield Warning(
            "consent", f"{name}'s consent ends on {ends[Purpose.PUBLISH]:%d %B %Y}, before this licence would."
        )


def _exclusivity(booking: Booking) -> Iterator[Warning]:
    wish = wish_of(booking)
    taken = standing(wish, apart_from=booking) if booking.territories else None
    if taken is None:
        return
    where, until = describe(taken.territories), _until(taken)
    if wish.exclusivity == Exclusivity.NONE:
        yield Warning(
            "exclusivity",
            f"An exclusivity stands against this use in {where}{until}.",
            field="territories",
            instead="Choose other countries, or a first day after that.",
        )
    else:
        yield Warning(
            "exclusivity",
            f"Other licences stand against an exclusivity in {where}{until}.",
            field="exclusivity",
            instead="Book without exclusivity, in other countries, or from a later day.",
        )


def _until(taken: Standing) -> str:
    return "" if taken.until == date.max else f" until {taken.until:%-d %B %Y}"


def _mandate(booking: Booking) -> Iterator[Warning]:
    try:
        plan_approvals(
            talent=booking.twin.talent,
            territories=booking.territories,
            brand_country=booking.brand.country,
            day=timezone.now().date(),
        )
    except NoMandate as error:
        yield Warning("mandate", error.message)
