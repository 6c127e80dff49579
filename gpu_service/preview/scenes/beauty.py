"""Beauty: a tight portrait over the edges of the frame, warm key, coloured gel from the other side."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from gpu_service.preview import backgrounds
from gpu_service.preview.colour import Array, blur, light, linear, luma, shift_hue
from gpu_service.preview.framing import Crop, Frame
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.landmarks import CHIN, FOREHEAD, NOSE
from gpu_service.preview.relighting import Light, Relief, lambert, relief
from gpu_service.preview.stage import Stage

GELS = ("#3fb8c9", "#d9508a", "#6a5fe0", "#e0562f")
TALL = {"4:5": 1.42, "1:1": 1.30, "9:16": 1.75, "16:9": 1.12}  # face heights in the frame


def render(stage: Stage) -> Array:
    gel = stage.palette(GELS)
    away = -stage.side
    capture = stage.pick("portrait", "three_quarter", "full", studio=True, frontal=True)
    face = capture.points
    tall = float(face[CHIN, 1] - face[FOREHEAD, 1])
    seen = TALL[stage.picture_format] * tall
    top = float(face[FOREHEAD, 1]) - 0.45 * (seen - tall)
    tilt = stage.between(3, 8) * float(stage.chance.choice([-1, 1]))
    frame = stage.frame(capture, Crop(top, top + seen, float(face[NOSE, 0]), 0.5 + stage.between(-0.06, 0.06), tilt))
    frame = replace(frame, colours=_smoothed(frame.colours))
    shape = relief(frame)
    key = Light((stage.side * 0.6, -0.5, 0.62), (0.70, 0.90, 1.15), 1.1, 0.22, wrap=0.2)
    figure = stage.relit(frame, [key], (0.14, 0.125, 0.13), shape=shape)
    figure = figure + linear(frame.colours) * _gel(frame, shape, away)[..., None] * (light(gel) * 1.7 + 0.05)
    figure = figure + _gloss(frame, shape, stage.side)
    backdrop = backgrounds.seamless(shift_hue(gel, degrees=165, value=0.28), frame.size, at=(0.3, 0.4), falloff=0.8)
    look = Grade(
        contrast=1.10, saturation=1.06, grain=0.016, vignette=0.18, halation=0.2, sharpen=0.3,
        shadows=(0.03, 0.012, -0.01), highlights=(-0.02, 0.0, 0.012),
    )  # fmt: skip
    return finish(over(figure, backdrop, frame.alpha, wrap=0.1), look, stage.seed)


def _smoothed(colours: Array) -> Array:
    """A little evening of the broad tones; pores and marks stay, they are the person's own."""
    size = (colours.shape[1], colours.shape[0])
    half = cv2.resize(colours, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    low = cv2.resize(cv2.bilateralFilter(half, 0, 0.09, 6), size, interpolation=cv2.INTER_CUBIC)
    return np.asarray((colours - low) * 1.10 + low * 0.78 + blur(low, 7) * 0.22, np.float32).clip(0, 1)


def _gel(frame: Frame, shape: Relief, away: float) -> Array:
    """The gel's light on its side of the face: very soft, so that no edge shows by the nose."""
    soft = lambert(shape, Light((away * 0.95, 0.05, 0.30), shadow=0.0, wrap=0.05))
    soft = blur(soft, shape.face_width * 0.08)
    large = cv2.resize(soft, frame.size, interpolation=cv2.INTER_CUBIC)
    _, columns = backgrounds.grid(frame.size)
    past = away * (columns - float(frame.face[NOSE, 0])) / frame.face_width
    gate = np.clip((past - 0.15) / 0.38, 0, 1)
    return np.asarray(large * gate * gate * (3 - 2 * gate), np.float32)


def _gloss(frame: Frame, shape: Relief, side: float) -> Array:
    """A broad highlight on skin; hair and brows take none of it."""
    half = np.array((side * 0.35, -0.38, 0.86), np.float32)
    shine = cv2.resize(np.clip(shape.normals @ half, 0, 1) ** 38, frame.size)
    dark = blur((frame.colours.max(2) < 0.22).astype(np.float32), 4)
    skin = np.clip(5.6 * luma(linear(frame.colours)), 0, 1.6) * (1 - dark)
    return np.asarray((shine * skin)[..., None] * np.array([0.75, 0.9, 1.0], np.float32) * 0.09, np.float32)
