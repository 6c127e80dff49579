"""Photographs of a twin: decoded safely, analysed once, cut out once, kept by SHA-256.

Below ``data/mattes`` lie ``<sha256>.<VERSION>.npz`` (analysis) and two PNG files (matte, colours).
The files are personal data: the service deletes them some hours after their last use.
"""

from __future__ import annotations

import fcntl
import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from gpu_service.preview import clothes, faces, figure, landmarks, matting

VERSION = "m5"
MOST_PIXELS = 60_000_000
SMALLEST_SIDE = 600
SMALLEST_FACE = 90  # pixels across
SOLE = 0.012  # of the picture's height: how far soles reach below the points of the feet
Array = NDArray[Any]


class Unusable(Exception):
    """A photograph that cannot be used; ``problem`` is one of the contract's words."""

    def __init__(self, problem: str, *, faces_seen: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.faces_seen = faces_seen


def decode(path: Path) -> Array:
    """A BGR picture, upright; raises Unusable for anything that is not a picture of sane size."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(path.read_bytes()), formats=("JPEG", "PNG", "WEBP", "TIFF"))
            if picture.width * picture.height > MOST_PIXELS:
                raise Unusable("too_large")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unusable("too_large") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unusable("not_a_picture") from error
    if min(upright.size) < SMALLEST_SIDE:
        raise Unusable("too_small")
    return np.ascontiguousarray(np.asarray(upright)[:, :, ::-1])


@dataclass(frozen=True, eq=False)
class Capture:
    """One analysed photograph. Boxes and points are in its pixels. Equal when the file is the same."""

    ref: str
    sha256: str
    path: Path
    width: int
    height: int
    face: faces.Face
    embedding: Array
    points: Array
    body: Array
    box: tuple[int, int, int, int]
    kind: str
    studio: bool
    touches: frozenset[str]  # the edges of the photograph that the figure runs over

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Capture) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    @property
    def frontal(self) -> bool:
        """Whether the face looks into the camera, by the nose between the temples."""
        left, nose, right = (self.points[i, 0] for i in (landmarks.LEFT_TEMPLE, 1, landmarks.RIGHT_TEMPLE))
        return bool(abs((nose - left) / max(1.0, right - left) - 0.5) < 0.12)


@dataclass(frozen=True)
class CutOut:
    """A capture with its matte: ``alpha`` and ``colours`` are uint8 at the size of the photograph."""

    capture: Capture
    picture: Array
    alpha: Array
    colours: Array
    backdrop: Array | None = field(default=None)


def edges_touched(mask: Array) -> list[str]:
    """The edges of the picture at which the figure is cut off."""
    strips = {"left": mask[:, :3], "top": mask[:3], "right": mask[:, -3:], "bottom": mask[-3:]}
    return [name for name, strip in strips.items() if (strip > 0.6).sum() > 36]


def feet(body: Array, height: int) -> float | None:
    """The lowest row of the feet, by the body points; None when the photograph does not show them."""
    points = body[list(landmarks.FEET)]
    lowest = float(points[:, 1].max())
    return lowest if points[:, 2].mean() > 0.6 and lowest < height - 10 else None


def kind_of(box: tuple[int, int, int, int], face_height: float, touches: list[str]) -> str:
    """Full, three-quarter or portrait, by the figure's height in faces."""
    tall = (box[3] - box[1]) / face_height
    if tall > 5.6 and "bottom" not in touches:
        return "full"
    return "three_quarter" if tall > 4.2 else "portrait"


class CaptureLibrary:
    """Analyses and mattes, read from the cache or made and kept."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "mattes"
        self._folder.mkdir(parents=True, exist_ok=True)
        self.cut = lru_cache(maxsize=3)(self._cut)
        self.clothes = lru_cache(maxsize=3)(self._clothes)

    def read(self, *, ref: str, sha256: str, path: Path) -> Capture:
        """The analysis of a photograph; raises Unusable when no one person can be found in it."""
        kept = self._folder / f"{sha256}.{VERSION}.npz"
        if not kept.exists():
            self._write(kept, **_analyse(decode(path)))
        os.utime(kept)
        with np.load(kept) as saved:
            return Capture(
                ref=ref,
                sha256=sha256,
                path=path,
                width=int(saved["size"][0]),
                height=int(saved["size"][1]),
                face=faces.Face(saved["face"]),
                embedding=saved["embedding"],
                points=saved["points"],
                body=saved["body"],
                box=tuple(int(v) for v in saved["box"]),  # type: ignore[arg-type]
                kind=str(saved["kind"]),
                studio=bool(saved["studio"]),
                touches=frozenset(str(edge) for edge in saved["touches"]),
            )

    def warm(self, *, sha256: str, path: Path) -> None:
        """Cut a photograph out before a scene needs it; nothing to do when its file is no longer kept."""
        if path.exists():
            capture = self.read(ref="", sha256=sha256, path=path)
            self.cut(capture)
            self.clothes(capture)

    @contextmanager
    def _alone(self, sha256: str) -> Iterator[None]:
        """Only one process at a time cuts a photograph; the lock goes with the process that holds it."""
        with (self._folder / f"{sha256}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def _write(self, path: Path, **arrays: Any) -> None:
        partial = path.with_name(f"{path.stem}.{os.getpid()}.npz")
        np.savez(partial, **arrays)
        partial.replace(path)

    def _cut(self, capture: Capture) -> CutOut:
        """The matte of a capture, from the cache when it is there."""
        names = [self._folder / f"{capture.sha256}.{VERSION}.{part}.png" for part in ("alpha", "colours")]
        picture = decode(capture.path)
        with self._alone(capture.sha256):
            if not all(name.exists() for name in names):
                for name, content in zip(names, _matte(capture, picture), strict=True):
                    _write_picture(name, content)
        for name in names:
            os.utime(name)
        alpha = _read_picture(names[0], cv2.IMREAD_GRAYSCALE)
        colours = _read_picture(names[1], cv2.IMREAD_COLOR)
        backdrop = None
        if capture.studio:
            backdrop = matting.studio_backdrop(picture, alpha.astype(np.float32) / 255)
        return CutOut(capture, picture, alpha, colours, backdrop)

    def _clothes(self, capture: Capture) -> Array | None:
        """Masks of the white capture clothes; None when there are none. Only studio pictures have them."""
        if not capture.studio:
            return None
        name = self._folder / f"{capture.sha256}.{VERSION}.clothes.png"
        if not name.exists():
            cut = self.cut(capture)
            hips = float(capture.body[list(landmarks.HIPS), 1].mean()) if capture.kind == "full" else None
            # A collar may stand higher than the chin, at the sides.
            collar = float(capture.points[landmarks.CHIN, 1]) - 0.25 * capture.face.box[3]
            found = clothes.masks(cut.colours, cut.alpha, collar, hips)
            _write_picture(name, found if found is not None else np.zeros((1, 1, 3), np.uint8))
        os.utime(name)
        kept = _read_picture(name, cv2.IMREAD_COLOR)
        return kept if kept.shape[0] > 1 else None


def _read_picture(path: Path, how: int) -> Array:
    picture = cv2.imread(str(path), how)
    if picture is None:
        raise OSError(f"{path.name} in the cache cannot be read")
    return np.asarray(picture)


def _write_picture(path: Path, content: Array) -> None:
    partial = path.with_name(f"{path.stem}.{os.getpid()}.png")
    cv2.imwrite(str(partial), content, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    partial.replace(path)


def _analyse(picture: Array) -> dict[str, Any]:
    found = faces.persons(faces.find(picture))
    if not found:
        raise Unusable("no_face")
    if len(found) > 1:
        raise Unusable("several_faces", faces_seen=len(found))
    face = found[0]
    if face.box[2] < SMALLEST_FACE:
        raise Unusable("too_small", faces_seen=1)
    coarse = matting.coarse(picture)
    if coarse is None:
        raise Unusable("no_figure", faces_seen=1)
    body, _ = landmarks.body_points(picture, coarse.box)
    touches = edges_touched(coarse.mask)
    box = coarse.box
    lowest = feet(body, picture.shape[0])
    if lowest is not None:  # the mask often runs on below the feet, into their shadow
        touches = [edge for edge in touches if edge != "bottom"]
        box = (*box[:3], min(box[3], int(lowest + SOLE * picture.shape[0])))
    return {
        "size": np.array([picture.shape[1], picture.shape[0]]),
        "face": face.row,
        "embedding": faces.embed(picture, face),
        "points": landmarks.face_points(picture, face),
        "body": body,
        "box": np.array(box),
        "touches": np.array(touches, dtype="U8"),
        "kind": kind_of(box, face.box[3], touches),
        "studio": coarse.backdrop is not None,
    }


def _matte(capture: Capture, picture: Array) -> tuple[Array, Array]:
    coarse = matting.coarse(picture)
    if coarse is None:
        raise Unusable("no_figure", faces_seen=1)
    mask = coarse.mask
    if capture.kind == "full":
        _, second = landmarks.body_points(picture, coarse.box)
        mask = figure.fused(mask, second, float(capture.points[landmarks.CHIN, 1]), capture.body)
        mask[capture.box[3] :] = 0
    alpha, colours = matting.matte(picture, coarse, capture.points, mask)
    if not capture.studio:
        alpha = figure.smooth_outline(alpha, float(capture.points[landmarks.CHIN, 1]))
    return (alpha * 255).round().astype(np.uint8), colours.round().astype(np.uint8)
