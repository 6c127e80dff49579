"""Eyewear: a portrait in hard high sun with sunglasses drawn on the face, the shirt dyed."""

from __future__ import annotations

from gpu_service.preview import backgrounds, shadows, spectacles
from gpu_service.preview.colour import Array
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

SKIES = ("#8fb4cf", "#d9a05a", "#c98f8a", "#9ab08a", "#b9a6c9")
CLOTHS = ("#d9cfb8", "#2d3a4a", "#f0ece4", "#7a4a35")
KEY = (0.90, 0.98, 1.06)


def render(stage: Stage) -> Array:
    sky = stage.palette(SKIES)
    style = spectacles.STYLES[int(stage.chance.integers(len(spectacles.STYLES)))]
    if stage.fill:  # she was not known behind the first pair: the lightest one
        style = min(spectacles.STYLES, key=lambda one: one.rim)
    capture = stage.close_up(frontal=True)
    at = 0.5 + stage.between(-0.04, 0.04)
    crop = stage.crop_of(capture, at=at, tilt=stage.between(-3, 3), closer=stage.between(1.0, 1.2))
    frame = stage.frame(capture, crop)
    frame = stage.dyed(capture, frame, str(stage.chance.choice(CLOTHS)), folds=1.6)
    key = Light((stage.side * 0.62, -0.62, 0.52), KEY, 1.6, 0.75)
    figure = stage.relit(frame, [key], (0.30, 0.26, 0.23))
    figure = spectacles.wear(figure, spectacles.fit(frame, style), style, side=stage.side, key=KEY, clearer=stage.fill)
    backdrop = backgrounds.seamless(
        sky, frame.size, at=(0.5 + stage.side * 0.2, 0.55), falloff=0.42, seed=stage.seed % 59
    )
    reach = min(frame.size) * 0.083
    wide = shadows.on_wall(frame.alpha, -stage.side * reach, reach * 0.66, soft=34)
    backdrop = shadows.darken(backdrop, 0.28 * wide)
    look = Grade(contrast=1.12, saturation=1.04, grain=0.02, vignette=0.14, halation=0.1,
                 shadows=(0.03, 0.012, -0.01), highlights=(-0.02, 0.0, 0.01))  # fmt: skip
    return finish(over(figure, backdrop, frame.alpha, wrap=0.16), look, stage.seed)
