"""What a scene works with: the captures, the art direction, and the chances of the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_service.errors import JobFailed
from gpu_service.preview import garment
from gpu_service.preview.captures import Capture, CaptureLibrary
from gpu_service.preview.colour import linear, luma, shift_hue
from gpu_service.preview.framing import Crop, Frame, keep_inside, standard, take
from gpu_service.preview.products import Product
from gpu_service.preview.relighting import Light, Relief, relight

Array = NDArray[Any]


@dataclass
class Stage:
    """One picture in the making. ``side`` is where the key light comes from: -1 left, 1 right."""

    library: CaptureLibrary
    captures: Sequence[Capture]
    picture_format: str
    size: tuple[int, int]
    crop: str
    side: float
    colour: str | None
    product: Product | None
    seed: int
    chance: np.random.Generator
    nearness: float = 1.0  # this candidate's crop beside the usual one: above 1 is nearer
    swing: float = 1.0  # how far round its lights hang beside the scene's own,
    lift: float = 1.0  # and how high
    fill: float = 0.0  # further light from the front, for a face that got too dark to be known
    used: list[str] = field(default_factory=list)

    def palette(self, colours: Sequence[str]) -> str:
        """The colour that was asked for, or one of the scene's own with a small drift in hue."""
        if self.colour is not None:
            return self.colour
        picked = str(self.chance.choice(list(colours)))
        return shift_hue(picked, degrees=self.between(-4, 4), value=self.between(0.96, 1.03))

    def between(self, low: float, high: float) -> float:
        return float(self.chance.uniform(low, high))

    def pick(self, *kinds: str, studio: bool | None = None, frontal: bool = False) -> Capture:
        """A photograph of the first kind that there is; raises JobFailed when there is none.

        ``studio`` None takes either; otherwise it is a preference, and so is ``frontal``.
        """
        for kind in kinds:
            of_kind = [c for c in self.captures if c.kind == kind]
            wanted = [c for c in of_kind if studio is None or c.studio == studio]
            straight = [c for c in wanted if c.frontal or not frontal]
            for group in (straight, wanted, of_kind):
                if group:
                    return group[int(self.chance.integers(len(group)))]
        raise JobFailed("invalid_input", f"no photograph of the kinds {', '.join(kinds)} among those given")

    def has(self, kind: str, *, studio: bool) -> bool:
        return any(c.kind == kind and c.studio == studio for c in self.captures)

    def close_up(self, *, frontal: bool = False) -> Capture:
        """A portrait. Some come out of a figure seen in full, with more room about the head.

        Always so in 16:9, where the sides of a portrait would show, and in 9:16 when its hair is cut off.
        """
        near = self.pick("portrait", "three_quarter", "full", studio=True, frontal=frontal)
        tight = "top" in near.touches
        chance = {"16:9": 1.0, "9:16": 1.0 if tight else 0.2}.get(self.picture_format, 0.5 if tight else 0.2)
        if self.chance.random() < chance and self.has("full", studio=True):
            return self.pick("full", studio=True, frontal=frontal)
        return near

    def standing(self, *, natural: float = 0.0) -> Capture:
        """A figure from head to foot; ``natural`` is the chance of the one taken outside the studio."""
        outside = self.chance.random() < natural
        return self.pick("full", "three_quarter", "portrait", studio=not outside)

    def crop_of(self, capture: Capture, crop: str | None = None, **options: float) -> Crop:
        """The usual crop; those that do not show the whole figure come nearer or less near by the seed."""
        closer = options.pop("closer", 1.0) * self.nearness
        return standard(capture, crop or self.crop, self.picture_format, closer=closer, **options)

    def frame(
        self, capture: Capture, crop: Crop, size: tuple[int, int] | None = None, *, edges: frozenset[str] | None = None
    ) -> Frame:
        """Cut the crop out of the photograph, moved where its edges would show.

        ``edges`` are other edges to keep out of view: all of them where the place itself is seen.
        """
        size = size or self.size
        if capture.ref not in self.used:
            self.used.append(capture.ref)
        inside = keep_inside(crop, capture, size, edges)
        return take(self.library.cut(capture), inside, size)

    def clothes(self, capture: Capture, frame: Frame) -> tuple[Array, Array] | None:
        """Masks of white shirt and shorts in the frame; None when the photograph has none."""
        both = self.library.clothes(capture)
        if both is None:
            return None
        placed = cv2.warpAffine(both, frame.matrix, frame.size, flags=cv2.INTER_LINEAR).astype(np.float32) / 255
        return placed[..., 0], placed[..., 1]

    def dyed(
        self, capture: Capture, frame: Frame, shirt: str | Array, shorts: str | None = None, **options: float
    ) -> Frame:
        """The frame with its white clothes dyed; unchanged when there are none."""
        masks = self.clothes(capture, frame)
        if masks is None:
            return frame
        frame = replace(frame, colours=garment.dye(frame, masks[0], shirt, **options))
        if shorts is not None:
            frame = replace(frame, colours=garment.dye(frame, masks[1], shorts, gamma=1.0, folds=1.4))
        return frame

    def relit(
        self,
        frame: Frame,
        lights: list[Light],
        ambient: tuple[float, float, float],
        *,
        shape: Relief | None = None,
        rim: Light | None = None,
    ) -> Array:
        """The figure under the scene's lights, metered on the face as a photographer would."""
        red, green, blue = (value + self.fill for value in ambient)
        lights = [replace(light, towards=self._moved(light.towards)) for light in lights]
        lit = relight(frame, lights, (red, green, blue), shape=shape, rim=rim)
        return np.asarray(lit * metered(frame), np.float32)

    def _moved(self, towards: tuple[float, float, float]) -> tuple[float, float, float]:
        """A light as the seed hangs it: further round or less, higher or lower, always on its own side."""
        x, y, z = towards
        return x * self.swing * (1 - self.fill), y * self.lift, z


def metered(frame: Frame) -> float:
    """Exposure by the face: dark skin gets up to 40 % more light, pale skin a little less."""
    x0, y0 = (int(v) for v in np.maximum(frame.face[:, :2].min(0), 0))
    x1, y1 = (int(v) for v in np.minimum(frame.face[:, :2].max(0), frame.size))
    if x1 - x0 < 8 or y1 - y0 < 8:
        return 1.0
    skin = float(np.median(luma(linear(frame.colours[y0:y1:4, x0:x1:4]))))
    return float(np.clip((0.24 / max(skin, 0.02)) ** 0.4, 0.9, 1.4))
