"""Cut paper: a monochrome cut-out with a printed tee over paper shapes, every sheet with its shadow."""

from __future__ import annotations

import cv2
import numpy as np

from gpu_service.preview import backgrounds, garment
from gpu_service.preview.colour import Array, bgr, blur, display, light, linear, luma, shift_hue
from gpu_service.preview.framing import Frame
from gpu_service.preview.grade import Grade, finish
from gpu_service.preview.relighting import Light
from gpu_service.preview.sheets import blob, lay, scissor_margin
from gpu_service.preview.stage import Stage

LEADS = ("#2f5d8a", "#c2412d", "#3f7a5c", "#8a4f8f")
OTHERS = {
    "#2f5d8a": ("#e8a13a", "#c2412d"), "#c2412d": ("#e3b9a8", "#2f4f6f"),
    "#3f7a5c": ("#e6c35a", "#c9653f"), "#8a4f8f": ("#e8a13a", "#3f5f8f"),
}  # fmt: skip


def render(stage: Stage) -> Array:
    trio = str(stage.chance.choice(LEADS))
    lead = stage.colour or shift_hue(trio, degrees=stage.between(-4, 4))
    second, third = OTHERS[trio]
    capture = stage.standing(natural=0.15)
    crop = stage.crop_of(capture, head_room=0.06, at=0.5 + stage.between(-0.05, 0.05), tilt=stage.between(-3, 3),
                         closer=1.05)  # fmt: skip
    frame = stage.frame(capture, crop)
    width, height = frame.size
    short = min(width, height)
    picture = backgrounds.paper("#ece4d6", frame.size, seed=stage.seed % 67, tooth=0.025)
    head = frame.face[:, :2].mean(0)
    spots = (
        ((head[0] + stage.side * 0.17 * short, head[1] + 0.14 * short), 0.38 * short, lead),
        ((head[0] - stage.side * 0.30 * short, height * 0.78), 0.30 * short, second),
        ((head[0] + stage.side * 0.40 * short, height * 0.86), 0.24 * short, third),
    )
    for number, (centre, radius, colour) in enumerate(spots):
        mask = blob((float(centre[0]), float(centre[1])), radius, frame.size, stage.chance)
        picture = lay(picture, mask, backgrounds.paper(colour, frame.size, seed=number + 11, tooth=0.03))
    figure = _printed(stage, frame, stage.clothes(capture, frame), (lead, second, third))
    cover = frame.alpha[..., None]
    sheet = light("#f7f3ea") * (1 - cover) + figure * cover
    mask = scissor_margin(frame.alpha, round(short * 0.029))
    picture = lay(picture, mask, sheet, drop=(8, 12), soft=9)
    return finish(picture, Grade(contrast=1.05, grain=0.018, vignette=0.06), stage.seed)


def _printed(stage: Stage, frame: Frame, masks: tuple[Array, Array] | None, colours: tuple[str, ...]) -> Array:
    """The figure as a warm monochrome print; the shirt keeps its colours."""
    key = Light((stage.side * 0.7, -0.5, 0.6), power=1.5, shadow=0.7)
    grey = display(luma(stage.relit(frame, [key], (0.20,) * 3)))
    grey = np.clip(0.45 + (grey - 0.45) * 1.22, 0, 1) + 0.6 * (grey - blur(grey, 2))
    tone = np.clip(grey, 0, 1)
    mono = linear(tone)[..., None] * np.array([0.93, 0.98, 1.0], np.float32)
    if masks is None:
        return np.asarray(mono, np.float32)
    shirt = masks[0]
    across, down = garment.fold_shift(frame, shirt, gain=60, most=12)
    rows, columns = backgrounds.grid(frame.size)
    pattern = cv2.remap(_pebbles(stage, frame, colours), columns + across, rows + down, cv2.INTER_LINEAR,
                        borderMode=cv2.BORDER_REFLECT)  # fmt: skip
    dyed = linear(garment.dye(frame, shirt, linear(pattern), gamma=1.0, folds=1.6, sheen=0.0))
    flat = np.maximum(display(luma(linear(frame.colours))), 0.05)
    dyed = dyed * np.clip(tone / flat, 0.4, 1.5)[..., None] ** 1.2
    cover = shirt[..., None]
    return np.asarray(mono * (1 - cover) + dyed * cover, np.float32)


def _pebbles(stage: Stage, frame: Frame, colours: tuple[str, ...]) -> Array:
    """An all-over print of pebbles, sized after the face; display BGR."""
    width, height = frame.size
    paint = np.zeros((height, width, 3), np.uint8)
    paint[:] = (bgr("#f3e3d6") * 255).astype(np.uint8)
    inks = [tuple(float(v) for v in bgr(colour) * 255) for colour in (*colours, "#1d1d28")]
    unit = frame.face_width * 0.085
    angle = np.linspace(0, 2 * np.pi, 40)
    count = int(width * height / (unit * unit * 13))
    for _ in range(count):
        x, y, turn = stage.between(0, width), stage.between(0, height), stage.between(0, 6.3)
        reach = unit * stage.between(0.5, 1.35) * (1 + 0.35 * np.cos(2 * angle + turn) + 0.2 * np.cos(3 * angle))
        shape = np.c_[x + reach * np.cos(angle + turn), y + reach * np.sin(angle + turn)]
        ink = inks[int(stage.chance.integers(len(inks)))]
        cv2.fillPoly(paint, [(shape * 16).astype(np.int32)], ink, cv2.LINE_AA, 4)
    return paint.astype(np.float32) / 255
