"""On location: the person's own outdoor photograph, its depth and light regraded to a low sun."""

from __future__ import annotations

import cv2
import numpy as np

from gpu_service.errors import JobFailed
from gpu_service.preview import backgrounds
from gpu_service.preview.colour import Array, disc, linear, luma, wide_blur
from gpu_service.preview.framing import ALL_EDGES
from gpu_service.preview.grade import Grade, finish, over
from gpu_service.preview.relighting import Light
from gpu_service.preview.stage import Stage

EXPOSURE = 1.22  # low sun is warm, not dark
WHITES = 1.1  # how far a white shirt is held back, so that its folds survive the sun


def render(stage: Stage) -> Array:
    if all(capture.studio for capture in stage.captures):
        raise JobFailed("invalid_input", "this scene needs a photograph taken outside a studio")
    capture = stage.pick("full", "three_quarter", "portrait", studio=False)
    at = 0.5 + stage.side * 0.12 * stage.between(0.2, 1.0)
    full = stage.crop == "full"
    crop = stage.crop_of(
        capture, head_room=0.14 if full else 0.10, foot_room=0.04, at=at, closer=stage.between(0.80, 1.05)
    )
    frame = stage.frame(capture, crop, edges=ALL_EDGES)
    picture = cv2.warpAffine(
        stage.library.cut(capture).picture, frame.matrix, frame.size, flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    place = _without_person(linear(picture.astype(np.float32) / 255), frame.alpha)
    place = _out_of_focus(place, frame.size, full)
    place = place * np.array([0.64, 0.87, 1.0], np.float32) * 0.84
    spill = np.clip(place[..., 1] - np.maximum(place[..., 0], place[..., 2]) * 0.9, 0, 1)
    place[..., 1] -= spill * 0.35
    place[..., 2] += spill * 0.28
    key = Light((stage.side * 0.8, -0.4, 0.5), (0.72, 0.93, 1.12), 1.4, 0.45)
    rim = Light((stage.side * 0.9, -0.35, 0.1), (0.35, 0.8, 1.3), 1.2)
    figure = stage.relit(frame, [key], (0.35, 0.33, 0.32), rim=rim)
    figure = figure / (1 + WHITES * np.clip(luma(figure) - 0.5, 0, None))[..., None]
    rows, columns = backgrounds.grid(frame.size)
    sun = (columns / frame.size[0] - (0.5 + stage.side * 0.55)) ** 2 + (rows / frame.size[1] - 0.05) ** 2
    flare = np.exp(-sun * 3.2)[..., None] * np.array([0.025, 0.06, 0.10], np.float32)
    look = Grade(
        contrast=1.10, saturation=0.9, grain=0.028, vignette=0.22, halation=0.3, fade=0.01,
        shadows=(0.03, 0.012, -0.012), highlights=(-0.05, -0.008, 0.018),
    )  # fmt: skip
    whole = over(figure, place, frame.alpha, wrap=0.28, reach=16) + flare
    return finish(whole * EXPOSURE, look, stage.seed)


def _without_person(place: Array, alpha: Array) -> Array:
    """The place with the person's hole filled from its surroundings, coarse to fine."""
    seen = (1 - (cv2.dilate(alpha, disc(13)) > 0.02)).astype(np.float32)
    known = place * seen[..., None]
    filled = np.zeros_like(place)
    for sigma in (160, 54, 18, 6):
        weight = wide_blur(seen, sigma)
        value = wide_blur(known, sigma) / np.maximum(weight, 1e-3)[..., None]
        sure = np.clip(weight * 4, 0, 1)[..., None]
        filled = value * sure + filled * (1 - sure)
    return np.asarray(np.where(seen[..., None] > 0.5, place, filled), np.float32)


def _out_of_focus(place: Array, size: tuple[int, int], full: bool) -> Array:
    """Round lens blur in linear light, less where the ground comes near to the camera."""
    bright = place * (1 + 2.5 * np.clip(luma(place) - 0.75, 0, 1)[..., None])
    unit = min(size) / 1080
    far = _lens(bright, round(13 * unit))
    rows, _ = backgrounds.grid(size)
    near = np.clip((rows / size[1] - 0.6) / 0.3, 0, 1)[..., None]
    if not full:
        return far
    return np.asarray(far * (1 - near) + _lens(bright, round(3 * unit)) * near, np.float32)


def _lens(picture: Array, radius: int) -> Array:
    kernel: Array = disc(2 * radius + 1).astype(np.float32)
    kernel = cv2.GaussianBlur(np.pad(kernel, 2), (0, 0), 0.8)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT), np.float32)
