"""The watermark of what is not released, or shown by a link: repeated so that no useful crop is free of it, and faint
enough to look past."""

from functools import lru_cache

from PIL import Image, ImageDraw

from apps.media.fonts import sans

NOT_RELEASED = "Double preview · not released"
SHARED = "Double · shared by link"
ANGLE = 24
INK_ALPHA = 82  # of 255, on the letters
HALO_ALPHA = 46  # the dark edge that keeps white letters readable on white cloth


def watermark(picture: Image.Image, text: str = NOT_RELEASED) -> Image.Image:
    """The same picture in RGB with the tiled text over it."""
    over = _layer(picture.size, text)
    under = picture.convert("RGBA")
    return Image.alpha_composite(under, over).convert("RGB")


@lru_cache(maxsize=16)
def _layer(size: tuple[int, int], text: str) -> Image.Image:
    width, height = size
    tile = _tile(max(11, width // 46), text)
    diagonal = int((width**2 + height**2) ** 0.5) + tile.width
    field = Image.new("RGBA", (diagonal, diagonal))
    for row, top in enumerate(range(0, diagonal, tile.height)):
        shift = (row % 2) * tile.width // 2
        for left in range(-shift, diagonal, tile.width):
            field.paste(tile, (left, top))
    turned = field.rotate(ANGLE, Image.Resampling.BICUBIC)
    left, top = (diagonal - width) // 2, (diagonal - height) // 2
    return turned.crop((left, top, left + width, top + height))


def _tile(letter_height: int, text: str) -> Image.Image:
    font = sans(letter_height, weight=500)
    left, top, right, bottom = (int(edge) for edge in font.getbbox(text))
    tile = Image.new("RGBA", (right - left + letter_height * 5, (bottom - top) * 6))
    ImageDraw.Draw(tile).text(
        (letter_height * 2 - left, (bottom - top) * 2 - top),
        text,
        font=font,
        fill=(255, 255, 255, INK_ALPHA),
        stroke_width=max(1, letter_height // 14),
        stroke_fill=(16, 16, 18, HALO_ALPHA),
    )
    return tile
