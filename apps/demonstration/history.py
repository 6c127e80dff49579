"""Bookings in several states, so that every page has something to say. Delivered ones are really made."""

from collections.abc import Callable
from dataclasses import dataclass

from apps.bookings.models import Booking
from apps.bookings.services import compose
from apps.demonstration.booking import Plan, agree, brand_of, draft, pay, play
from apps.organizations.models import Organization
from apps.twins.models import Twin

Say = Callable[[str], object]


@dataclass(frozen=True)
class Story:
    """One booking of the programme. `until` is where it stands when a visitor comes."""

    title: str
    brand: str
    twin: str
    until: str
    looks: int
    pictures: int
    scenes: tuple[str, ...]
    brief: str
    window_months: int = 12
    media: tuple[str, ...] = ("ecommerce",)


# ruff: noqa: E501
STORIES = (
    Story("Knitwear, product pages", "halden-rye", "maya-okafor", "delivered", 2, 3, ("gobo", "block"),
          "Undyed wool. Window light, nothing on the walls."),
    Story("Spring tailoring", "maison-orsay", "maya-okafor", "delivered", 2, 2, ("arch", "mono"),
          "Shoulders first. One colour from head to floor.", media=("ecommerce", "own")),
    Story("Frames, summer", "vesna", "leila-hart", "in_review", 1, 2, ("hair",),
          "High sun. The frame is the only accessory.", media=("own",)),
    Story("The red coat", "maison-orsay", "noor-adel", "submitted", 2, 6, ("block", "gobo"),
          "The coat enters before she does. Red on red, hard light.", media=("paid_social", "ecommerce"), window_months=6),
    Story("Linen, essentials", "halden-rye", "maya-okafor", "submitted", 1, 4, ("gobo",),
          "Ordinary light, ordinary clothes, nothing ordinary."),
    Story("Travel, three looks", "halden-rye", "kai-lindgren", "agreed", 3, 9, ("location", "block", "gobo"),
          "Packed light. Late sun where there is any.", media=("ecommerce", "paid_social")),
    Story("Evening, draft", "maison-orsay", "anjali-rao", "draft", 1, 4, ("double",),
          "Gold, no jewellery yet; samples on Thursday."),
)  # fmt: skip


def load_bookings(*, say: Say) -> None:
    """Every story that is not there yet, played as far as it goes. Idempotent by title and brand."""
    for story in STORIES:
        brand = Organization.objects.get(slug=story.brand)
        if Booking.objects.filter(brand=brand, title=story.title).exists():
            continue
        _tell(story, brand, say)
        say(f"{story.title}: {story.until}")


def _tell(story: Story, brand: Organization, say: Say) -> None:
    twin = Twin.objects.select_related("talent").get(talent__slug=story.twin)
    plan = Plan(
        brand=brand,
        twin=twin,
        looks=story.looks,
        pictures=story.pictures,
        title=story.title,
        media=story.media,
        window_months=story.window_months,
        scenes=story.scenes,
        brief=story.brief,
        say=_quiet,
    )
    if story.until == "delivered":
        play(plan)
    elif story.until == "in_review":
        pay(plan, agree(plan))
    elif story.until == "agreed":
        agree(plan)
    else:
        _prepare(plan, submitted=story.until == "submitted")


def _quiet(_: str) -> None:
    """The load names each finished story; its steps are for demo_booking."""


def _prepare(plan: Plan, *, submitted: bool) -> None:
    booking = draft(plan)
    if submitted:
        compose.submit(by=brand_of(plan), booking=booking)
