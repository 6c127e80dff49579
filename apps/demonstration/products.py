"""Products of the demonstration's brands: a bag, a frame and a holdall that nobody sells.

Each is drawn here as a cut-out with a transparent ground, as a brand would upload one of its own.
"""

import io
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

Array = NDArray[np.float32]
Colour = tuple[float, float, float]
Outline = Callable[[ImageDraw.ImageDraw], object]
FINER = 3  # outlines are drawn so many times larger, then scaled down

OXBLOOD, GOLD, OLIVE, HIDE = (0.36, 0.075, 0.085), (0.88, 0.70, 0.40), (0.40, 0.41, 0.30), (0.50, 0.30, 0.15)
THREAD = (196, 120, 104, 190)


class Cloth:
    """One picture under way: masks to paint through, and columns from -1 to 1 and rows from 0 to 1 to shade with."""

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self.image = Image.new("RGBA", self.size, (0, 0, 0, 0))
        self.x = np.linspace(-1, 1, width, dtype=np.float32)[None].repeat(height, 0)
        self.y = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)

    def mask(self, *outlines: Outline) -> Image.Image:
        large = Image.new("L", (self.size[0] * FINER, self.size[1] * FINER), 0)
        pen = ImageDraw.Draw(large)
        for outline in outlines:
            outline(pen)
        return large.resize(self.size, Image.Resampling.LANCZOS)

    def grain(self, coarse: float, seed: int) -> Array:
        """Noise of unit spread whose grains are about `coarse` pixels."""
        noise = np.random.default_rng(seed).standard_normal(self.x.shape).astype(np.float32)
        soft = cv2.GaussianBlur(noise, (0, 0), coarse)
        return np.asarray(soft / soft.std(), np.float32)

    def paint(self, colour: Colour | Array, light: Array, through: Image.Image) -> None:
        rgb = np.clip(np.asarray(colour, np.float32) * light[..., None], 0, 1)
        self.image.paste(Image.fromarray((rgb * 255).astype(np.uint8), "RGB"), (0, 0), through)

    def shadow(self, of: Image.Image, dx: int, dy: int, soft: float, strength: float) -> None:
        """Falls only on what is painted already."""
        fallen = ImageChops.offset(of, dx, dy).filter(ImageFilter.GaussianBlur(soft)).point(lambda v: int(v * strength))
        dark = Image.new("RGBA", self.size, (16, 6, 4, 0))
        dark.putalpha(ImageChops.multiply(fallen, self.image.getchannel("A")))
        self.image.alpha_composite(dark)

    def png(self) -> bytes:
        file = io.BytesIO()
        self.image.save(file, "PNG")
        return file.getvalue()


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> Outline:
    corners = tuple(v * FINER for v in (left, top, right, bottom))
    return lambda pen: pen.rounded_rectangle(corners, radius=radius * FINER, fill=255)


def shape(*points: tuple[float, float]) -> Outline:
    return lambda pen: pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=255)


def bow(left: float, top: float, right: float, bottom: float, thick: float) -> Outline:
    corners = tuple(v * FINER for v in (left, top, right, bottom))
    return lambda pen: pen.arc(corners, 180, 360, fill=255, width=int(thick * FINER))


def ring(x: float, y: float, wide: float, tall: float, thick: float) -> Outline:
    corners = tuple(v * FINER for v in (x - wide, y - tall, x + wide, y + tall))
    return lambda pen: pen.ellipse(corners, outline=255, width=int(thick * FINER))


def rounded(mask: Image.Image, strength: float) -> Array:
    """The light on something thick with this outline, lit from the upper left."""
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(8)), np.float32) / 255
    down = np.roll(soft, 6, axis=0) - np.roll(soft, -6, axis=0)
    right = np.roll(soft, 6, axis=1) - np.roll(soft, -6, axis=1)
    return np.asarray(0.95 - strength * down - 0.7 * strength * right, np.float32)


def bag() -> bytes:
    """A structured bag in oxblood leather with a flap and a turn lock."""
    cloth = Cloth(900, 900)
    x, y = cloth.x, cloth.y
    skin = 1 + 0.028 * cloth.grain(2.2, 1) + 0.02 * cloth.grain(6, 2)
    handle = cloth.mask(bow(262, 60, 638, 700, 30))
    body = cloth.mask(
        shape((150, 360), (750, 360), (812, 815), (88, 815)), box(86, 770, 814, 860, 42), box(140, 330, 760, 440, 36)
    )
    flap = cloth.mask(
        box(128, 322, 772, 470, 38), shape((131, 430), (769, 430), (700, 600), (200, 600)), box(190, 540, 710, 632, 46)
    )
    lock = cloth.mask(box(406, 560, 494, 668, 14), ring(277, 371, 26, 33, 10), ring(623, 371, 26, 33, 10))
    cloth.paint(OXBLOOD, rounded(handle, 1.0) * skin, handle)
    cloth.paint(OXBLOOD, (1.22 - 0.26 * (x + 0.35) ** 2 - 0.34 * np.clip((y - 0.55) / 0.45, 0, 1) ** 1.5) * skin, body)
    cloth.shadow(flap, -4, 26, 22, 0.6)
    bend = 0.42 * np.exp(-(((y - 0.385) / 0.035) ** 2))
    cloth.paint(OXBLOOD, (1.14 - 0.22 * (x + 0.3) ** 2 + bend) * skin, flap)
    seams = [[(146, 372), (146, 448), (206, 562)], [(754, 372), (754, 448), (694, 562)], [(232, 613), (668, 613)]]
    cloth.image.alpha_composite(_stitched(cloth.size, seams))
    cloth.shadow(lock, 4, 9, 6, 0.6)
    cloth.paint(GOLD, 0.62 + 0.5 * np.exp(-(((x + 0.03) / 0.04) ** 2)) + 0.04 * cloth.grain(1.2, 3), lock)
    turn = cloth.mask(box(432, 590, 468, 640, 17))
    cloth.shadow(turn, 2, 4, 3, 0.5)
    cloth.paint(GOLD, 0.85 + 0.5 * np.exp(-(((x + 0.02) / 0.02) ** 2)), turn)
    return cloth.png()


