"""Taking the light of the place out of a figure that was photographed on grass and under trees."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from gpu_service.preview.backgrounds import grid
from gpu_service.preview.colour import Array, blur, disc
from gpu_service.preview.framing import Frame


def without_spill(frame: Frame) -> Frame:
    """The frame with green edges, green spill and the blue of open shade reduced.

    Blades of grass between the feet are taken out of the alpha; the soles are made neutral.
    """
    colours = _toes_without_blades(frame)
    rows, _ = grid(frame.size)
    blue, green, red = colours[..., 0], colours[..., 1], colours[..., 2]
    grassy = np.clip((green - blue - 0.10) / 0.06, 0, 1) * np.clip((0.07 - (red - green)) / 0.04, 0, 1)
    sunlit = np.clip((green - blue - 0.22) / 0.06, 0, 1) * np.clip((0.13 - (red - green)) / 0.04, 0, 1)
    blades: Array = cv2.dilate(np.maximum(grassy, sunlit), np.ones((3, 3), np.uint8))
    low = frame.foot - 0.10 * frame.size[1]
    edge = blur((frame.alpha < 0.97).astype(np.float32), 6) > 0.02
    alpha = frame.alpha * (1 - blur(blades * ((rows > frame.chin) & (edge | (rows > low))), 0.8))
    colours[..., 1] = green - np.clip(green - np.maximum(blue, red), 0, 1)
    lab = cv2.cvtColor(colours, cv2.COLOR_BGR2LAB)
    lab[..., 1] = np.where(lab[..., 1] < -3, lab[..., 1] * 0.3, lab[..., 1] + 1.5)
    lab[..., 2] = np.where(lab[..., 2] > 9, 9 + (lab[..., 2] - 9) * 0.78, lab[..., 2] * 0.85)
    sole = np.clip((rows - (frame.foot - 0.03 * frame.size[1])) / (0.01 * frame.size[1]), 0, 1) * (lab[..., 2] < 14)
    lab[..., 1] = lab[..., 1] * (1 - sole) + np.clip(lab[..., 1], -2, 4) * sole
    lab[..., 2] = lab[..., 2] * (1 - sole) + np.clip(lab[..., 2], -4, 5) * sole
    cleaned = np.clip(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), 0, 1)
    return replace(frame, colours=cleaned.astype(np.float32), alpha=_one_piece(alpha.astype(np.float32)))


def _toes_without_blades(frame: Frame) -> Array:
    """The colours with the thin things that lie over toes and soles smoothed away: blades of grass, gravel."""
    height = frame.size[1]
    colours = frame.colours.copy()
    lowest = frame.foot
    if lowest > 0.985 * height:  # the feet are not in the picture
        return colours
    reach, top = round(0.024 * height), round(lowest - 0.075 * height)
    part = slice(max(0, top), min(height, lowest + 4))
    alpha = frame.alpha[part]
    solid = (alpha > 0.5).astype(np.uint8)
    below = cv2.copyMakeBorder(solid, 0, reach, 0, 0, cv2.BORDER_CONSTANT, value=0)[reach:]
    near = blur((solid * (1 - below)).astype(np.float32), 2)[..., None]
    side = max(5, round(0.008 * height)) | 1
    eight = (np.clip(colours[part], 0, 1) * 255).round().astype(np.uint8)
    calm = cv2.medianBlur(eight, side).astype(np.float32) / 255
    colours[part] = colours[part] * (1 - near) + calm * near
    return colours


def _one_piece(alpha: Array) -> Array:
    """The figure without the tufts that lie loose beside it."""
    _, pieces, stats, _ = cv2.connectedComponentsWithStats((alpha > 0.25).astype(np.uint8))
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if len(stats) > 1 else 0
    near = cv2.dilate((pieces == largest).astype(np.uint8), disc(5))
    return np.asarray(alpha * blur(near.astype(np.float32), 1.0), np.float32)
