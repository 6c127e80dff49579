"""Double exposure: two photographs of one person printed over each other in two inks."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from gpu_service.preview import backgrounds
from gpu_service.preview.captures import Capture
from gpu_service.preview.colour import Array, blur, display, light, linear, luma, shift_hue, smoothstep, wide_blur
from gpu_service.preview.framing import Crop, Frame
from gpu_service.preview.grade import Grade, finish
from gpu_service.preview.landmarks import CHIN, FOREHEAD, NOSE
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

INKS = ("#d0432f", "#d98a1f", "#c23f6f", "#2f8f86")
WIDE_FILL = 0.2
SEEN = {"4:5": 2.35, "1:1": 2.05, "9:16": 3.0, "16:9": 1.75}  # face heights in the picture


def render(stage: Stage) -> Array:
    ink = stage.palette(INKS)
    dark = shift_hue(ink, degrees=stage.between(195, 225), value=0.30, saturation=0.75)
    first = stage.pick("portrait", "three_quarter", "full", studio=True, frontal=True)
    # Each print has to be known as her: a second try prints the first photograph twice, further apart and darker. A
    # wide picture, in which faces are small, begins with that.
    wide = stage.picture_format == "16:9"
    plain = WIDE_FILL if wide else stage.fill
    second = first if plain else _other(stage, first)
    spread = (0.15 if wide else 0.23) + 0.15 * plain
    front = _exposure(stage, first, 0.5 - stage.side * spread, 0.06, 0.92)
    behind = _exposure(stage, second, 0.5 + stage.side * (spread + 0.03), -0.04, 0.80)
    ink = shift_hue(ink, value=0.76 - 1.2 * plain)
    paper = backgrounds.paper("#f3ead9", stage.size, seed=stage.seed % 53, tooth=0.015)
    face = _face_guard(front[0])
    lower = _tone(stage, *behind) * (1 - 0.94 * face)
    upper = _tone(stage, *front)
    printed = paper * _ink(lower * 0.92, ink) * _ink(upper, dark)
    return finish(printed, Grade(contrast=1.04, grain=0.024, vignette=0.05, sharpen=0.25), stage.seed)


def _other(stage: Stage, first: Capture) -> Capture:
    """The warmest second photograph there is: near and outside the studio, else another, else the same."""
    rest = [c for c in stage.captures if c != first]
    near = [c for c in rest if c.kind == "portrait"]
    return (near or rest or [first])[0]


def _exposure(stage: Stage, capture: Capture, at: float, lower: float, closer: float) -> tuple[Frame, Array]:
    """The frame and its relit brightness; ``lower`` moves it down by that share of the height."""
    face = capture.points
    tall = float(face[CHIN, 1] - face[FOREHEAD, 1])
    seen = SEEN[stage.picture_format] * tall / closer
    top = float(face[FOREHEAD, 1]) - 0.42 * (seen - tall) - lower * seen
    crop = Crop(top, top + seen, float(face[NOSE, 0]), at, stage.between(-4, 4))
    frame = stage.frame(capture, crop, edges=capture.touches & {"top"})
    frame = stage.dyed(capture, frame, "#77777c", folds=1.9)
    key = Light((stage.side * 0.7, -0.45, 0.55), power=1.5, shadow=0.6)
    return replace(frame, alpha=frame.alpha * _borders(capture, frame)), luma(stage.relit(frame, [key], (0.22,) * 3))


def _borders(capture: Capture, frame: Frame) -> Array:
    """1 inside the photograph, fading out towards the edges at which it cuts the figure."""
    step = 8
    width, height = capture.width // step, capture.height // step
    rows, columns = backgrounds.grid((width, height))
    reach = 0.11 * min(width, height)
    mask = np.ones((height, width), np.float32)
    distances = {"left": columns, "right": width - 1 - columns, "top": rows, "bottom": height - 1 - rows}
    for edge, distance in distances.items():
        if edge in capture.touches:
            mask *= smoothstep(distance, 1, reach * (0.5 if edge == "top" else 1.0))
    small = frame.matrix @ np.diag([step, step, 1.0])
    return np.asarray(cv2.warpAffine(mask, small[:2], frame.size, flags=cv2.INTER_LINEAR))


def _tone(stage: Stage, frame: Frame, brightness: Array) -> Array:
    """How much ink lies where, 0..1: dark places of the figure, fading out towards its cut edges."""
    value = display(brightness)
    value = np.clip(0.5 + (value - 0.46) * 1.25, 0, 1) + 0.5 * (value - blur(value, 2))
    rows, _ = backgrounds.grid(frame.size)
    low = smoothstep((frame.size[1] - rows) / (0.16 * frame.size[1]), 0, 1)
    return np.asarray(np.clip(1 - value, 0, 1) * frame.alpha * (0.25 + 0.75 * low), np.float32)


def _ink(amount: Array, colour: str) -> Array:
    """What a layer of ink lets through, in linear light."""
    cover = linear(cv2.pow(np.clip(amount, 0, 1), 0.55))[..., None]
    return np.asarray(1 - cover * (1 - light(colour)), np.float32)


def _face_guard(frame: Frame) -> Array:
    """1 on the front face, soft towards hair and neck: the other print is kept off it."""
    hull = cv2.convexHull(frame.face[:, :2].astype(np.int32))
    mask = np.zeros((frame.size[1], frame.size[0]), np.float32)
    cv2.fillPoly(mask, [hull], 1.0)
    return wide_blur(mask, frame.face_width * 0.05)
