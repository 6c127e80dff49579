"""``make contact-sheets``: sheets of the sample people in every scene, for looking at, with times and likeness.

Writes below OUTDIR: ``index.html``, one JPEG per sheet, and the pictures. What was made by the same
code is kept, so a run that was broken off goes on where it stopped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import openpeople
from PIL import Image

from gpu_service.inputs import InputFetcher
from gpu_service.preview.catalogue import FORMATS, SCENES, SceneInfo
from gpu_service.preview.engine import PreviewEngine
from gpu_service.sample_product import draw

PEOPLE = ("P001", "P002", "P004", "P005", "P006", "P007", "P008", "P009", "P010")
PHOTOGRAPHS = ("studio_portrait", "studio_posture", "amateur_posture", "amateur_selfie")
CODE = Path(__file__).parent / "preview"
THUMB = 360  # pixels across
PRODUCT = "product"
CANDIDATES = 4


@dataclass(frozen=True)
class Shot:
    """One picture of a sheet: who, in which scene, and what was asked for."""

    sheet: str
    scene: str
    person: str
    format: str = "4:5"
    seed: int = 1
    colour: str | None = None
    light: str | None = None
    crop: str | None = None

    @property
    def name(self) -> str:
        """The same for the same request; other requests have other names."""
        asked = [str(part) for part in asdict(self).values()][1:]
        return f"{self.scene}_{self.person}_{hashlib.sha256('|'.join(asked).encode()).hexdigest()[:10]}"

    @property
    def caption(self) -> str:
        parts = (self.person, self.format, f"seed {self.seed}", self.colour, self.light, self.crop)
        return " · ".join(part for part in parts if part)


class SampleFetcher(InputFetcher):
    """Hands out the sample people's own files instead of fetching."""

    def __init__(self, data: Path) -> None:
        super().__init__(data, frozenset())
        self.paths: dict[str, Path] = {PRODUCT: data / "product.png"}
        draw(self.paths[PRODUCT])

    def fetch(self, *, url: str, sha256: str) -> Path:
        return self.paths[sha256]

    def photographs(self, person: str) -> list[dict[str, str]]:
        folder = Path(openpeople.__file__).parent / "data" / "curated" / person / "assets"
        given = []
        for name in PHOTOGRAPHS:
            path = folder / f"{name}.jpg"
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            self.paths[sha256] = path
            given.append({"ref": name, "url": "sample", "sha256": sha256})
        return given


def shots(scene: SceneInfo, number: int) -> Iterator[Shot]:
    """Everybody in the scene; its other formats; candidates of one look; what art direction changes."""
    people = PEOPLE[number % len(PEOPLE) :] + PEOPLE[: number % len(PEOPLE)]
    for seed, person in enumerate(PEOPLE, 1):
        yield Shot("everybody", scene.name, person, seed=seed)
    for picture_format in FORMATS:
        if picture_format != "4:5":
            yield from (Shot("formats", scene.name, person, picture_format, seed=3) for person in people[:3])
    for seed in range(11, 11 + CANDIDATES):
        yield Shot("candidates", scene.name, people[0], seed=seed)
    yield Shot("directed", scene.name, people[1], seed=5, colour="#2f7a6f", light="left")
    yield Shot("directed", scene.name, people[1], seed=5, colour="#c9462f", light="right")
    for crop in scene.crops:
        yield Shot("directed", scene.name, people[1], seed=5, light="left", crop=crop)


def _no_step(value: float) -> None:
    """Progress of a picture that nobody waits for."""


def make(shot: Shot, engine: PreviewEngine, fetcher: SampleFetcher, folder: Path) -> dict[str, Any]:
    """Make one picture and say how it went: ``seconds`` of one core once the mattes are kept, and likeness."""
    given: dict[str, Any] = {
        "photographs": fetcher.photographs(shot.person),
        "scene": shot.scene,
        "format": shot.format,
        "seed": shot.seed,
        "art": {"colour": shot.colour, "light": shot.light, "crop": shot.crop},
        "product": {"url": "sample", "sha256": PRODUCT} if shot.scene == "product" else None,
    }
    for photograph in given["photographs"]:
        engine.library.warm(sha256=photograph["sha256"], path=fetcher.paths[photograph["sha256"]])
    path = folder / f"{shot.name}.png"
    started = time.process_time()
    made = engine.generate(given, fetcher=fetcher, path=path, step=_no_step)
    seconds = time.process_time() - started
    Image.open(path).convert("RGB").save(path.with_suffix(".jpg"), quality=90)
    path.unlink()
    report = {"seconds": round(seconds, 2), "likeness": made.result["likeness_before_print"]}
    path.with_suffix(".json").write_text(json.dumps(report))
    return report


