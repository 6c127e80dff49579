"""Monochrome: a half-lit portrait on dark grey, hard contrast, heavy grain."""

from __future__ import annotations

from gpu_service.preview import backgrounds
from gpu_service.preview.colour import Array
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.spill import without_spill
from gpu_service.preview.stage import Stage

CLOTHS = ("#1d1d20", "#4a4a4d", "#c9c9c9")
GROUNDS = ("#8d8d8d", "#b0b0b0", "#6a6a6a")


def render(stage: Stage) -> Array:
    capture = stage.close_up() if stage.crop == "portrait" else stage.standing(natural=0.4)
    at = 0.5 + stage.between(-0.05, 0.05)
    closer = stage.between(0.98, 1.18)
    frame = stage.frame(capture, stage.crop_of(capture, at=at, tilt=stage.between(-3, 3), closer=closer))
    if not capture.studio:
        frame = without_spill(frame)
    frame = stage.dyed(capture, frame, str(stage.chance.choice(CLOTHS)), "#3a3a3c", folds=1.9)
    key = Light((stage.side * 0.85, -0.42, 0.5), power=1.65, shadow=0.68, wrap=0.16)
    rim = Light((-stage.side * 0.95, -0.15, 0.2), power=0.55)
    figure = stage.relit(frame, [key], (0.075,) * 3, rim=rim)
    backdrop = 0.42 * backgrounds.seamless(
        stage.palette(GROUNDS), frame.size, at=(0.5 - stage.side * 0.36, 0.46), falloff=1.5, seed=stage.seed % 83
    )
    look = Grade(
        contrast=1.2, pivot=0.36, monochrome=True, grain=0.032, grain_size=1.0, vignette=0.3, sharpen=0.5,
        shadows=(0.012, 0.004, 0.0), highlights=(-0.018, -0.004, 0.006),
    )  # fmt: skip
    return finish(over(figure, backdrop, frame.alpha, wrap=0.1), look, stage.seed)
