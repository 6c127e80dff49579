"""Smaller pictures, made once: plain ones of released pictures, watermarked ones of those not yet released
or shown by a link.

Every rendition exists as WebP. The plain ones get an AVIF beside it, a quarter smaller and four times the work, once
somebody has looked at them.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from PIL import Image

from apps.common.errors import InvalidInput
from apps.media import contents, storage
from apps.media.models import Rendition, StoredFile
from apps.media.watermark import NOT_RELEASED, SHARED, watermark

WEBP, AVIF = "image/webp", "image/avif"
# AVIF at this speed takes 0.05, 0.15 and 0.5 s of one core for the three widths; two steps slower three times that.
SAVING: dict[str, dict[str, Any]] = {
    WEBP: {"format": "WEBP", "quality": 82, "method": 4},
    AVIF: {"format": "AVIF", "quality": 55, "speed": 8, "max_threads": 1},
}


@dataclass(frozen=True)
class Recipe:
    """`width` is the largest width in pixels; a smaller picture keeps its own. `mark` is written all over it."""

    width: int
    mark: str = ""
    content_type: str = WEBP


RECIPES = {
    "w320": Recipe(320),
    "w640": Recipe(640),
    "w1280": Recipe(1280),
    "preview640": Recipe(640, mark=NOT_RELEASED),
    "preview1280": Recipe(1280, mark=NOT_RELEASED),
    "shared640": Recipe(640, mark=SHARED),
    "w320-avif": Recipe(320, content_type=AVIF),
    "w640-avif": Recipe(640, content_type=AVIF),
    "w1280-avif": Recipe(1280, content_type=AVIF),
}
MADE_AHEAD = ("w320", "w640", "w1280")
FOR_LINKS = ("shared640",)
AS_AVIF = {name: f"{name}-avif" for name in MADE_AHEAD}


def rendition(file: StoredFile, name: str) -> Rendition:
    """The named rendition, made now if it does not exist.

    Raises InvalidInput for an unknown name or a file that is no picture, contents.Gone after deletion.
    """
    if name not in RECIPES or not file.is_picture:
        raise InvalidInput(f"There is no rendition {name!r} of this file.")
    return file.renditions.filter(name=name).first() or _make(file, name, contents.original(file))


def best_rendition(file: StoredFile, name: str) -> Rendition:
    """The AVIF beside the named rendition if there is one by now, else that one, made now if need be.

    Raises as `rendition` does.
    """
    there = {made.name: made for made in file.renditions.filter(name__in=[name, AS_AVIF.get(name, name)])}
    return there.get(AS_AVIF.get(name, "")) or there.get(name) or rendition(file, name)


def make_all(file: StoredFile, names: Iterable[str]) -> None:
    """The missing ones of these renditions, with one reading of the original."""
    missing = set(names) - set(file.renditions.values_list("name", flat=True))
    original = contents.original(file) if missing else b""
    for name in missing:
        _make(file, name, original)


def read_rendition(made: Rendition) -> bytes:
    return contents.fetch(made.storage_name, twin_ref=made.file.twin_ref, object_id=_object_id(made.file, made.name))


def _make(file: StoredFile, name: str, original: bytes) -> Rendition:
    """Two makers at once: the unique constraint lets one row in, the other's bytes are taken back."""
    data, (width, height) = _draw(original, RECIPES[name])
    path = f"renditions/{file.id.hex[:2]}/{file.id.hex}-{name}"
    kept_as = contents.keep(data, name=path, twin_ref=file.twin_ref, object_id=_object_id(file, name))
    row = Rendition(file=file, name=name, width=width, height=height, size=len(data), storage_name=kept_as)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        storage.delete_bytes(kept_as)
        return file.renditions.get(name=name)
    return row


def _draw(original: bytes, recipe: Recipe) -> tuple[bytes, tuple[int, int]]:
    with Image.open(io.BytesIO(original)) as opened:
        opened.draft("RGB", (recipe.width, recipe.width))
        picture = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    if picture.width > recipe.width:
        height = max(1, round(picture.height * recipe.width / picture.width))
        picture = picture.resize((recipe.width, height), Image.Resampling.LANCZOS)
    if recipe.mark:
        picture = watermark(picture, recipe.mark)
    out = io.BytesIO()
    picture.save(out, **SAVING[recipe.content_type])
    return out.getvalue(), picture.size


def _object_id(file: StoredFile, name: str) -> str:
    return f"{file.id}:{name}"
