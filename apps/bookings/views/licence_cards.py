"""A licence as its pages show it: standing, pictures with the files that may be taken, labels, placements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from string import Template
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone

from apps.bookings.labels import Label, label_of
from apps.bookings.models import Booking, Deliverable, LabelChoice, Licence, LicencePack, Placement, TakedownNotice
from apps.bookings.services.placing import price_of
from apps.bookings.views.pictures import Picture, clear
from apps.common.territories import country_name
from apps.common.vocabulary import Medium
from apps.pricing.amounts import Amounts

if TYPE_CHECKING:
    from django.db.models import QuerySet

SOON = timedelta(days=30)
BEYOND = {
    "medium": "another channel",
    "territory": "another country",
    "early": "before its first day",
    "late": "after its last day",
}


@dataclass(frozen=True)
class LabelledFile:
    label: Label
    deliverable: Deliverable


@dataclass(frozen=True)
class LicensedPicture:
    """One picture, shown in its first file; `files` are those whose label was chosen."""

    deliverable: Deliverable
    picture: Picture
    files: list[LabelledFile]


@dataclass(frozen=True)
class LicenceCard:
    """One licence with its pictures. `standing` is active, soon, future, expired, renewed, revoked or suspended."""

    licence: Licence
    standing: str
    media: list[str]
    pictures: list[LicensedPicture]
    labelled: bool

    @property
    def runs(self) -> bool:
        return self.standing in {"active", "soon"}

    @property
    def renewable(self) -> bool:
        return self.standing in {"active", "soon", "expired"} and not self.licence.cut_on


@dataclass(frozen=True)
class LabelRow:
    """One market that was chosen: what its law asks, and how many of the pictures have the file by now."""

    label: Label
    where: str
    channel: str
    caption: str
    ready: int
    total: int


@dataclass(frozen=True)
class PlacementRow:
    placement: Placement
    countries: str
    beyond: str
    price: Amounts | None
    asks_for_statement: bool


@dataclass(frozen=True)
class Packable:
    """One chosen label and the archive of its files, if one was asked for."""

    label: str
    name: str
    pack: LicencePack | None


def card_of(booking: Booking) -> LicenceCard | None:
    """The licence of a delivered booking with its pictures; None before delivery."""
    licence = with_pictures(Licence.objects.filter(booking=booking, booking__delivered_at__isnull=False)).first()
    return whole_card(licence, timezone.now().date()) if licence else None


def with_pictures(licences: "QuerySet[Licence]") -> "QuerySet[Licence]":
    """Everything of a card: five queries, whatever the rows."""
    files = Deliverable.objects.select_related("file", "review__look").order_by(
        "review__look__position", "review__created_at", "created_at"
    )
    objections = Prefetch("takedowns", TakedownNotice.objects.suspending(), to_attr="suspending")
    return licences.select_related("booking", "brand", "twin__talent").prefetch_related(
        Prefetch("deliverables", files), "label_choices", objections
    )


def whole_card(licence: Licence, today: date) -> LicenceCard:
    chosen = {choice.label for choice in licence.label_choices.all()}
    by_picture: dict[object, list[Deliverable]] = {}
    for deliverable in licence.deliverables.all():
        by_picture.setdefault(deliverable.review_id, []).append(deliverable)
    return LicenceCard(
        licence=licence,
        standing=_standing(licence, today),
        media=[str(Medium(medium).label) for medium in licence.media],
        pictures=[
            LicensedPicture(
                files[0],
                clear(files[0].file),
                [LabelledFile(label_of(file.label), file) for file in files if file.label in chosen],
            )
            for files in by_picture.values()
        ],
        labelled=bool(chosen),
    )


def label_rows(licence: Licence, site: str) -> list[LabelRow]:
    pictures = {deliverable.review_id for deliverable in licence.deliverables.all()}
    return [_label_row(licence, choice, len(pictures), site) for choice in licence.label_choices.all()]


def packable(licence: Licence) -> list[Packable]:
    packs = {pack.label: pack for pack in licence.packs.exclude(state=LicencePack.State.DELETED).order_by("created_at")}
    chosen = dict.fromkeys(choice.label for choice in licence.label_choices.all())
    return [Packable(code, label_of(code).text, packs.get(code)) for code in chosen]


def is_packing(rows: list[Packable]) -> bool:
    """The page asks again until all are packed."""
    return any(row.pack is not None and row.pack.state == LicencePack.State.MAKING for row in rows)


def placement_rows(licence: Licence, placements: Iterable[Placement], today: date) -> list[PlacementRow]:
    ended = licence.state in (Licence.State.EXPIRED, Licence.State.REVOKED)
    return [
        PlacementRow(
            placement=row,
            countries=", ".join(country_name(code) for code in row.territories),
            beyond=", ".join(BEYOND[code] for code in row.beyond),
            price=price_of(row) if row.is_over_use else None,
            asks_for_statement=ended and row.stated_at is None,
        )
        for row in placements
    ]


def _label_row(licence: Licence, choice: LabelChoice, total: int, site: str) -> LabelRow:
    label = label_of(choice.label)
    words = Template(label.caption).substitute(
        model=licence.twin.talent.stage_name,
        code=licence.code,
        url=site.rstrip("/") + reverse("licence", args=[licence.code]),
    )
    return LabelRow(
        label=label,
        where=country_name(choice.territory),
        channel=str(Medium(choice.channel).label),
        caption=words,
        ready=sum(deliverable.label == choice.label for deliverable in licence.deliverables.all()),
        total=total,
    )


def _standing(licence: Licence, today: date) -> str:
    """Needs `with_pictures` for its objections."""
    if licence.state == Licence.State.REVOKED:
        return "revoked"
    if licence.state == Licence.State.RENEWED:
        return "renewed"
    if licence.state == Licence.State.EXPIRED or licence.last_day < today:
        return "expired"
    if getattr(licence, "suspending", []):
        return "suspended"
    if licence.starts_on > today:
        return "future"
    return "soon" if licence.last_day - today <= SOON else "active"
