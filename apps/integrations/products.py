"""How much of a product's own picture is found again in another one: its colours, and the drawing on it."""

import io
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIDE = 640  # longest side at which pictures are compared
BIN = 8  # width of a bin of a* and b*
SEEN = 0.002  # a colour counts as seen from this share of the picture on
PAPER = 22  # a pixel this near to the colour of the corners is the ground that the product was photographed on
LEAST_MATCHES = 12  # points of a drawing that lie as they do on the product; fewer happen by chance

Picture = NDArray[np.uint8]


@dataclass(frozen=True)
class Found:
    """`colours` is the share of the product's surface whose colour the picture has, 0 to 1; `points` how many points of
    its drawing lie as they do on the product."""

    colours: float
    points: int

    @property
    def drawing(self) -> bool:
        return self.points >= LEAST_MATCHES


def compare(product: bytes, picture: bytes) -> Found:
    """A product's reference with a picture that should show it."""
    reference, alpha = _open(product)
    shown, _ = _open(picture)
    return Found(_colours(reference, alpha, shown), _points(reference, alpha, shown))


def _open(data: bytes) -> tuple[Picture, NDArray[np.bool_]]:
    """RGB, and where the thing itself is: what is not transparent and not of the colour of the corners."""
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((SIDE, SIDE))
        rgba = np.asarray(image.convert("RGBA"))
    pixels = np.ascontiguousarray(rgba[:, :, :3])
    lab = _lab(pixels)
    corners = np.median([lab[0, 0], lab[0, -1], lab[-1, 0], lab[-1, -1]], axis=0)
    thing = (rgba[:, :, 3] > 127) & (np.linalg.norm(lab - corners, axis=2) > PAPER)
    return pixels, thing


def _lab(pixels: Picture) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2Lab))


def _colours(reference: Picture, thing: NDArray[np.bool_], shown: Picture) -> float:
    if not thing.any():
        return 0.0
    own, there = _bins(_lab(reference)[thing]), _bins(_lab(shown).reshape(-1, 3))
    seen = cv2.dilate((there >= SEEN).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return float(own[seen].sum())


def _bins(lab: NDArray[np.float32]) -> NDArray[np.float64]:
    edges = np.arange(-128, 128 + BIN, BIN)
    counted: Any = np.histogram2d(lab[:, 1], lab[:, 2], bins=[edges, edges])[0]
    return np.asarray(counted / max(1, len(lab)))


def _points(reference: Picture, thing: NDArray[np.bool_], shown: Picture) -> int:
    finder = cv2.ORB_create(1500)  # type: ignore[attr-defined]
    mask = thing.astype(np.uint8) * 255
    own, what = finder.detectAndCompute(cv2.cvtColor(reference, cv2.COLOR_RGB2GRAY), mask)
    there, where = finder.detectAndCompute(cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY), None)
    if what is None or where is None or len(own) < LEAST_MATCHES or len(there) < LEAST_MATCHES:
        return 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(what, where, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.75 * pair[1].distance]
    if len(good) < LEAST_MATCHES:
        return 0
    source = np.array([own[match.queryIdx].pt for match in good], np.float32)
    target = np.array([there[match.trainIdx].pt for match in good], np.float32)
    _, inside = cv2.estimateAffinePartial2D(source, target, ransacReprojThreshold=6)
    return int(inside.sum()) if inside is not None else 0