def sheet(paths: list[Path], target: Path) -> None:
    thumbs = []
    for path in paths:
        image = Image.open(path)
        thumbs.append(image.resize((THUMB, round(THUMB * image.height / image.width)), Image.Resampling.LANCZOS))
    columns = min(5, len(thumbs))
    tall = max(thumb.height for thumb in thumbs)
    rows = -(-len(thumbs) // columns)
    page = Image.fromarray(np.full((rows * (tall + 10), columns * (THUMB + 10), 3), 245, np.uint8))
    for number, thumb in enumerate(thumbs):
        page.paste(thumb, ((number % columns) * (THUMB + 10), (number // columns) * (tall + 10)))
    page.save(target, quality=88)


def index(made: list[tuple[Shot, dict[str, Any]]], pictures: Path, target: Path) -> None:
    """A page of all sheets: each picture opens large; below it what was asked, its time and likeness."""
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8><title>Contact sheets</title><style>"
        "body{font:14px/1.5 system-ui;margin:2rem;background:#f5f5f3;color:#222}figure{display:inline-block;margin:6px;"
        "vertical-align:top;width:230px}img{width:100%}figcaption{font-size:12px;color:#555}</style>"
        "<h1>Contact sheets</h1><p>Composited from photographs of people who do not exist.</p>"
    ]
    heading = ""
    for shot, report in made:
        if heading != (heading := f"{shot.scene}: {shot.sheet}"):
            parts.append(f"<h2>{escape(heading)}</h2>")
        source = f"{pictures.name}/{shot.name}.jpg"
        likeness = "no face found" if report["likeness"] is None else f"{report['likeness']:.2f}"
        caption = f"{shot.caption} · {report['seconds']:.1f} s · likeness {likeness}"
        parts.append(
            f'<figure><a href="{source}"><img loading=lazy src="{source}" alt="{escape(shot.caption)}"></a>'
            f"<figcaption>{escape(caption)}</figcaption></figure>"
        )
    target.write_text("\n".join(parts), encoding="utf-8")


def _code_digest() -> str:
    """Changes whenever the code that makes the pictures does."""
    content = b"".join(path.read_bytes() for path in sorted(CODE.rglob("*.py")))
    return hashlib.sha256(content).hexdigest()[:10]


def _summary(made: list[tuple[Shot, dict[str, Any]]]) -> str:
    times = [report["seconds"] for _, report in made]
    likenesses = [report["likeness"] or 0.0 for _, report in made]
    return (
        f"{len(made)} pictures: {np.mean(times):.1f} s on average, {max(times):.1f} s at most; "
        f"likeness {np.mean(likenesses):.2f} on average, {min(likenesses):.2f} at least"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scenes", nargs="*", default=[scene.name for scene in SCENES])
    parser.add_argument("--people", nargs="*", default=list(PEOPLE))
    parser.add_argument("--sheets", nargs="*", default=["everybody", "formats", "candidates", "directed"])
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    folder: Path = arguments.folder
    pictures = folder / f"pictures-{_code_digest()}"
    for old in folder.glob("pictures-*"):
        if old != pictures:
            shutil.rmtree(old)
    pictures.mkdir(parents=True, exist_ok=True)
    engine = PreviewEngine(folder / "data")
    fetcher = SampleFetcher(folder / "data")
    wanted = [
        shot
        for number, scene in enumerate(SCENES)
        for shot in shots(scene, number)
        if scene.name in arguments.scenes and shot.sheet in arguments.sheets and shot.person in arguments.people
    ]
    made: list[tuple[Shot, dict[str, Any]]] = []
    for (scene, name), group in groupby(wanted, key=lambda shot: (shot.scene, shot.sheet)):
        paths = []
        for shot in group:
            kept = pictures / f"{shot.name}.json"
            report = json.loads(kept.read_text()) if kept.exists() else make(shot, engine, fetcher, pictures)
            made.append((shot, report))
            paths.append(kept.with_suffix(".jpg"))
            sys.stdout.write(
                f"{len(made):3}/{len(wanted)} {scene:9} {name:10} {shot.caption:40} "
                f"{report['seconds']:5.2f} s  likeness {report['likeness']}\n"
            )
            sys.stdout.flush()
        sheet(paths, folder / f"{scene}_{name}.jpg")
        index(made, pictures, folder / "index.html")
    sys.stdout.write(f"{_summary(made)}\n{folder / 'index.html'}\n")


if __name__ == "__main__":
    main()
