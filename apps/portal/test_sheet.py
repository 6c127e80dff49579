"""The test sheet as the model sees it: made, to be approved, and, once approved, to pick a cover from."""

from dataclasses import dataclass
from uuid import UUID

from apps.bookings.scenes import SCENES
from apps.generation.places import Place, Standing, percent_of, places_of
from apps.media.models import StoredFile
from apps.portal.pictures import Picture, picture
from apps.twins.models import TwinVersion
from apps.twins.services import approval_text

TITLES = {scene.name: scene.title for scene in SCENES}
AGAIN_IN = 2  # seconds until the page asks again while pictures are made
MOVING = frozenset({TwinVersion.State.TRAINING, TwinVersion.State.TESTING})


@dataclass(frozen=True)
class SheetPicture:
    """One place of the sheet. `pk` is its candidate's, None as long as there is none."""

    pk: UUID | None
    title: str
    picture: Picture
    being_made: bool
    given_up: bool
    is_cover: bool


@dataclass(frozen=True)
class TestSheet:
    """`again_in` is 0 when nothing moves by itself any more; `text` is what she signs, where she can sign it."""

    version: TwinVersion
    pictures: list[SheetPicture]
    made: int
    percent: int
    rests: bool
    again_in: int
    text: str


def test_sheet(version: TwinVersion, cover: StoredFile | None = None) -> TestSheet:
    """One query. `cover` is the twin's, to mark it."""
    places = places_of(version)
    testing = version.state == TwinVersion.State.TESTING
    return TestSheet(
        version=version,
        pictures=[_picture(place, cover) for place in places],
        made=sum(place.standing == Standing.MADE for place in places),
        percent=percent_of(places),
        rests=testing and not any(place.standing == Standing.RUNNING for place in places),
        again_in=AGAIN_IN if version.state in MOVING else 0,
        text=approval_text(version) if version.state == TwinVersion.State.READY else "",
    )


def _picture(place: Place, cover: StoredFile | None) -> SheetPicture:
    file = place.candidate.file if place.candidate else None
    return SheetPicture(
        pk=place.candidate.pk if place.candidate else None,
        title=TITLES[place.scene],
        picture=picture(file),
        being_made=place.standing == Standing.RUNNING,
        given_up=place.standing == Standing.GIVEN_UP,
        is_cover=file is not None and cover is not None and file.pk == cover.pk,
    )
