"""Three prints: three photographs of one person as prints on bone paper, under one light."""

from __future__ import annotations

import numpy as np

from gpu_service.preview import backgrounds
from gpu_service.preview.captures import Capture
from gpu_service.preview.colour import Array, shift_hue
from gpu_service.preview.framing import Crop
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.landmarks import CHIN, FOREHEAD, NOSE
from gpu_service.preview.relighting import Light
from gpu_service.preview.sheets import lay
from gpu_service.preview.spill import without_spill
from gpu_service.preview.stage import Stage

PAIRS = {
    "#7f8f6a": "#c9742f", "#a8634a": "#d9b48a", "#5f7f94": "#c98f7a", "#b58a4a": "#6f7f5f", "#8a6f8f": "#c9a06a",
}  # fmt: skip
Box = tuple[int, int, int, int]


def layout(size: tuple[int, int], large_left: bool) -> list[Box]:
    """Boxes (x, y, width, height) of one large and two small prints."""
    width, height = size
    edge, gap = round(min(size) * 0.055), round(min(size) * 0.028)
    if height > width * 1.5:
        upper = round((height - 2 * edge - gap) * 0.62)
        low, half = edge + upper + gap, (width - 2 * edge - gap) // 2
        rest = height - edge - low
        return [
            (edge, edge, width - 2 * edge, upper),
            (edge, low, half, rest),
            (edge + half + gap, low, half, rest),
        ]
    large = round((width - 2 * edge - gap) * 0.54)
    small = width - 2 * edge - gap - large
    half = (height - 2 * edge - gap) // 2
    left, right = (edge, edge + large + gap) if large_left else (edge + small + gap, edge)
    return [
        (left, edge, large, height - 2 * edge),
        (right, edge, small, half),
        (right, edge + half + gap, small, height - 2 * edge - gap - half),
    ]


def render(stage: Stage) -> Array:
    ground, other = list(PAIRS.items())[int(stage.chance.integers(len(PAIRS)))]
    ground = stage.colour or shift_hue(ground, degrees=stage.between(-4, 4))
    picture = backgrounds.paper("#efe9df", stage.size, seed=stage.seed % 61, tooth=0.02)
    captures = _three(stage)
    tones = (ground, other, shift_hue(ground, value=0.8))
    boxes = layout(stage.size, stage.side < 0)
    for number, (capture, box, tone) in enumerate(zip(captures, boxes, tones, strict=True)):
        sheet = np.zeros_like(picture)
        mask = np.zeros(picture.shape[:2], np.float32)
        window = (slice(box[1], box[1] + box[3]), slice(box[0], box[0] + box[2]))
        sheet[window] = _print(stage, capture, (box[2], box[3]), tone, large=number == 0)
        mask[window] = 1
        picture = lay(picture, mask, sheet, drop=(4, 7), soft=9)
    look = Grade(contrast=1.08, saturation=0.98, grain=0.022, vignette=0.05,
                 shadows=(0.02, 0.008, -0.005), highlights=(-0.02, 0.0, 0.008))  # fmt: skip
    return finish(picture, look, stage.seed)


def _three(stage: Stage) -> list[Capture]:
    """The studio portrait large; a smile and a figure small where there are such photographs."""
    first = stage.pick("portrait", "three_quarter", "full", studio=True)
    rest = [c for c in stage.captures if c != first]
    stage.chance.shuffle(rest)
    rest.sort(key=lambda c: c.studio)
    return [first, *[*rest, first, first][:2]]


def _print(stage: Stage, capture: Capture, size: tuple[int, int], tone: str, *, large: bool) -> Array:
    face = capture.points
    tall = float(face[CHIN, 1] - face[FOREHEAD, 1])
    share = 1.95 if large else (2.1 if capture.kind == "portrait" else 3.4)
    seen = share * tall * min(1.25, max(0.8, size[1] / size[0] / 1.4))
    top = float(face[FOREHEAD, 1]) - 0.34 * (seen - tall) - 0.12 * tall
    at = 0.5 + (0.14 * -stage.side if large and size[1] > 1.8 * size[0] else 0.0)
    frame = stage.frame(capture, Crop(top, top + seen, float(face[NOSE, 0]), at), size)
    if not capture.studio:
        frame = without_spill(frame)
    key = Light((stage.side * 0.7, -0.4, 0.6), (0.85, 0.97, 1.05), 1.2, 0.55)
    figure = stage.relit(frame, [key], (0.28, 0.27, 0.28))
    backdrop = backgrounds.seamless(tone, size, at=(0.5 + stage.side * 0.3, 0.38), falloff=0.65, seed=5)
    return over(figure, backdrop, frame.alpha, wrap=0.12)
