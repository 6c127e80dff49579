"""Stripes: a tee printed with stripes that follow its folds, before two painted panels."""

from __future__ import annotations

import numpy as np

from gpu_service.preview import backgrounds, garment, shadows
from gpu_service.preview.colour import Array, blur, light, linear, shift_hue, shifted, wide_blur
from gpu_service.preview.framing import Frame
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light, Relief, relief
from gpu_service.preview.stage import Stage

PANELS = {
    "#e3b23c": "#c8553d", "#7fa3b8": "#2f5d7a", "#d7bfa0": "#b5573a", "#8fae86": "#e0c27a", "#d98c8c": "#a83a4a",
}  # fmt: skip
INKS = ("#1c2a52", "#7a1f2b", "#1f4a3c", "#1a1a1e")


def render(stage: Stage) -> Array:
    wall, panel = list(PANELS.items())[int(stage.chance.integers(len(PANELS)))]
    drift = stage.between(-4, 4)
    wall, panel = shift_hue(wall, degrees=drift), shift_hue(panel, degrees=drift)
    if stage.colour is not None:
        wall, panel = stage.colour, shift_hue(stage.colour, degrees=-30, value=0.72)
    ink = str(stage.chance.choice(INKS))
    away = -stage.side
    capture = stage.standing()
    at = 0.5 + stage.side * 0.09
    crop = stage.crop_of(capture, head_room=0.06, at=at, tilt=stage.between(-2.5, 2.5), closer=stage.between(0.95, 1.1))
    frame = stage.frame(capture, crop)
    shape = relief(frame)
    masks = stage.clothes(capture, frame)
    if masks is not None:
        frame = stage.dyed(capture, frame, _print(frame, shape, masks[0], ink), shift_hue(ink, value=0.95), folds=1.5)
    width, height = frame.size
    rows, columns = backgrounds.grid(frame.size)
    start, end = (0.52, 0.97) if away > 0 else (0.03, 0.48)
    board = ((columns > width * start) & (columns < width * end) & (rows > height * 0.10)).astype(np.float32)
    board = blur(board, 0.8)
    backdrop = backgrounds.plaster(wall, frame.size, seed=stage.seed % 71, bump=0.02, side=stage.side)
    lift = wide_blur(shifted(board, away * 16, 14), 12) * (1 - board)
    backdrop = shadows.darken(backdrop, 0.35 * lift)
    painted = backgrounds.plaster(panel, frame.size, seed=stage.seed % 71 + 3, bump=0.012, side=stage.side)
    backdrop = backdrop * (1 - board[..., None]) + painted * board[..., None]
    hard = shadows.on_wall(frame.alpha, away * width * 0.14, height * 0.034, soft=11)
    wide = shadows.on_wall(frame.alpha, away * width * 0.14, height * 0.034, soft=50)
    backdrop = shadows.darken(backdrop, 0.50 * hard + 0.12 * wide, (1, 0.97, 0.92))
    backdrop = backdrop * backgrounds.raked(frame.size, stage.side)[..., None]
    key = Light((stage.side * 0.6, -0.55, 0.7), (0.95, 1.0, 1.04), 1.05, 0.6)
    figure = stage.relit(frame, [key], (0.36, 0.36, 0.38), shape=shape)
    turned = np.clip(away * (columns - frame.centre) / (0.24 * width), 0, 1)[..., None]
    figure = figure + linear(frame.colours) * light(panel) * 0.25 * turned
    look = Grade(contrast=1.1, saturation=1.03, grain=0.018, vignette=0.16)
    return finish(over(figure, backdrop, frame.alpha, wrap=0.2), look, stage.seed)


def _print(frame: Frame, shape: Relief, mask: Array, ink: str) -> Array:
    """Stripes bent by folds, by the roundness of the chest and by the hang of each sleeve."""
    rows, columns = backgrounds.grid(frame.size)
    across, down = garment.fold_shift(frame, mask, gain=75, most=15)
    raised = np.minimum(shape.at_full_size(frame.size), frame.face_width * 1.1)
    shoulder = frame.body[[11, 12], :2]
    elbow = frame.body[[13, 14], :2]
    period = frame.face_width * 0.30
    position = rows + down + across * 0.5 - raised * 0.16 + 0.05 * period * np.sin(columns / 41 + rows / 160)
    for joint, end in zip(shoulder, elbow, strict=True):
        arm = (end - joint) / max(1.0, float(np.linalg.norm(end - joint)))
        outward = 1.0 if joint[0] > frame.centre else -1.0
        seam = joint[0] - outward * frame.face_width * 0.10
        on_sleeve = np.clip(outward * (columns - seam) / (frame.face_width * 0.16), 0, 1)
        on_sleeve = on_sleeve * on_sleeve * (3 - 2 * on_sleeve)
        along = (columns - joint[0]) * arm[0] + (rows - joint[1]) * arm[1] + joint[1]
        tilted = along + outward * (columns - seam) * 0.28
        position = position + (tilted + down + across * 0.4 - rows - down - across * 0.5) * on_sleeve
    wave = position / period
    stripe = np.clip((np.abs((wave % 1) - 0.5) - 0.25) * period / 1.2 + 0.5, 0, 1)[..., None]
    return np.asarray(light("#f2ede1") * stripe + light(ink) * (1 - stripe), np.float32)
