"""Hair: a portrait on a loud wall with its own hard shadow, the tee dyed tone on tone."""

from __future__ import annotations

from gpu_service.preview import backgrounds, shadows
from gpu_service.preview.colour import Array, shift_hue
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

WALLS = ("#d98a3d", "#c2553c", "#4f86a6", "#c98a94", "#6f9a6a", "#dcb04a")


def render(stage: Stage) -> Array:
    wall = stage.palette(WALLS)
    away = -stage.side
    capture = stage.close_up()
    at = 0.5 - away * 0.05 * stage.between(0.2, 1.2)
    crop = stage.crop_of(capture, at=at, tilt=stage.between(-2, 2), closer=stage.between(0.98, 1.1))
    frame = stage.frame(capture, crop)
    frame = stage.dyed(capture, frame, shift_hue(wall, degrees=stage.between(-6, 6), value=0.97), folds=1.7)
    width, height = frame.size
    key = Light((stage.side * 0.66, -0.52, 0.52), (0.88, 0.97, 1.06), 1.5, 0.8)
    figure = stage.relit(frame, [key], (0.25, 0.23, 0.24))
    backdrop = backgrounds.plaster(wall, frame.size, seed=stage.seed % 79, bump=0.018, side=stage.side)
    backdrop = backdrop * backgrounds.raked(frame.size, stage.side)[..., None]
    reach = min(width, height) * 0.14
    hard = shadows.on_wall(frame.alpha, away * reach, reach * 0.47, soft=10)
    wide = shadows.on_wall(frame.alpha, away * reach, reach * 0.47, soft=46)
    backdrop = shadows.darken(backdrop, 0.56 * hard + 0.1 * wide, (1, 0.97, 0.92))
    look = Grade(contrast=1.12, saturation=1.03, grain=0.02, vignette=0.16, halation=0.1)
    return finish(over(figure, backdrop, frame.alpha, wrap=0.16), look, stage.seed)
