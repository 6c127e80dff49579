"""A drawn product for contact sheets and tests: a scent bottle with a transparent ground."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIZE = (420, 760)


def draw(path: Path) -> None:
    """Write the bottle as a PNG with transparency."""
    width, height = SIZE
    x = np.linspace(-1, 1, width)[None].repeat(height, 0)
    y = np.linspace(0, 1, height)[:, None].repeat(width, 1)
    glass = np.stack([0.78 - 0.25 * np.abs(x) - 0.2 * y, 0.46 - 0.2 * np.abs(x) - 0.1 * y, 0.22 - 0.1 * y], -1)
    shine = np.exp(-(((x + 0.62) / 0.05) ** 2)) * 0.5 + np.exp(-(((x - 0.7) / 0.1) ** 2)) * 0.15
    glass += shine[..., None]
    metal = 0.25 + 0.6 * np.exp(-(((x + 0.2) / 0.12) ** 2)) + 0.25 * np.exp(-(((x - 0.35) / 0.08) ** 2))
    cap = np.stack([metal * 0.95, metal * 0.82, metal * 0.55], -1)
    shape = Image.new("L", (width * 2, height * 2), 0)
    pen = ImageDraw.Draw(shape)
    pen.rounded_rectangle((20, 480, width * 2 - 20, height * 2 - 8), radius=70, fill=255)
    lid = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(lid).rounded_rectangle((270, 20, width * 2 - 270, 400), radius=26, fill=255)
    ImageDraw.Draw(lid).rectangle((320, 395, width * 2 - 320, 485), fill=255)
    masks = [np.asarray(m.resize(SIZE, Image.Resampling.LANCZOS)) / 255 for m in (shape, lid)]
    rgb = glass * (1 - masks[1][..., None]) + cap * masks[1][..., None]
    alpha = np.clip(masks[0] + masks[1], 0, 1)
    pixels = (np.clip(np.dstack([rgb, alpha]), 0, 1) * 255).astype(np.uint8)
    image = Image.fromarray(pixels, "RGBA").filter(ImageFilter.SMOOTH)
    ImageDraw.Draw(image).rectangle((120, 430, 300, 560), fill=(246, 238, 224, 235))
    ImageDraw.Draw(image).line((140, 490, 280, 490), fill=(70, 40, 20, 255), width=3)
    image.save(path, "PNG")
