"""Window light: one window's pattern on a plaster wall and, bent by the body's relief, on the person."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from gpu_service.preview import backgrounds, shadows
from gpu_service.preview.colour import Array, light, linear, shift_hue, wide_blur
from gpu_service.preview.framing import Frame
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.landmarks import CHIN, FOREHEAD
from gpu_service.preview.relighting import Light, lambert, relief
from gpu_service.preview.spill import without_spill
from gpu_service.preview.stage import Stage

WALLS = ("#b9694a", "#8f7a5a", "#5f7384", "#a8746a", "#6f7f62")
KEY = np.array([0.62, 0.86, 1.12], np.float32)
AMBIENT = np.array([0.40, 0.32, 0.29], np.float32)


def _inside(value: float, size: int) -> int:
    return int(np.clip(value, 0, size - 1))


def _window_round_face(stage: Stage, frame: Frame) -> backgrounds.Window:
    """A window with the face in the middle of an upper pane, so that no bar crosses eyes or mouth."""
    face_height = float(frame.face[CHIN, 1] - frame.face[FOREHEAD, 1])
    middle = frame.face[:, :2].mean(0)
    tall = max(min(frame.size) * stage.between(0.22, 0.26), face_height * 1.32)
    wide = max(tall * 0.9, frame.face_width * 1.3)
    angle = stage.side * stage.between(6, 12)
    x = stage.side * wide * 0.5
    y = tall * stage.between(0.96, 1.04)
    return backgrounds.Window(
        centre=(float(middle[0]) + x - 0.175 * y, float(middle[1]) + y - np.tan(np.radians(angle)) * (x - 0.175 * y)),
        pane=(wide, tall),
        angle=angle,
        soft=20,
    )


def render(stage: Stage) -> Array:
    wall = stage.palette(WALLS)
    three_quarter = stage.crop == "three_quarter"
    capture = stage.standing(natural=0.35) if three_quarter else stage.pick("portrait", "full", studio=True)
    away = -stage.side
    at = 0.5 + away * 0.07 * stage.between(0.4, 1.3)
    frame = stage.frame(capture, stage.crop_of(capture, head_room=0.085, at=at, tilt=stage.between(-2, 2)))
    if not capture.studio:
        frame = without_spill(frame)
    frame = stage.dyed(capture, frame, shift_hue(wall, degrees=150, value=0.30, saturation=0.35), "#b9a78c", folds=1.9)
    width, height = frame.size
    shape = relief(frame)
    raised = shape.at_full_size(frame.size)
    rows, columns = backgrounds.grid(frame.size)
    window = _window_round_face(stage, frame)
    on_wall = window.pattern(columns, rows)
    nose = raised[_inside(frame.face[1, 1], height), _inside(frame.face[1, 0], width)]
    lifted = raised - float(nose)  # the pattern keeps its place on the face and slides off elsewhere
    on_body = window.pattern(columns + stage.side * lifted * 0.5, rows - lifted * 0.2, soft=13)
    hidden = shadows.on_wall(frame.alpha, away * 0.11 * width, 0.045 * height, soft=9)
    plaster = backgrounds.plaster(wall, frame.size, seed=stage.seed % 89, bump=0.04, side=stage.side)
    backdrop = plaster * (AMBIENT + KEY * 1.15 * (on_wall * (1 - hidden))[..., None])
    close = wide_blur(shadows.on_wall(frame.alpha, away * 26, 18, soft=4), 24)
    backdrop = shadows.darken(backdrop, 0.35 * close)
    key = Light((stage.side * 0.62, -0.42, 0.66), shadow=0.8, wrap=0.1)
    lit = cv2.resize(lambert(shape, key), frame.size, interpolation=cv2.INTER_CUBIC)
    fill = lambert(shape, replace(key, towards=(away * 0.35, -0.2, 0.9), shadow=0.0, wrap=0.0))
    fill = cv2.resize(fill, frame.size, interpolation=cv2.INTER_CUBIC)
    flat = linear(frame.colours)
    figure = flat * (AMBIENT * 1.25 * (0.45 + 0.6 * fill)[..., None] + KEY * 1.5 * (lit * on_body)[..., None])
    figure = figure + flat * light(wall) * 0.22
    look = Grade(
        contrast=1.14, saturation=1.02, grain=0.026, vignette=0.22, halation=0.12, fade=0.012,
        shadows=(0.022, 0.006, -0.004), highlights=(-0.035, -0.005, 0.012),
    )  # fmt: skip
    return finish(over(figure, backdrop, frame.alpha, wrap=0.2), look, stage.seed)
