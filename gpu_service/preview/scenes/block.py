"""Colour block: a standing figure on a loud seamless, hard sun, long shadow."""

from __future__ import annotations

import numpy as np

from gpu_service.preview import backgrounds, shadows
from gpu_service.preview.colour import Array, light, shift_hue
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.spill import without_spill
from gpu_service.preview.stage import Stage

COLOURS = ("#e04a2a", "#2f5fd0", "#e8a51f", "#1f8a6b", "#d9507a", "#7a4fc4")


def render(stage: Stage) -> Array:
    colour = stage.palette(COLOURS)
    capture = stage.standing(natural=0.85)
    away = -stage.side
    at = 0.5 + away * -0.10 * stage.between(0.3, 1.5)
    crop = stage.crop_of(
        capture, head_room=stage.between(0.06, 0.15), foot_room=0.115, at=at, tilt=stage.between(-1.5, 1.5)
    )
    frame = stage.frame(capture, crop)
    if not capture.studio:
        frame = without_spill(frame)
    else:
        frame = stage.dyed(capture, frame, shift_hue(colour, value=0.5, saturation=0.8), "#2a2a2e")
    width, height = frame.size
    full = stage.crop == "full"
    foot = float(frame.foot)
    horizon = (foot - 0.085 * height) / height if full else None
    backdrop = backgrounds.seamless(
        colour, frame.size, at=(0.5 + stage.side * 0.2, 0.30), falloff=0.42, horizon=horizon, seed=stage.seed % 97
    )
    if full:
        cast = shadows.on_floor(frame, foot - 10, lean=away * stage.between(0.8, 1.1), flat=0.34, strength=0.86)
        backdrop = shadows.darken(backdrop, cast, (0.95, 0.92, 0.80))
        backdrop = shadows.darken(backdrop, shadows.contact(frame, foot), (1, 0.98, 0.9))
    else:
        cast = shadows.on_wall(frame.alpha, away * 0.12 * width, 0.04 * height, soft=12)
        backdrop = shadows.darken(backdrop, 0.55 * cast, (0.95, 0.92, 0.85))
    key = Light((stage.side * 0.75, -0.6, 0.75), (0.88, 0.97, 1.08), 1.15, 0.75)
    rim_colour = tuple(float(v) for v in light(colour) * 1.2 + 0.05)
    rim = Light((away * 0.9, -0.1, 0.1), rim_colour, 1.2)  # type: ignore[arg-type]
    figure = stage.relit(frame, [key], (0.34, 0.33, 0.36), rim=rim)
    rows, _ = backgrounds.grid(frame.size)
    bounce = np.clip((rows - foot + height * 0.42) / (height * 0.42), 0, 1)[..., None] ** 2
    figure = figure * (1 - 0.06 * bounce) + bounce * light(colour) * 0.05
    look = Grade(contrast=1.12, saturation=1.05, grain=0.022, vignette=0.16)
    return finish(over(figure, backdrop, frame.alpha, wrap=0.22), look, stage.seed)
