"""The house's sans serif for letters inside pictures: the same file that the pages use."""

from django.contrib.staticfiles import finders
from PIL import ImageFont

FILE = "fonts/instrument-sans-latin-wght-normal.woff2"


def sans(size: int, *, weight: int) -> ImageFont.FreeTypeFont:
    """A font object of the caller's own: FreeType faces are not shared between threads. `weight` is 400 to 700."""
    found = finders.find(FILE)
    if found is None:
        raise FileNotFoundError(FILE)
    font = ImageFont.truetype(found, size)
    font.set_variation_by_axes([weight])
    return font
