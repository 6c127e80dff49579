"""Says how the body lock's figures of the settings judge the pictures at hand, and what they would miss.

For each twin: how far the photographs of its capture set are apart. Over the candidates: how far they are from their
own twin, and how far they would be from every other one: a skin changed as much as another person's.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.generation.bodylock import spread
from apps.generation.models import Candidate
from apps.integrations.faces.colours import Colour, Colours, difference, read_colours
from apps.media.services import read
from apps.twins.models import Photograph

PARTS = ("skin", "hair")


class Command(BaseCommand):
    help = "Measure the body lock's settings over the stored capture sets and candidates."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--candidates", type=int, default=120, help="how many of the newest to read")

    def handle(self, *args: Any, **options: Any) -> None:
        twins = _capture_sets()
        if not twins:
            raise CommandError("there are no capture sets to measure")
        seen = [
            (str(candidate.job.version.twin_id), read_colours(read(candidate.file)))
            for candidate in Candidate.objects.filter(file__deleted_at=None)
            .select_related("file", "job__version")
            .order_by("-created_at")[: options["candidates"]]
        ]
        for part in PARTS:
            self._part(part, {twin: _known(colours, part) for twin, colours in twins.items()}, seen)

    def _part(self, part: str, twins: dict[str, list[Colour]], seen: list[tuple[str, Colours]]) -> None:
        apart = {twin: spread(colours) for twin, colours in twins.items() if len(colours) > 1}
        checkable = {twin for twin, by_light in apart.items() if by_light <= settings.BODY_LOCK_UNRELIABLE}
        self.stdout.write(
            f"{part}: capture sets {len(twins)}, checkable {len(checkable)}, apart {_spread(list(apart.values()))}"
        )
        own: list[float] = []
        other: list[float] = []
        for twin, colours in seen:
            value: Colour | None = getattr(colours, part)
            if value is None:
                continue
            for name in checkable:
                (own if name == twin else other).append(min(difference(value, one) for one in twins[name]))
        limit = settings.BODY_LOCK_LIGHT
        self.stdout.write(
            f"{part}: candidates to their own twin {_spread(own)}, beyond {limit:g}: {_share(own, limit)}"
        )
        self.stdout.write(f"{part}: to another twin {_spread(other)}, beyond {limit:g}: {_share(other, limit)}")


def _capture_sets() -> dict[str, list[Colours]]:
    rows = Photograph.objects.filter(face_vector__used_from__isnull=False, file__deleted_at=None)
    found: dict[str, list[Colours]] = {}
    for photograph in rows.select_related("file", "capture_set"):
        found.setdefault(str(photograph.capture_set.twin_id), []).append(read_colours(read(photograph.file)))
    return found


def _known(colours: Sequence[Colours], part: str) -> list[Colour]:
    return [value for one in colours if (value := getattr(one, part)) is not None]


def _spread(values: list[float]) -> str:
    if not values:
        return "none"
    return "middle {:.1f}, 95 % {:.1f}, most {:.1f}".format(*np.quantile(values, [0.5, 0.95, 1]))


def _share(values: list[float], limit: float) -> str:
    return f"{np.mean(np.array(values) > limit):.0%}" if values else "none"
