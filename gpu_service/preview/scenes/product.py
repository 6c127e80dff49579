"""Product in front: the brand's product sharp on a plinth, the person a step behind, one key for both."""

from __future__ import annotations

import cv2
import numpy as np

from gpu_service.errors import JobFailed
from gpu_service.preview import backgrounds, products, shadows
from gpu_service.preview.colour import Array, blur, light, shift_hue, shifted, wide_blur
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

SETS = ("#a3242f", "#2f4f6f", "#8a5a34", "#3f5f4a", "#6a4a78", "#c9a07a")
KEY = (0.80, 0.94, 1.08)


def render(stage: Stage) -> Array:
    if stage.product is None:
        raise JobFailed("invalid_input", "this scene needs a product picture")
    tone = stage.palette(SETS)
    away = -stage.side
    capture = stage.close_up()
    wide = stage.picture_format == "16:9"
    at = 0.5 - away * (0.16 if wide else 0.10)
    crop = stage.crop_of(capture, at=at, tilt=stage.between(-2, 2), closer=stage.between(0.98, 1.08))
    frame = stage.frame(capture, crop)
    cloth = shift_hue(tone, degrees=stage.between(-6, 6), value=0.85)
    frame = stage.dyed(capture, frame, cloth, folds=1.5)
    rim = Light((away * 0.9, -0.1, 0.1), tuple(float(v) for v in light(tone) * 1.4 + 0.05), 0.8)  # type: ignore[arg-type]
    figure = stage.relit(frame, [Light((stage.side * 0.72, -0.55, 0.5), KEY, 1.5, 0.75)], (0.18, 0.15, 0.19), rim=rim)
    backdrop = backgrounds.seamless(tone, frame.size, at=(0.5 + stage.side * 0.28, 0.34), falloff=0.62)
    reach = min(frame.size) * 0.083
    behind = wide_blur(shadows.on_wall(frame.alpha, away * reach, reach * 0.35, soft=8), 40)
    backdrop = shadows.darken(backdrop, 0.35 * behind)
    picture = blur(over(figure, backdrop, frame.alpha, wrap=0.2), min(frame.size) * 0.0028)
    picture = _with_product(stage, picture, tone, away)
    look = Grade(contrast=1.1, saturation=1.03, grain=0.018, vignette=0.2, halation=0.15, sharpen=0.3,
                 shadows=(0.012, -0.004, 0.02), highlights=(-0.02, 0.0, 0.01))  # fmt: skip
    return finish(picture, look, stage.seed)


def _with_product(stage: Stage, picture: Array, tone: str, away: float) -> Array:
    """A plinth in the near corner away from the key, the product standing on it."""
    if stage.product is None:
        return picture
    width, height = stage.size
    short = min(width, height)
    shape = stage.product.alpha.shape
    radius = short * 0.215
    tall = min(short * 0.40, radius * 1.5 * shape[0] / shape[1])
    centre = width * 0.5 + away * (width * 0.5 - radius * 0.93)
    base = height * 0.835
    picture, lit = _plinth(picture, tone, centre, base, radius, stage.side)
    return products.place(
        picture, stage.product, np.array(KEY, np.float32) * lit, centre=centre, base=base + radius * 0.10,
        tall=tall, side=stage.side,
    )  # fmt: skip


def _plinth(picture: Array, tone: str, centre: float, top: float, radius: float, side: float) -> tuple[Array, float]:
    """A painted cylinder with a lit top; returns the picture and the light on what stands there."""
    height, width = picture.shape[:2]
    rows, columns = backgrounds.grid((width, height))
    u = (columns - centre) / radius
    flat = 0.27  # the top is an ellipse, seen from a little above
    lid = np.clip((1 - np.hypot(u, (rows - top) / (radius * flat))) * radius * flat + 0.5, 0, 1)
    front = top + radius * flat * np.sqrt(np.clip(1 - u * u, 0, 1))
    side_mask = np.clip((1 - np.abs(u)) * radius + 0.5, 0, 1) * (rows > front)
    body = np.clip(side_mask + lid, 0, 1).astype(np.float32)
    soft = wide_blur(shifted(body, -side * radius * 0.35, radius * 0.1, border=cv2.BORDER_REPLICATE), radius * 0.3)
    picture = picture * (1 - 0.5 * soft * (1 - body))[..., None]
    normal = np.clip(u, -0.999, 0.999)
    facing = np.clip(normal * side * 0.72 + np.sqrt(1 - normal**2) * 0.5, 0, 1)
    colour = light(shift_hue(tone, value=0.92, saturation=1.05))
    drum = colour * (0.10 + 1.05 * facing)[..., None] * (1 - 0.25 * (rows - top) / max(1.0, height - top))[..., None]
    cap = colour * (1.05 + 0.12 * u * side)[..., None]
    edge = np.exp(-(((np.hypot(u, (rows - top) / (radius * flat)) - 0.985) / 0.012) ** 2)) * (rows > top)
    cap = cap + (edge * (0.25 + 0.5 * facing) * 0.5)[..., None] * colour
    picture = picture * (1 - body[..., None]) + (drum * (1 - lid[..., None]) + cap * lid[..., None]) * body[..., None]
    return np.asarray(picture, np.float32), 1.0
