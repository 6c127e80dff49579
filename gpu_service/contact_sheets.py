"""``python -m gpu_service.contact_sheets OUTDIR``: every person and scene of the sample people on sheets.

Made for looking at. Prints one line per picture: time on one core (after the matte is kept) and
likeness to the mean of the person's own photographs.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openpeople
from PIL import Image

from gpu_service.inputs import InputFetcher
from gpu_service.preview.catalogue import SCENES
from gpu_service.preview.engine import PreviewEngine
from gpu_service.sample_product import draw

PEOPLE = ("P001", "P002", "P004", "P005", "P006", "P007", "P008", "P009", "P010")
PHOTOGRAPHS = ("studio_portrait", "studio_posture", "amateur_posture", "amateur_selfie")
THUMB = 360
PRODUCT = "product"


class SampleFetcher(InputFetcher):
    """Hands out the sample people's own files instead of fetching."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, frozenset())
        self.paths: dict[str, Path] = {}

    def fetch(self, *, url: str, sha256: str) -> Path:
        return self.paths[sha256]


def photographs(person: str, fetcher: SampleFetcher) -> list[dict[str, str]]:
    folder = Path(openpeople.__file__).parent / "data" / "curated" / person / "assets"
    given = []
    for name in PHOTOGRAPHS:
        path = folder / f"{name}.jpg"
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        fetcher.paths[sha256] = path
        given.append({"ref": name, "url": "sample", "sha256": sha256})
    return given


def _no_step(value: float) -> None:
    """Progress of a picture that nobody waits for."""


def make(engine: PreviewEngine, fetcher: SampleFetcher, folder: Path, person: str, scene: str,
         picture_format: str, seed: int) -> Path:  # fmt: skip
    """One picture, made with its matte already kept, reported on one line."""
    path = folder / f"{scene}_{person}_{picture_format.replace(':', 'x')}_{seed}.png"
    given: dict[str, Any] = {
        "photographs": photographs(person, fetcher),
        "scene": scene,
        "format": picture_format,
        "seed": seed,
    }
    if scene == "product":
        given["product"] = {"url": "sample", "sha256": PRODUCT}
    started = time.process_time()
    made = engine.generate(given, fetcher=fetcher, path=path, step=_no_step)
    took = time.process_time() - started
    likeness = made.result["likeness_before_print"]
    sys.stdout.write(f"{scene:10} {person} {picture_format:5} {took:5.2f} s  likeness {likeness}\n")
    sys.stdout.flush()
    return path


def sheet(paths: list[Path], columns: int, target: Path) -> None:
    thumbs = []
    for path in paths:
        image = Image.open(path)
        thumbs.append(image.resize((THUMB, round(THUMB * image.height / image.width)), Image.Resampling.LANCZOS))
    tall = max(thumb.height for thumb in thumbs)
    rows = -(-len(thumbs) // columns)
    page = Image.fromarray(np.full((rows * (tall + 10), columns * (THUMB + 10), 3), 245, np.uint8))
    for number, thumb in enumerate(thumbs):
        page.paste(thumb, ((number % columns) * (THUMB + 10), (number // columns) * (tall + 10)))
    page.save(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", nargs="*", default=[scene.name for scene in SCENES])
    parser.add_argument("--people", nargs="*", default=list(PEOPLE))
    parser.add_argument("--format", default="4:5")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    engine = PreviewEngine(arguments.folder / "data")
    fetcher = SampleFetcher(arguments.folder / "data")
    fetcher.paths[PRODUCT] = arguments.folder / "product.png"
    draw(fetcher.paths[PRODUCT])
    for scene in arguments.scenes:
        paths = [
            make(engine, fetcher, arguments.folder, person, scene, arguments.format, arguments.seed + number)
            for number, person in enumerate(arguments.people)
        ]
        name = f"sheet_{scene}_{arguments.format.replace(':', 'x')}.png"
        sheet(paths, min(5, len(paths)), arguments.folder / name)


if __name__ == "__main__":
    main()
