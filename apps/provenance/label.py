"""The visible label: small, in a corner, and readable on any picture.

EU AI Act art. 50 and the New York synthetic performer disclosure ask for a label that is seen at first exposure. The
letters stand on a plate made of the picture itself, softened and shifted as far as their contrast needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageStat

from apps.media.fonts import sans

MIN_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
LETTER_SHARE = 0.022  # font size as part of the shorter side
MIN_FONT_PIXELS = 13
WIDEST_SHARE = 0.72
INK = (18, 18, 20)
PAPER = (255, 255, 255)
MID_LUMINANCE = 0.18  # above it dark letters have the better contrast

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Burnt:
    """The labelled picture, where the plate is, and the lowest contrast of the letters on it."""

    picture: Image.Image
    box: Box
    contrast: float


def burn(picture: Image.Image, text: str, corner: str) -> Burnt:
    """A copy of the RGB picture with the label in the corner ("bottom-left" …), at a contrast of 4.5:1 or more."""
    size = max(MIN_FONT_PIXELS, round(min(picture.size) * LETTER_SHARE))
    font = sans(size, weight=500)
    lines = _wrap(text, font, picture.width * WIDEST_SHARE)
    box = _place(picture.size, lines, font, size, corner)
    under = picture.crop(box).filter(ImageFilter.GaussianBlur(size * 0.6))
    letters, ground = _colours(under)
    plate, contrast = _plate(under, letters, ground)
    burnt = picture.copy()
    burnt.paste(plate, box[:2], _rounded(plate.size, radius=size // 3))
    ImageDraw.Draw(burnt).multiline_text(
        ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2),
        "\n".join(lines), font=font, fill=letters, anchor="mm", spacing=size * 0.3,
    )  # fmt: skip
    return Burnt(burnt, box, contrast)


def contrast(one: float, other: float) -> float:
    """WCAG contrast ratio of two relative luminances."""
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Sequence[float]) -> float:
    """WCAG relative luminance, 0 to 1."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _wrap(text: str, font: ImageFont.FreeTypeFont, widest: float) -> list[str]:
    """As few lines as fit; a single word may be wider."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= widest:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _place(picture: tuple[int, int], lines: list[str], font: ImageFont.FreeTypeFont, size: int, corner: str) -> Box:
    width = min(picture[0], round(max(font.getlength(line) for line in lines) + size * 1.4))
    height = min(picture[1], round(len(lines) * size * 1.3 + size * 0.7))
    margin = min(size, (picture[0] - width) // 2, (picture[1] - height) // 2)
    left = margin if corner.endswith("left") else picture[0] - width - margin
    top = margin if corner.startswith("top") else picture[1] - height - margin
    return left, top, left + width, top + height


def _colours(under: Image.Image) -> tuple[Colour, Colour]:
    """Letters and the ground they need: dark on light pictures, light on dark ones."""
    return (INK, PAPER) if luminance(ImageStat.Stat(under).mean) > MID_LUMINANCE else (PAPER, INK)


def _plate(under: Image.Image, letters: Colour, ground: Colour) -> tuple[Image.Image, float]:
    """The softened picture, moved towards the ground just far enough for its worst spot."""
    solid = Image.new("RGB", under.size, ground)
    for percent in range(35, 101, 5):
        plate = Image.blend(under, solid, percent / 100)
        worst = _lowest_contrast(plate, letters)
        if worst >= MIN_CONTRAST:
            break
    return plate, worst


def _lowest_contrast(plate: Image.Image, letters: Colour) -> float:
    spots = plate.resize((max(1, plate.width // 4), max(1, plate.height // 4)), Image.Resampling.BOX)
    colours = spots.getcolors(spots.width * spots.height) or []
    ink = luminance(letters)
    return min(contrast(luminance(colour), ink) for _, colour in colours if isinstance(colour, tuple))


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius, fill=255)
    return mask
