"""The three tours as data: who does what on which page, told in a sentence or two, and when it is done.

Whether a step is done is read from the booking (`Facts`), never from what was pressed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from apps.bookings.states import TERMINAL, State
from apps.demonstration.tour_facts import Facts

Test = Callable[[Facts], bool]


def never(_: Facts) -> bool:
    return False


class Who(StrEnum):
    BRAND = "brand"
    AGENCY = "agency"
    MODEL = "model"


@dataclass(frozen=True)
class Step:
    """`page` is a URL name, taken with the booking's id where `of_booking`; the pages in `also` are right as well.

    While `works` holds, machines are at it and `meanwhile` is told instead of `text`; also while one comes back from
    the payment page to a step that is not done.
    """

    who: Who
    page: str
    title: str
    text: str
    done: Test
    of_booking: bool = True
    also: tuple[str, ...] = ()
    works: Test = never
    meanwhile: str = ""


@dataclass(frozen=True)
class Story:
    """`brand` asks; `twins` are tried in this order until one is free. Without twins the visitor chooses.

    `cover` names the twin on the home page, `landing` the page on which the visitor begins.
    """

    key: str
    title: str
    invitation: str
    beats: tuple[str, ...]
    cover: str
    landing: str
    brand: str
    steps: tuple[Step, ...]
    twins: tuple[str, ...] = ()
    booking_title: str = ""
    looks: tuple[tuple[str, str, str], ...] = ()


def _agreed(facts: Facts) -> bool:
    return facts.state not in {"", State.DRAFT, State.SUBMITTED, State.PROPOSING, State.COUNTERED}


def _paid(facts: Facts) -> bool:
    return _agreed(facts) and facts.state != State.AGREED


def _shown(facts: Facts) -> bool:
    return _paid(facts) and (facts.reviews > 0 or facts.state in TERMINAL)


def _checked(facts: Facts) -> bool:
    enough = facts.passed >= facts.ordered or not facts.being_made
    return _shown(facts) and not facts.waiting and facts.passed > 0 and enough


def _delivered(facts: Facts) -> bool:
    return facts.state == State.DELIVERED


CHOOSE_TWIN = Step(
    Who.BRAND, "twins", "Choose a twin",
    "Every face here agreed to be found by brands. Open one and press “Compose booking”.",
    done=lambda facts: facts.state != "", of_booking=False, also=("twin", "brand_home"),
)  # fmt: skip
COMPOSE = Step(
    Who.BRAND, "booking_compose", "Compose, and watch the price",
    "Pick a scene, say where it runs; the price is firm as you type. Two pictures are plenty. Then send the request.",
    done=lambda facts: facts.submitted,
)  # fmt: skip
AGENCY_ANSWERS = Step(
    Who.AGENCY, "request", "The agency’s sealed answer",
    "{agency} reads what it would earn and seals a yes. The model’s answer stays hidden from it until both are in.",
    done=lambda facts: facts.agency_said == "yes" or _agreed(facts), also=("request_answer",),
)  # fmt: skip
MODEL_ANSWERS = Step(
    Who.MODEL, "request", "{model} decides",
    "First what you receive, then what they may and may not do. A yes signs the deal memo; a no needs no reason.",
    done=lambda facts: facts.talent_said == "yes" or _agreed(facts), also=("request_answer",),
)  # fmt: skip
PAY = Step(
    Who.BRAND, "booking", "Both said yes. Now pay",
    "Press Pay; the test card is filled in and no money moves. Nothing was made before this moment.",
    done=_paid, also=("checkout_return", "checkout"),
    meanwhile="Paid. The bank’s signed notice is on its way to us.",
)  # fmt: skip
MADE = Step(
    Who.BRAND, "booking", "The pictures are made",
    "The voucher is signed and the pictures are on their way.",
    done=_shown, also=("checkout_return",), works=_paid,
    meanwhile="Really made, now, on this machine, on a signed voucher. {model} will see each one before anybody else.",
)  # fmt: skip
CHECK = Step(
    Who.MODEL, "picture_check", "{model} looks first",
    "Pass what is right; reject what is not, and another is made within the voucher. {brand} has seen nothing yet.",
    done=_checked, also=("picture_decide",),
    works=lambda facts: not facts.waiting and facts.being_made > 0, meanwhile="The next picture is being made.",
)  # fmt: skip
CHOOSE = Step(
    Who.BRAND, "select", "Choose and finish",
    "Only what {model} passed stands here, watermarked. Choose up to {ordered}, then finish: everybody is paid.",
    done=lambda facts: facts.finished, also=("select_choose", "select_finish"),
)  # fmt: skip
LABELLED = "The pictures are being labelled, signed and marked. A moment."
DELIVERED = Step(
    Who.BRAND, "booking", "Delivered",
    "Labelled, signed, licensed. Download one and drop it on “Verify a picture”: it knows whose it is and until when.",
    done=never, also=("own_licence", "library", "verify", "licence"),
    works=lambda facts: not _delivered(facts), meanwhile=LABELLED,
)  # fmt: skip


def _earned(who: Who, text: str) -> Step:
    return Step(
        who, "earnings", "Earned, to the cent", text,
        done=never, of_booking=False, also=("statement", "own_licence"),
        works=lambda facts: not _delivered(facts), meanwhile=LABELLED,
    )  # fmt: skip


STORIES = {
    story.key: story
    for story in (
        Story(
            "brand", "As a brand",
            "Find a face, compose a request with a firm price, and take home pictures you may really use.",
            ("Choose a twin", "Hear both answers", "Pay and see it made", "Download, licensed"),
            cover="maya-okafor", landing="twins", brand="halden-rye",
            steps=(
                CHOOSE_TWIN, COMPOSE, AGENCY_ANSWERS, MODEL_ANSWERS, PAY, MADE, CHECK, CHOOSE, DELIVERED,
            ),
        ),
        Story(
            "agency", "As an agency",
            "A request lies on your desk. Seal your answer, and see your line in the ledger when it is delivered.",
            ("Open the desk", "Seal your answer", "Follow the pictures", "Read your statement"),
            cover="mateo-silva", landing="agency_desk", brand="halden-rye",
            twins=("maya-okafor", "noor-adel", "ines-moreau", "mateo-silva"),
            booking_title="Linen, before summer",
            looks=(
                ("Window seat", "gobo", "Undyed linen, morning light, nothing on the wall."),
                ("Standing", "arch", "The same shirt, buttoned. One tone, head to floor."),
            ),
            steps=(
                AGENCY_ANSWERS, MODEL_ANSWERS, PAY, MADE, CHECK, CHOOSE,
                _earned(
                    Who.AGENCY,
                    "Service charge and commission stand in your statement the second the pictures leave.",
                ),
            ),
        ),
        Story(
            "model", "As a model",
            "A house asks for you. Say yes or no, look at every picture first, and see what you earned.",
            ("Read the request", "Sign or decline", "Pass each picture", "See your share"),
            cover="noor-adel", landing="model_home", brand="maison-orsay",
            twins=("noor-adel", "maya-okafor", "leila-hart", "anjali-rao"),
            booking_title="The red coat, second day",
            looks=(
                ("The coat", "block", "Red on red. The coat enters before she does."),
                ("Collar", "mono", "Close, quiet, half in shadow."),
            ),
            steps=(
                MODEL_ANSWERS, AGENCY_ANSWERS, PAY, MADE, CHECK, CHOOSE,
                _earned(Who.MODEL, "Your share, in your statement, paid within 45 days. The twin stays yours."),
            ),
        ),
    )
}  # fmt: skip
