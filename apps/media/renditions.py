"""Smaller WebP pictures, made once: plain ones of released pictures, watermarked ones of those not yet released."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from PIL import Image

from apps.common.errors import InvalidInput
from apps.media import contents, storage
from apps.media.models import Rendition, StoredFile
from apps.media.watermark import watermark

CONTENT_TYPE = "image/webp"
QUALITY = 82


@dataclass(frozen=True)
class Recipe:
    """`width` is the largest width in pixels; a smaller picture keeps its own."""

    width: int
    watermarked: bool = False


RECIPES = {
    "w320": Recipe(320),
    "w640": Recipe(640),
    "w1280": Recipe(1280),
    "preview640": Recipe(640, watermarked=True),
    "preview1280": Recipe(1280, watermarked=True),
}
MADE_AHEAD = ("w320", "w640", "w1280")


def rendition(file: StoredFile, name: str) -> Rendition:
    """The named rendition, made now if it does not exist.

    Raises InvalidInput for an unknown name or a file that is no picture, contents.Gone after deletion.
    """
    if name not in RECIPES or not file.is_picture:
        raise InvalidInput(f"There is no rendition {name!r} of this file.")
    return file.renditions.filter(name=name).first() or _make(file, name, contents.original(file))


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
    if recipe.watermarked:
        picture = watermark(picture)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=4)
    return out.getvalue(), picture.size


def _object_id(file: StoredFile, name: str) -> str:
    return f"{file.id}:{name}"
