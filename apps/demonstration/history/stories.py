"""The bookings of the demonstration as data, oldest first. Nobody here is real, and neither are the brands.

`ago` counts back from the moment of loading to the moment when the brand began to compose. Stories in which money moves
do not overlap, so that every account of the ledger is in order of time by itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from apps.bookings.conditions import UNCONDITIONAL, Conditions


class Ending(StrEnum):
    """Where a booking stands when a visitor comes."""

    DRAFT = "draft"
    UNANSWERED = "unanswered"
    AGENCY_ANSWERED = "agency answered"
    MODEL_ANSWERED = "model answered"
    PROPOSING = "conditions were set, the agency writes a version"
    TO_SIGN = "a version waits for the model's signature"
    COUNTERED = "a counter-offer waits for the brand"
    AGREED = "agreed"
    DECLINED = "declined"
    EXPIRED = "expired without an answer"
    UNPAID = "expired unpaid"
    WITHDRAWN = "cancelled before the payment"
    POSTPONED = "cancelled after the payment"
    RECONSIDERED = "cancelled after a picture was seen"
    UNDELIVERED = "every picture rejected"
    MODEL_LOOKS = "pictures wait for the model"
    BRAND_CHOOSES = "pictures wait for the brand"
    ON_HOLD = "on hold, the twin is paused"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class Shot:
    """One look as an art director writes it down. `product`: the brand sends a picture of its own product with it."""

    title: str
    scene: str
    brief: str
    pictures: int = 1
    format: str = "4:5"
    colour: str = ""
    light: str = ""
    product: bool = False


@dataclass(frozen=True)
class Story:
    """`rejected`: how many pictures she sends back before she is content. `conditions`: what she asks for instead of a yes.
    `given`: what some of the crew get beside the fee, in the minor unit. `short`: also in the short programme, which has
    the models of such stories alone."""

    slug: str
    title: str
    brand: str
    twin: str
    ago: timedelta
    ending: Ending
    shots: tuple[Shot, ...]
    media: tuple[str, ...] = ("ecommerce",)
    territories: tuple[str, ...] = ()  # none: the brand's own country
    months: int = 12
    exclusivity: str = "none"
    category: str = ""  # none: the brand's own
    rejected: int = 0
    conditions: Conditions = UNCONDITIONAL
    given: tuple[tuple[str, int], ...] = ()
    short: bool = False


def days(number: float) -> timedelta:
    return timedelta(days=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


# One shot a line reads better than the formatter's columns.
# ruff: noqa: E501
PAST = (
    Story("undyed-wool", "Undyed wool", "halden-rye", "maya-okafor", days(209), Ending.DELIVERED, (
        Shot("The big cardigan", "gobo", "Wool as it leaves the sheep. Morning light through one window, nothing on the walls."),
    ), category="knitwear", months=24),
    Story("forty-looks-good", "Forty looks good", "maison-orsay", "ines-moreau", days(190), Ending.DELIVERED, (
        Shot("Portrait, no smile", "mono", "The jacket sits, she does not perform. Black and white, one lamp.", light="left"),
    ), media=("own", "ecommerce")),
    Story("the-summer-file", "The summer file", "vesna", "leila-hart", days(172), Ending.DELIVERED, (
        Shot("Noon", "hair", "High sun, hair tied, the frame drawn in one line across the face.", format="1:1"),
    ), media=("own", "paid_social"), months=6),
    Story("workwear-in-steel", "Workwear in steel", "halden-rye", "anjali-rao", days(159), Ending.DECLINED, (
        Shot("Shipyard", "block", "Grey on grey, a rivet for company."),
    )),
    Story("paper-and-poplin", "Paper and poplin", "maison-orsay", "maya-okafor", days(158), Ending.DELIVERED, (
        Shot("Folded", "mono", "A white shirt as if cut from paper. Edges, no softness.", light="right"),
    ), media=("ecommerce", "paid_social"), months=6),
    Story("the-red-room", "The red room", "maison-orsay", "noor-adel", days(152), Ending.DELIVERED, (
        Shot("Dress, standing", "block", "One red: wall, floor, dress. The shadow is the second figure.", colour="#a3122b"),
    ), media=("ecommerce", "paid_social"), months=3, territories=("FR", "BE", "LU")),
    Story("coats-for-the-ferry", "Coats for the ferry", "halden-rye", "kai-lindgren", days(133), Ending.DELIVERED, (
        Shot("On land", "location", "Late sun between trees, collar up. He has just missed the boat."),
        Shot("Collar", "mono", "Wet hair, dry coat.", format="1:1"),
    ), territories=("DE", "DK", "SE"), category="outerwear", rejected=1),
    Story("reading-frames", "Reading frames", "vesna", "yasmin-duarte", days(118), Ending.DELIVERED, (
        Shot("Page forty", "mono", "She looks up from a book that we do not see.", light="right"),
    ), media=("own",)),
    Story("spring-tailoring", "Spring tailoring", "maison-orsay", "maya-okafor", days(104), Ending.DELIVERED, (
        Shot("Shoulders first", "arch", "One colour from head to floor, a shade warmer behind her."),
    ), media=("ecommerce", "own")),
    Story("a-beard-and-a-shirt", "A beard and a shirt", "halden-rye", "rafael-nadir", days(90), Ending.DELIVERED, (
        Shot("Poplin", "mono", "White shirt, open collar. The beard needs no direction."),
    ), media=("ecommerce", "multi_retailer")),
    Story("mirror-lenses", "Mirror lenses", "vesna", "noor-adel", days(83), Ending.EXPIRED, (
        Shot("Double sun", "block", "Two suns in two lenses, both of them ours."),
    ), media=("paid_social",)),
    Story("gold-quiet", "Gold, quiet", "maison-orsay", "anjali-rao", days(76), Ending.DELIVERED, (
        Shot("One chain", "hair", "Hair back, neck free. The gold is warmer than the wall.", colour="#8a6a3a"),
    ), category="jewellery", media=("own", "paid_social"), territories=("FR", "IT", "ES")),
    Story("denim-postponed", "Denim, first wash", "halden-rye", "ines-moreau", days(64), Ending.POSTPONED, (
        Shot("Raw", "gobo", "Dark denim against pale plaster. The seams are the drawing."),
    ), category="denim"),
    Story("rain-shell", "Rain shell", "halden-rye", "leila-hart", days(55), Ending.DELIVERED, (
        Shot("Before the rain", "hair", "Hood down, hair up, a sky that means it.", colour="#5d6f7c", format="9:16"),
    ), category="outerwear", media=("ecommerce", "paid_social")),
    Story("first-frost", "First frost", "vesna", "maya-okafor", days(50), Ending.DELIVERED, (
        Shot("Breath", "hair", "Cold light, warm skin, the frame as thin as ice.", colour="#9fb4c4"),
    ), media=("own",)),
    Story("round-frames", "Round frames", "vesna", "mateo-silva", days(46), Ending.UNDELIVERED, (
        Shot("Curls and circles", "mono", "Curls, circles, nothing straight in the picture."),
    ), media=("own",)),
    Story("the-suit", "The suit, and no other", "maison-orsay", "mateo-silva", days(38), Ending.DELIVERED, (
        Shot("Door frame", "gobo", "Afternoon light in bars across the jacket. He is on his way out.", light="left"),
    ), media=("ecommerce", "own"), territories=("FR", "DE", "IT"), exclusivity="category", given=(("Odile Marchetti", 60_000), ("Tomás Varga", 24_000)), short=True),
    Story("velvet-reconsidered", "Velvet, in the dark", "maison-orsay", "noor-adel", days(30), Ending.RECONSIDERED, (
        Shot("Midnight", "mono", "Black velvet on black. Only the edge is lit."),
    )),
    Story("thin-metal", "Thin metal", "vesna", "anjali-rao", days(24), Ending.DELIVERED, (
        Shot("Wire", "mono", "A line of metal, a line of brow.", format="1:1", light="left"),
        Shot("Acetate for once", "product", "The exception in the range: tortoiseshell, on a plinth like a small building.", format="1:1", colour="#8fa39a", product=True),
    ), media=("own", "ecommerce"), territories=("SE", "DK", "NO", "FI")),
    Story("sun-filtered", "Sun, filtered", "vesna", "kai-lindgren", days(20), Ending.UNPAID, (
        Shot("Low sun", "location", "Sun in the lens, squint allowed."),
    ), media=("paid_social",)),
    Story("knitwear-pages", "Knitwear, product pages", "halden-rye", "maya-okafor", days(17), Ending.DELIVERED, (
        Shot("Front", "gobo", "Undyed wool. Window light, nothing on the walls."),
        Shot("Rib, close", "hair", "The collar and what it does to her jaw.", format="1:1", colour="#b7a78c"),
    ), category="knitwear"),
    Story("raincoat-in-brittany", "A raincoat in Brittany", "maison-orsay", "kai-lindgren", days(12), Ending.WITHDRAWN, (
        Shot("Jetty", "location", "Low clouds, yellow coat.", format="16:9"),
    ), category="outerwear"),
    Story("after-eight", "After eight", "maison-orsay", "noor-adel", days(8), Ending.DELIVERED, (
        Shot("Arriving", "block", "Ivory on bottle green, hard light from the left.", colour="#1e4033", light="left"),
        Shot("Leaving", "mono", "The same dress, four hours later.", light="right"),
        Shot("What she carried", "product", "The bag in front, she behind it. Oxblood, brass, low light.", colour="#3a2024", light="left", product=True),
    ), media=("ecommerce", "own", "paid_social"), months=6),
)  # fmt: skip
NOW = (
    Story("shirts-pressed-once", "Shirts, pressed once", "halden-rye", "rafael-nadir", days(4), Ending.ON_HOLD, (
        Shot("Blue stripe", "mono", "Sleeves up. The iron is still warm."),
    )),
    Story("read-slowly", "Read slowly", "vesna", "ines-moreau", hours(64), Ending.UNANSWERED, (
        Shot("Chapter one", "eyewear", "A woman who finishes books. Warm light, no hurry.", pictures=2, format="1:1", product=True),
        Shot("Chapter two", "mono", "The frame comes off; she keeps thinking.", pictures=2),
    ), media=("own", "ecommerce"), territories=("SE", "FR")),
    Story("red-coat", "The red coat", "maison-orsay", "noor-adel", hours(61), Ending.AGENCY_ANSWERED, (
        Shot("Entrance", "block", "The coat enters before she does. Red on red, hard light.", pictures=4, colour="#b3122a"),
        Shot("At the window", "gobo", "She waits; the coat does not.", pictures=2),
    ), media=("paid_social", "ecommerce"), months=6, short=True),
    Story("slate-wool", "Slate wool", "halden-rye", "anjali-rao", hours(57), Ending.COUNTERED, (
        Shot("Slate", "mono", "One grey, four weights. She stands as if the coat held her up.", pictures=3),
        Shot("Lapel", "hair", "The lapel and the line of the jaw.", pictures=2, format="1:1"),
    ), category="outerwear", media=("ecommerce", "paid_social", "out_of_home"), territories=("DE", "AT"),
        conditions=Conditions(longest_window_months=6, media=("ecommerce", "paid_social")), short=True),
    Story("frames-summer", "Frames, summer", "vesna", "leila-hart", hours(53), Ending.MODEL_LOOKS, (
        Shot("High sun", "hair", "High sun. The frame is the only accessory.", pictures=2),
    ), media=("own",)),
    Story("cream-on-cream", "Cream on cream", "maison-orsay", "maya-okafor", hours(50), Ending.AGENCY_ANSWERED, (
        Shot("Standing", "arch", "Cream before cream; only the cut tells them apart.", pictures=3, colour="#dccdb4"),
        Shot("With the bag", "product", "Cream all over. The bag has the only colour and knows it.", pictures=2, colour="#cdb79a", light="right", product=True),
    ), media=("ecommerce", "own"), territories=("FR", "BE"), short=True),
    Story("three-days-away", "Three days away", "halden-rye", "kai-lindgren", hours(46), Ending.BRAND_CHOOSES, (
        Shot("Packed light", "gobo", "One bag, one jacket, no plan.", light="right", product=True),
        Shot("Portrait for the lookbook", "mono", "The jacket alone, cropped at the chest.", format="1:1"),
    ), media=("ecommerce", "paid_social")),
    Story("two-buttons", "Two buttons", "maison-orsay", "maya-okafor", hours(43), Ending.TO_SIGN, (
        Shot("Buttoned", "arch", "A jacket with two buttons and one opinion.", pictures=4),
        Shot("Open", "gobo", "The same jacket, the day after.", pictures=3, light="left"),
    ), media=("ecommerce", "own"), territories=("FR", "BE", "LU"),
        conditions=Conditions(media=("ecommerce",), most_pictures=5), short=True),
    Story("pleats-in-motion", "Pleats in motion", "maison-orsay", "anjali-rao", hours(40), Ending.AGREED, (
        Shot("Turn", "double", "Two moments of one turn.", pictures=3),
        Shot("Stand", "arch", "Stillness, tone on tone.", pictures=3),
    ), media=("ecommerce", "own"), territories=("FR", "IT"), short=True),
    Story("winter-running", "Winter running", "halden-rye", "leila-hart", hours(30), Ending.MODEL_ANSWERED, (
        Shot("Before six", "location", "Breath in the air, one lamp behind her.", pictures=4, format="16:9"),
    ), category="sportswear", media=("ecommerce", "paid_social", "out_of_home")),
    Story("first-light", "First light", "halden-rye", "maya-okafor", hours(28), Ending.PROPOSING, (
        Shot("Half past five", "gobo", "Before the kettle. Undyed cotton, one window.", pictures=3),
        Shot("Sleeve", "mono", "The sleeve is the portrait.", pictures=2),
    ), category="knitwear", media=("ecommerce", "paid_social"), territories=("DE", "DK", "SE"), months=24,
        conditions=Conditions(longest_window_months=12, territories=("DE", "DK"), note="Two years is too long for one face."), short=True),
    Story("night-train", "Night train to Berlin", "maison-orsay", "kai-lindgren", hours(26), Ending.UNANSWERED, (
        Shot("Platform", "gobo", "Light through a blind that somebody forgot to close.", pictures=4, light="left"),
    ), media=("ecommerce", "paid_social"), territories=("FR", "DE"), months=6),
    Story("linen-essentials", "Linen, essentials", "halden-rye", "maya-okafor", hours(20), Ending.UNANSWERED, (
        Shot("Ordinary light", "gobo", "Ordinary light, ordinary clothes, nothing ordinary.", pictures=4),
    ), short=True),
    Story("sunday-frames", "Sunday frames", "vesna", "yasmin-duarte", hours(9), Ending.UNANSWERED, (
        Shot("Second coffee", "eyewear", "She has nowhere to be. Neither has the light.", pictures=3, format="1:1", product=True),
    ), media=("own", "paid_social"), territories=("SE", "DE")),
    Story("evening-gold", "Evening, gold", "maison-orsay", "anjali-rao", hours(6), Ending.DRAFT, (
        Shot("No jewellery yet", "double", "Gold, no jewellery yet; samples on Thursday.", pictures=4),
    ), short=True),
    Story("silk-first-layer", "Silk, the first layer", "maison-orsay", "noor-adel", hours(3), Ending.DRAFT, (
        Shot("Slip", "arch", "Silk that nobody sees, cut as if everybody did.", pictures=3, colour="#d8c3b4"),
    ), category="lingerie", short=True),
)  # fmt: skip
STORIES = PAST + NOW
