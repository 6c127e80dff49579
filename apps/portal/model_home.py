"""What waits for a model, most urgent first; what goes on meanwhile; where her pictures run."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Licence, Review
from apps.bookings.states import State
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.media.signing import signed_url
from apps.portal.figures import Earned, earned, total
from apps.portal.licences import first_file, first_picture
from apps.portal.onboarding import Onboarding, under_way
from apps.portal.pictures import ONE_HOUR, Picture, picture, thumbnail
from apps.portal.shares import in_force, proposed, received_by, terms_of
from apps.twins.models import TwinVersion

GOING_ON = (
    State.AGREED,
    State.FUNDED,
    State.GENERATING,
    State.IN_REVIEW,
    State.ON_HOLD,
    State.PROPOSING,
    State.COUNTERED,
)
MOST_SHOWN = 50


@dataclass(frozen=True)
class Waiting:
    """One thing that only she can decide."""

    kind: str
    title: str
    line: str
    chip: str
    icon: str
    deadline: datetime | None
    href: str
    amount: Money | None
    picture: str


@dataclass(frozen=True)
class Running:
    """A licence that runs, with the first of its pictures."""

    licence: Licence
    picture: Picture


@dataclass(frozen=True)
class ModelHome:
    waiting: list[Waiting]
    going_on: list[Booking]
    licences: list[Running]
    earned: Earned
    asked: Money | None
    onboarding: Onboarding | None


def model_home(actor: Actor) -> ModelHome:
    """Seventeen queries, whatever the rows; thirteen more before her twin can be booked, for `onboarding`. `asked` is
    what she receives if she says yes to all that waits."""
    waiting = [*_versions(actor), *_requests(actor), *_pictures(actor)]
    asked = {item.href for item in waiting}
    going_on = Booking.objects.visible_to(actor).filter(state__in=GOING_ON).select_related("brand")[:MOST_SHOWN]
    licences = Licence.objects.visible_to(actor).filter(state=Licence.State.ACTIVE).select_related("brand", "booking")
    return ModelHome(
        waiting=sorted(waiting, key=lambda item: (item.deadline is None, item.deadline or timezone.now())),
        going_on=[booking for booking in going_on if reverse("picture_check", args=[booking.pk]) not in asked],
        licences=[_running(licence) for licence in licences.prefetch_related(first_picture())[:MOST_SHOWN]],
        earned=earned(actor),
        asked=total(item.amount for item in waiting),
        onboarding=under_way(actor),
    )


def _running(licence: Licence) -> Running:
    return Running(licence, picture(first_file(licence)))


def _requests(actor: Actor) -> list[Waiting]:
    bookings = (
        Booking.objects.waiting_for_answer_of(actor)
        .select_related("brand")
        .prefetch_related("looks__product", in_force(), proposed())[:MOST_SHOWN]
    )
    return [_request(booking, actor) for booking in bookings]


def _request(booking: Booking, actor: Actor) -> Waiting:
    looks = list(booking.looks.all())
    reference = next((look.product for look in looks if look.product), None)
    proposal = next(iter(getattr(booking, "proposed", [])), None)
    pictures = proposal.pictures if proposal else booking.pictures
    return Waiting(
        kind="request",
        title=booking.brand.name,
        line=f"{booking.title}, {_pictures_in_words(pictures)}",
        chip="to sign" if proposal else "to write your version" if booking.state == State.PROPOSING else "to answer",
        icon="pen-line" if booking.state == State.PROPOSING else "clock",
        deadline=booking.deadline_at,
        href=reverse("request", args=[booking.pk]),
        amount=received_by(proposal or terms_of(booking), [actor.party]),
        picture=thumbnail(reference),
    )


def _pictures(actor: Actor) -> list[Waiting]:
    reviews = (
        _undecided(actor).select_related("booking__brand", "candidate__file").order_by("booking_id", "deadline_at")
    )
    return [_to_check(list(group)) for _, group in groupby(reviews, key=lambda review: review.booking_id)]


def _undecided(actor: Actor) -> QuerySet[Review]:
    return Review.objects.filter(
        booking__twin__talent=parse_ref(actor.party, "talent"),
        booking__state=State.IN_REVIEW,
        booking__finished_at=None,
        decision=Review.Decision.WAITING,
    )


def _to_check(reviews: list[Review]) -> Waiting:
    first = reviews[0]
    return Waiting(
        kind="pictures",
        title=first.booking.brand.name,
        line=f"{_pictures_in_words(len(reviews))} to check: {first.booking.title}",
        chip="to check",
        icon="images",
        deadline=first.deadline_at,
        href=reverse("picture_check", args=[first.booking_id]),
        amount=None,
        picture=signed_url(first.candidate.file, seconds=ONE_HOUR, rendition="preview640"),
    )


def _versions(actor: Actor) -> list[Waiting]:
    ready = TwinVersion.objects.filter(
        twin__talent=parse_ref(actor.party, "talent"), state=TwinVersion.State.READY
    ).order_by("-number")
    return [
        Waiting(
            kind="twin",
            title="Your twin",
            line="Look at the test sheet and say whether it is you",
            chip="to approve",
            icon="scan-face",
            deadline=None,
            href=reverse("my_twin"),
            amount=None,
            picture="",
        )
        for _ in ready[:1]
    ]


def _pictures_in_words(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
