"""Double exposure: a portrait as a dark gate, the trees of the person's own outdoor photograph inside it."""

from __future__ import annotations

import cv2
import numpy as np

from gpu_service.preview import backgrounds
from gpu_service.preview.colour import Array, bgr, blur, display, linear, luma, shift_hue, smoothstep, wide_blur
from gpu_service.preview.framing import Frame
from gpu_service.preview.grade import Grade, finish
from gpu_service.preview.noise import clouds
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

INKS = ("#d0432f", "#2f7f8a", "#a8457f", "#b5772a")


def render(stage: Stage) -> Array:
    ink = stage.palette(INKS)
    capture = stage.pick("portrait", "three_quarter", "full", studio=True)
    at = 0.5 + stage.side * 0.05
    crop = stage.crop_of(capture, at=at, tilt=stage.between(-6, 6), closer=stage.between(1.0, 1.15))
    frame = stage.frame(capture, crop)
    frame = stage.dyed(capture, frame, "#26262b", folds=1.9)
    key = Light((stage.side * 0.7, -0.45, 0.55), power=1.5, shadow=0.65)
    portrait = luma(stage.relit(frame, [key], (0.16,) * 3))
    trees = _second_exposure(stage)
    face = _face_guard(frame)
    room = np.clip(1 - portrait * 2.6, 0, 1) * (1 - 0.9 * face)
    exposed = 1 - (1 - np.clip(portrait * 1.25, 0, 1)) * (1 - trees * room * 0.55)
    paper = luma(backgrounds.seamless("#f0e6d8", frame.size, at=(0.3, 0.4), falloff=0.2))
    fade = _fade_out(frame)
    alpha = frame.alpha * fade
    value = display(paper * (1 - alpha) + exposed * alpha)
    return finish(linear(_three_tones(value, ink)), Grade(contrast=1.05, grain=0.03, vignette=0.08), stage.seed)


def _second_exposure(stage: Stage) -> Array:
    """Trees and sky of an outdoor photograph, hard as a lith print; clouds when there is none."""
    outside = [c for c in stage.captures if not c.studio]
    if not outside:
        return smoothstep(clouds(stage.size, stage.seed % 53, octaves=7, first=3), -0.4, 1.2)
    capture = max(outside, key=lambda c: c.box[1])
    stage.used.append(capture.ref)
    picture = stage.library.cut(capture).picture
    width, height = stage.size
    x0, y0, x1, _ = capture.box
    strip = picture[: max(300, int(y0 + 0.34 * (capture.height - y0)))]
    left, right = strip[:, : max(1, x0)], strip[:, min(capture.width - 1, x1) :]
    piece = left if left.shape[1] >= right.shape[1] else right
    piece = np.hstack([piece, piece[:, ::-1]])
    scale = max(width / piece.shape[1], height / piece.shape[0])
    large = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)[:height, :width]
    grey = luma(large.astype(np.float32) / 255)
    local = grey - wide_blur(grey, 45)
    low, high = np.percentile(local, (52, 97))
    return smoothstep(local, float(low), float(high))


def _face_guard(frame: Frame) -> Array:
    """1 on the face, soft towards hair and neck: the face itself is printed once."""
    hull = cv2.convexHull(frame.face[:, :2].astype(np.int32))
    mask = np.zeros((frame.size[1], frame.size[0]), np.float32)
    cv2.fillPoly(mask, [hull], 1.0)
    return wide_blur(mask, frame.face_width * 0.07)


def _fade_out(frame: Frame) -> Array:
    """Shoulders dissolve into the paper."""
    rows, _ = backgrounds.grid(frame.size)
    start = frame.chin + 0.16 * frame.size[1]
    return np.asarray(1 - 0.85 * smoothstep(rows, start, frame.size[1] * 1.12), np.float32)


def _three_tones(value: Array, ink: str) -> Array:
    """Dark, ink and paper over the tone of the picture."""
    tone = blur(np.clip((value - 0.02) / 0.95, 0, 1), 0.6)[..., None]
    dark, middle, pale = bgr(shift_hue(ink, degrees=-130, value=0.22, saturation=0.8)), bgr(ink), bgr("#f6ead6")
    low = dark + (middle - dark) * np.clip(tone / 0.5, 0, 1)
    high = middle + (pale - middle) * np.clip((tone - 0.5) / 0.5, 0, 1)
    return np.asarray(np.where(tone < 0.5, low, high), np.float32)
