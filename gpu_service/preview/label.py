"""The label burnt into every picture, and the same words in its metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from gpu_service import ENGINE

WORDS = "Preview draft: composited from captured photographs, not generated"
Array = NDArray[Any]


def burn_in(picture: Array) -> Image.Image:
    """The label in the lower left corner: small type on a soft dark strip, readable on any ground.

    Takes display BGR 0..1, returns an RGB image.
    """
    rgb = (np.clip(picture[:, :, ::-1], 0, 1) * 255).round().astype(np.uint8)
    image = Image.fromarray(rgb)
    width, height = image.size
    short = min(width, height)
    font = ImageFont.load_default(size=round(short * 0.0155))
    draw = ImageDraw.Draw(image, "RGBA")
    left, top, right, bottom = draw.textbbox((0, 0), WORDS, font=font)
    pad_x, pad_y, margin = short * 0.011, short * 0.0075, short * 0.022
    box = (margin, height - margin - (bottom - top) - 2 * pad_y, margin + right - left + 2 * pad_x, height - margin)
    draw.rounded_rectangle(box, radius=short * 0.006, fill=(12, 12, 12, 118))
    draw.text((box[0] + pad_x - left, box[1] + pad_y - top), WORDS, font=font, fill=(255, 255, 255, 235))
    return image


def save(image: Image.Image, path: Path, *, scene: str, seed: int) -> None:
    """Write a PNG whose text chunks say what it is."""
    about = PngInfo()
    about.add_text("Description", WORDS)
    about.add_text("Software", f"Double {ENGINE}")
    about.add_text("Generative", "false")
    about.add_text("DigitalSourceType", "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture")
    about.add_text("Scene", scene)
    about.add_text("Seed", str(seed))
    image.save(path, "PNG", pnginfo=about, compress_level=3)