def frame() -> bytes:
    """An acetate frame in tortoiseshell, from the front."""
    cloth = Cloth(1100, 380)
    left, right = box(70, 40, 510, 360, 150), box(590, 40, 1030, 360, 150)
    lugs = [shape((80, 120), (36, 82), (60, 52), (150, 66)), shape((1020, 120), (1064, 82), (1040, 52), (950, 66))]
    glasses = cloth.mask(box(114, 80, 466, 322, 118), box(634, 80, 986, 322, 118))
    nose = cloth.mask(lambda pen: pen.ellipse(tuple(v * FINER for v in (506, 146, 594, 250)), fill=255))
    whole = cloth.mask(left, right, box(470, 96, 630, 170, 36), *lugs)
    front = ImageChops.subtract(ImageChops.subtract(whole, glasses), nose)
    slant = cloth.x * 1.1 - cloth.y * 0.35
    gleam = np.exp(-(((slant + 0.72) / 0.07) ** 2)) + np.exp(-(((slant - 0.30) / 0.07) ** 2))
    lens = Image.new("RGBA", cloth.size, (206, 220, 214, 0))
    veil = Image.fromarray(((0.13 + 0.35 * gleam) * 255).astype(np.uint8), "L")
    lens.putalpha(ImageChops.multiply(veil, glasses))
    cloth.image.alpha_composite(lens)
    spots = 0.5 + 0.5 * np.tanh(1.4 * cloth.grain(13, 7) + 0.4 * cloth.grain(4, 8))
    shell = np.stack([0.16 + 0.50 * spots, 0.075 + 0.25 * spots, 0.03 + 0.065 * spots], -1)
    light = rounded(front, 1.1)
    cloth.paint(shell + 0.5 * np.clip(light - 1.3, 0, 1)[..., None], light, front)
    pins = cloth.mask(*(box(at, 82, at + 13, 95, 6) for at in (78, 98, 990, 1010)))
    cloth.paint((0.84, 0.78, 0.66), np.ones_like(cloth.x), pins)
    return cloth.png()


def holdall() -> bytes:
    """A canvas holdall on a leather base, with leather grips."""
    cloth = Cloth(1000, 760)
    x, y = cloth.x, cloth.y
    threads = np.sin(np.arange(1000) * 1.9)[None] * np.sin(np.arange(760) * 1.9)[:, None]
    canvas = 1 + 0.035 * threads.astype(np.float32) + 0.03 * cloth.grain(1.0, 11) + 0.04 * cloth.grain(40, 12)
    leather = 1 + 0.04 * cloth.grain(3, 14)
    swell = 1.25 - 0.5 * np.abs(x + 0.15) ** 2.2 + 0.25 * np.exp(-(((y - 0.46) / 0.07) ** 2))
    swell = swell - 0.45 * np.clip((y - 0.6) / 0.4, 0, 1)
    body = cloth.mask(box(60, 300, 940, 735, 120), box(60, 500, 940, 738, 54))
    straps = ImageChops.multiply(cloth.mask(box(300, 300, 340, 740), box(660, 300, 700, 740)), body)
    grip = cloth.mask(bow(300, 70, 700, 640, 34))
    cloth.paint(HIDE, np.full_like(x, 0.5), ImageChops.offset(grip, 22, -16))
    cloth.paint(OLIVE, swell * canvas, body)
    cloth.shadow(cloth.mask(box(130, 312, 870, 322)), 0, 6, 4, 0.5)
    cloth.paint(HIDE, (swell + 0.1) * leather, ImageChops.multiply(cloth.mask(box(60, 650, 940, 740)), body))
    cloth.shadow(ImageChops.lighter(straps, grip), 8, 10, 8, 0.5)
    cloth.paint(HIDE, (swell + 0.06) * leather, straps)
    cloth.paint(HIDE, rounded(grip, 1.1) * leather, grip)
    rivets = cloth.mask(*(box(at + 12, row, at + 28, row + 16, 8) for at in (300, 660) for row in (352, 660)))
    cloth.paint(GOLD, np.full_like(x, 0.85), rivets)
    return cloth.png()


def _stitched(size: tuple[int, int], seams: Sequence[Sequence[tuple[float, float]]]) -> Image.Image:
    """Stitches of four pixels, three apart, along each seam."""
    layer = Image.new("RGBA", (size[0] * FINER, size[1] * FINER), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    for seam in seams:
        for (x0, y0), (x1, y1) in pairwise(seam):
            count = int(np.hypot(x1 - x0, y1 - y0) / 7)
            for at in np.arange(count) / count:
                begin = (x0 + (x1 - x0) * at, y0 + (y1 - y0) * at)
                end = (begin[0] + (x1 - x0) / count * 0.6, begin[1] + (y1 - y0) / count * 0.6)
                pen.line([(v[0] * FINER, v[1] * FINER) for v in (begin, end)], fill=THREAD, width=FINER + 2)
    return layer.resize(size, Image.Resampling.LANCZOS)


OF_BRAND = {"maison-orsay": bag, "vesna": frame, "halden-rye": holdall}


@cache
def product_of(brand: str) -> bytes:
    """The PNG that this brand (slug) uploads."""
    return OF_BRAND[brand]()
