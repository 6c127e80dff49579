"""The bookings and options with which a day begins: of that day alone, so that nobody else's are spoiled by it.

Runs inside the running site, through the same services as its screens.
"""

import json
from datetime import timedelta

from celery import current_app
from django.utils import timezone

from apps.accounts.models import User
from apps.bookings.conditions import UNCONDITIONAL, Conditions
from apps.bookings.models import Booking
from apps.demonstration.booking import Plan, play
from apps.demonstration.history.clock import Clock
from apps.demonstration.history.post import Post
from apps.demonstration.history.stories import Ending, Shot, Story
from apps.demonstration.history.telling import STEPS, Telling, pay
from apps.demonstration.people import actor_of, user_of
from apps.demonstration.programme import address
from apps.options.models import Option
from apps.options.services import asking, deciding
from apps.organizations.models import Organization
from apps.twins.models import Twin

HOUSE, RIVAL, AGENCY = "maison-orsay", "halden-rye", "elan"
MODEL, ASKED_FOR = "mateo-silva", "noor-adel"
ELSEWHERE = ("ES", "PT")  # where nothing of theirs is exclusive
NOW = timedelta(0)


def of_the_model(mark: str) -> dict[str, str]:
    """One request to answer, one version to sign, one paid booking whose pictures are being made. In French."""
    User.objects.filter(email=address(MODEL)).update(language="fr")
    half_a_year = Conditions(longest_window_months=6, media=("ecommerce",))
    asked = _tell(_story(f"Cotton {mark}", RIVAL, MODEL, Ending.UNANSWERED))
    to_sign = _tell(_story(f"Linen {mark}", RIVAL, MODEL, Ending.TO_SIGN, conditions=half_a_year))
    paid = _tell(_story(f"Poplin {mark}", RIVAL, MODEL, Ending.AGREED, pictures=2))
    pay(paid)
    return _named(asked=asked, to_sign=to_sign, paid=paid)


def of_the_booker(mark: str) -> dict[str, str]:
    """One request that nobody has answered, one that the model has; two options for the same use, the second asked."""
    fresh = _tell(_story(f"Denim {mark}", RIVAL, ASKED_FOR, Ending.UNANSWERED))
    answered = _tell(_story(f"Corduroy {mark}", HOUSE, ASKED_FOR, Ending.MODEL_ANSWERED))
    ready = _tell(_story(f"Twill {mark}", RIVAL, ASKED_FOR, Ending.DRAFT))
    _give_up_options(ASKED_FOR)
    deciding.grant(by=actor_of(user_of(AGENCY)), option=_option(HOUSE))
    _option(RIVAL)
    return _named(fresh=fresh, answered=answered, ready=ready)


def of_the_producer(mark: str) -> dict[str, str]:
    """One counter-offer to read. Her options of an earlier day are given up."""
    less = Conditions(longest_window_months=6, media=("ecommerce",), most_pictures=2)
    _give_up_options(ASKED_FOR)
    return _named(countered=_tell(_story(f"Flannel {mark}", HOUSE, ASKED_FOR, Ending.COUNTERED, conditions=less)))


def of_the_licence(mark: str) -> dict[str, str]:
    """One booking played to the end: pictures delivered, in the label of the first market."""
    told = play(
        Plan(
            brand=Organization.objects.get(slug=HOUSE),
            twin=_twin("maya-okafor"),
            looks=1,
            pictures=1,
            title=f"Loden {mark}",
            media=("ecommerce", "own"),
        )
    )
    return {"state": told["state"]}


def _story(
    title: str, brand: str, twin: str, ending: Ending, *, conditions: Conditions = UNCONDITIONAL, pictures: int = 4
) -> Story:
    shots = (Shot("On the step", "gobo", "It has been washed often and waits for nobody.", pictures=pictures),)
    return Story(
        "", title, brand, twin, NOW, ending, shots, category="knitwear", media=("ecommerce", "own"),
        territories=ELSEWHERE, conditions=conditions,
    )  # fmt: skip


def _tell(story: Story) -> Telling:
    """Every step now, and the site's own worker does what follows."""
    clock = Clock(timezone.now())
    telling = Telling(story, clock, Post(clock, current_app.send_task))
    for step in STEPS[story.ending]:
        step.act(telling)
    return telling


def _option(brand: str) -> Option:
    """Of this brand on the twin that both want, for the use of the drafts above."""
    return asking.ask(
        by=actor_of(user_of(brand)),
        twin=_twin(ASKED_FOR),
        category="knitwear",
        territories=list(ELSEWHERE),
        starts_on=timezone.now().date(),
        window_months=12,
    )


def _twin(slug: str) -> Twin:
    return Twin.objects.select_related("talent").get(talent__slug=slug)


def _give_up_options(slug: str) -> None:
    for option in Option.objects.open().filter(twin__talent__slug=slug).select_related("brand"):
        asking.withdraw(by=actor_of(user_of(option.brand.slug)), option=option)


def _named(**told: Telling) -> dict[str, str]:
    bookings: dict[str, Booking] = {name: telling.booking for name, telling in told.items()}
    return {name: str(booking.pk) for name, booking in bookings.items()}


def prepare(whose: str, mark: str) -> None:
    """Prints, on the last line, the primary keys of what was made."""
    print(json.dumps(BOOKS[whose](mark)))


BOOKS = {
    "model": of_the_model,
    "booker": of_the_booker,
    "producer": of_the_producer,
    "licence": of_the_licence,
}
