"""Arch: a plaster set with a recess; the shadow bends from the floor up the wall."""

from __future__ import annotations

import cv2
import numpy as np

from gpu_service.preview import backgrounds, shadows
from gpu_service.preview.colour import Array, blur, light, shift_hue, shifted, wide_blur
from gpu_service.preview.framing import Frame, floor_shadow
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.noise import clouds
from gpu_service.preview.relighting import Light
from gpu_service.preview.spill import without_spill
from gpu_service.preview.stage import Stage

WALLS = ("#e9b48f", "#dcc4a2", "#b7c4b0", "#d6a3a0", "#a9b9c9")
CLOTHS = ("#8a2f1f", "#2f3f4f", "#f0e6d6", "#5a3a2a", "#3f4f3a")


def render(stage: Stage) -> Array:
    wall = stage.palette(WALLS)
    away = -stage.side
    full = stage.crop == "full"
    capture = stage.standing(natural=0.25 if full else 0.0)
    at = 0.5 + stage.side * 0.06 * stage.between(0.5, 1.2)
    crop = stage.crop_of(capture, head_room=0.17 if full else 0.13, foot_room=0.085, at=at)
    frame = stage.frame(capture, crop)
    if capture.studio:
        cloth = str(stage.chance.choice(CLOTHS))
        frame = stage.dyed(capture, frame, cloth, shift_hue(cloth, value=0.7), folds=1.8)
    else:
        frame = without_spill(frame)
    height = frame.size[1]
    foot = float(frame.foot) if full else height * 1.22
    floor_line = foot - 0.085 * height
    centre = float((frame.face[:, 0].mean() + frame.size[0] * 0.5) / 2)
    backdrop = _set(stage, wall, frame, centre, floor_line)
    backdrop = _with_shadows(backdrop, frame, foot, floor_line, away, full)
    key = Light((stage.side * 0.72, -0.55, 0.6), (0.84, 0.97, 1.08), 1.3, 0.7)
    figure = stage.relit(frame, [key], (0.32, 0.33, 0.37))
    rows, _ = backgrounds.grid(frame.size)
    bounce = np.clip((rows - foot + 0.35 * height) / (0.35 * height), 0, 1)[..., None]
    figure = figure * (1 + bounce * np.array([-0.10, 0.02, 0.10], np.float32))
    look = Grade(contrast=1.08, saturation=0.98, grain=0.018, vignette=0.1, halation=0.08,
                 shadows=(0.02, 0.004, 0.0))  # fmt: skip
    return finish(over(figure, backdrop, frame.alpha, wrap=0.18), look, stage.seed)


def _arch(size: tuple[int, int], centre: float, radius: float, spring: float) -> Array:
    """1 inside an arch open at the bottom; ``spring`` is the row where the round begins."""
    rows, columns = backgrounds.grid(size)
    round_part = np.hypot(columns - centre, rows - spring) - radius
    inside = np.where(rows < spring, round_part, np.abs(columns - centre) - radius)
    return np.asarray(np.clip(-inside / 1.5 + 0.5, 0, 1), np.float32)


def _set(stage: Stage, wall: str, frame: Frame, centre: float, floor_line: float) -> Array:
    """Wall, recess and floor, lit from the key's side."""
    size = frame.size
    short = min(size)
    radius, depth = short * 0.30, stage.side * short * -0.06
    head = float(frame.face[:, 1].min())
    spring = max(radius * 0.9, min(size[1] * 0.36, head + radius * 0.55))
    rows, _ = backgrounds.grid(size)
    opening = _arch(size, centre, radius, spring) * (rows < floor_line + 2)
    back = _arch(size, centre + depth, radius, spring)
    fall = backgrounds.raked(size, stage.side, strength=0.3)
    seed = stage.seed % 73
    face = backgrounds.plaster(wall, size, seed=seed, bump=0.022, side=stage.side) * fall[..., None]
    recess_colour = shift_hue(wall, degrees=-3, value=0.95, saturation=1.12)
    recess = backgrounds.plaster(recess_colour, size, seed=seed + 9, bump=0.018, side=stage.side)
    hidden = wide_blur(shifted(1 - opening, -stage.side * short * 0.085, short * 0.05, border=cv2.BORDER_REPLICATE), 9)
    recess = recess * (fall * 0.96 * (1 - 0.52 * hidden))[..., None]
    edge = light(shift_hue(wall, value=0.9, saturation=1.25)) * 0.5
    inner = recess * back[..., None] + edge * (1 - back)[..., None]
    picture = face * (1 - opening[..., None]) + inner * opening[..., None]
    mottled = fall * (1 + 0.012 * clouds(size, seed + 20))
    ground = light(shift_hue(wall, value=0.94, saturation=1.1)) * mottled[..., None]
    below = np.clip((rows - floor_line) / 3 + 0.5, 0, 1)[..., None]
    corner = 1 - 0.30 * np.exp(-np.abs(rows - floor_line) / 26.0)
    return np.asarray((picture * (1 - below) + ground * below) * corner[..., None], np.float32)


def _with_shadows(backdrop: Array, frame: Frame, foot: float, floor_line: float, away: float, full: bool) -> Array:
    """The figure's shadow: sheared on the floor, upright on the wall, joined at the floor line."""
    rows, columns = backgrounds.grid(frame.size)
    below = np.clip((rows - floor_line) / 3 + 0.5, 0, 1)
    flat, lean = 0.30, away * 0.9
    lay = np.array([[1, -lean, lean * foot], [0, flat, foot * (1 - flat)]], np.float32)
    on_floor = cv2.warpAffine(frame.alpha, lay, frame.size)
    reach = (foot - floor_line) / flat
    upright = shifted(frame.alpha, lean * reach, reach - (foot - floor_line), border=cv2.BORDER_REPLICATE)
    shadow = blur(on_floor, 3) * below + blur(upright, 10) * (1 - below)
    backdrop = shadows.darken(backdrop, 0.55 * shadow, (1, 0.95, 0.88))
    if not full:
        return backdrop
    real = floor_shadow(frame)
    if real is not None:
        near = np.exp(-(((columns - frame.centre) / (0.20 * frame.size[0])) ** 4)
                      - ((rows - foot + 4) / (0.035 * frame.size[1])) ** 4)  # fmt: skip
        backdrop = backdrop * (1 - near + near * np.power(real, 1.25))[..., None]
    return shadows.darken(backdrop, 0.45 * shadows.contact(frame, foot, strength=0.8, band=40))
