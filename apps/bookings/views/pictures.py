"""Addresses of pictures for the pages of a booking. Which rendition somebody sees follows from who looks."""

from dataclasses import dataclass

from apps.bookings.models import Booking, Look
from apps.bookings.scenes import SCENES
from apps.media.models import StoredFile
from apps.media.signing import signed_url

ONE_HOUR = 3600

# The ground of each drawn set when the brand names no colour of its own.
GROUNDS = {
    "block": "#d8412f",
    "gobo": "#9c5236",
    "mono": "#34312f",
    "beauty": "#5e1a28",
    "prints": "#b5793c",
    "eyewear": "#86b1cf",
    "product": "#b02a2c",
    "location": "#5f7350",
    "stripes": "#c2452f",
    "double": "#cc4a36",
    "collage": "#c8442f",
    "hair": "#d99a2f",
    "arch": "#dba07e",
}
TITLES = {scene.name: scene.title for scene in SCENES}


@dataclass(frozen=True)
class Picture:
    """What an `<img>` needs: two addresses, the drawn size that keeps the page still, its colours until it loads."""

    src: str
    full: str
    width: int
    height: int
    wash: str

    @property
    def srcset(self) -> str:
        return f"{self.src} 640w, {self.full} 1280w"


@dataclass(frozen=True)
class Reference:
    """What the brand shows of one look before anything is made: its product, or the drawn set. Never the twin.

    `more` are the further pictures of the product.
    """

    look: Look
    scene: str
    ground: str
    product: Picture | None
    more: list[Picture]


def clear(file: StoredFile) -> Picture:
    """Without a watermark: for the model, and of released pictures and references."""
    return _picture(file, "w640", "w1280")


def watermarked(file: StoredFile) -> Picture:
    """What a brand sees of a candidate that is not released."""
    return _picture(file, "preview640", "preview1280")


def ground_of(scene: str, colour: str) -> str:
    return colour or GROUNDS[scene]


def references(booking: Booking) -> list[Reference]:
    """One reference per look, in order. Looks come with their products' files."""
    return [reference(look) for look in booking.looks.all()]


def reference(look: Look) -> Reference:
    shown = [clear(row.file) for row in look.products.all()]
    return Reference(
        look=look,
        scene=TITLES[look.scene],
        ground=ground_of(look.scene, look.colour),
        product=shown[0] if shown else None,
        more=shown[1:],
    )


def cover_of(booking: Booking) -> Picture | None:
    """The twin's public cover, as the catalogue shows it."""
    cover = booking.twin.cover
    return clear(cover) if cover and not cover.deleted_at else None


def _picture(file: StoredFile, small: str, large: str) -> Picture:
    return Picture(
        src=signed_url(file, seconds=ONE_HOUR, rendition=small),
        full=signed_url(file, seconds=ONE_HOUR, rendition=large),
        width=file.width or 0,
        height=file.height or 0,
        wash=file.wash,
    )
