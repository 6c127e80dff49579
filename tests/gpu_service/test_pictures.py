"""The pictures: their size, their label, their metadata, and whose face they show."""

from __future__ import annotations

import hashlib
import io
import sqlite3
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from gpu_service.preview import faces
from gpu_service.preview.label import WORDS
from gpu_service.sample_product import draw
from gpu_service.schema import SCHEMA
from gpu_service.store import JobStore
from tests.gpu_service.conftest import photograph_of
from tests.gpu_service.support import Portal, Service, enrol, generate

LIKENESS = 0.60  # what the portal's guard asks for


def pixels(content: bytes) -> Any:
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)


def mean_face(photographs: dict[str, bytes]) -> Any:
    vectors = [faces.embed(picture, faces.find(picture)[0]) for picture in map(pixels, photographs.values())]
    mean = np.mean(vectors, axis=0)
    return mean / np.linalg.norm(mean)


@pytest.fixture(scope="module")
def capture_set(portal: Portal, zara: dict[str, bytes]) -> list[dict[str, str]]:
    return [portal.photograph(name, content) for name, content in zara.items()]


@pytest.fixture(scope="module")
def bottle(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    path = tmp_path_factory.mktemp("product") / "bottle.png"
    draw(path)
    given = portal.photograph("bottle", path.read_bytes())
    return {"url": given["url"], "sha256": given["sha256"]}


LOOKS = [
    ("mono", "1:1", (1080, 1080)),
    ("block", "9:16", (1080, 1920)),
    ("product", "16:9", (1920, 1080)),
    ("double", "4:5", (1080, 1350)),
]


def assert_label_is_readable(picture: Any) -> None:
    """Light type on a darker strip in the lower left corner, on any ground."""
    height, width = picture.shape[:2]
    short = min(height, width)
    strip = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)[height - round(short * 0.05) : height - round(short * 0.024)]
    strip = strip[:, round(short * 0.035) : round(short * 0.45)].astype(np.int16)
    letters = strip - np.median(strip) > 70
    assert 0.02 < letters.mean() < 0.4
    assert (np.diff(letters.astype(np.int8), axis=1) != 0).sum() > 400


@pytest.mark.parametrize(("scene", "picture_format", "size"), LOOKS)
def test_picture_is_the_model_and_says_what_it_is(
    service: Service, capture_set: list[dict[str, str]], bottle: dict[str, str], zara: dict[str, bytes],
    scene: str, picture_format: str, size: tuple[int, int],
) -> None:  # fmt: skip
    product = bottle if scene == "product" else None
    job_id = service.submit(generate(capture_set, scene, format=picture_format, product=product)).json()["id"]
    job = service.wait(job_id)
    assert job["status"] == "succeeded", job["error"]
    output = job["outputs"][0]
    content = service.call("GET", output["url"]).content
    assert hashlib.sha256(content).hexdigest() == output["sha256"]
    assert len(content) == output["bytes"]
    picture = Image.open(io.BytesIO(content))
    assert picture.size == size == (output["width"], output["height"])
    assert picture.info["Description"] == WORDS
    assert picture.info["Generative"] == "false"
    shown = pixels(content)
    assert_label_is_readable(shown)
    assert float(faces.embed(shown, faces.find(shown)[0]) @ mean_face(zara)) >= LIKENESS
    assert job["result"]["generative"] is False
    assert job["result"]["likeness_before_print"] >= LIKENESS
    assert set(job["result"]["source_refs"]) <= {"portrait", "posture", "park"}


def test_same_seed_is_the_same_picture_and_another_seed_is_not(
    service: Service, capture_set: list[dict[str, str]]
) -> None:
    digests = []
    for seed in (3, 3, 4):
        job = service.wait(service.submit(generate(capture_set[:1], "hair", format="1:1", seed=seed)).json()["id"])
        digests.append(job["outputs"][0]["sha256"])
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


def test_product_scene_without_a_product_is_the_callers_mistake(
    service: Service, capture_set: list[dict[str, str]]
) -> None:
    job = service.wait(service.submit(generate(capture_set, "product")).json()["id"])
    assert job["error"]["code"] == "invalid_input"


def test_location_is_never_a_studio(service: Service, capture_set: list[dict[str, str]]) -> None:
    studio = [photograph for photograph in capture_set if photograph["ref"] != "park"]
    job = service.wait(service.submit(generate(studio, "location")).json()["id"])
    assert job["error"]["code"] == "invalid_input"


def test_unknown_scene_is_the_callers_mistake(service: Service, capture_set: list[dict[str, str]]) -> None:
    job = service.wait(service.submit(generate(capture_set, "moonwalk")).json()["id"])
    assert job["error"]["code"] == "invalid_input"
    assert job["outputs"] == []


def test_an_enrolment_hands_over_what_it_measured_and_says_that_there_are_no_weights(
    service: Service, capture_set: list[dict[str, str]]
) -> None:
    job = service.wait(service.submit(enrol(capture_set)).json()["id"])
    (artefact,) = job["artefacts"]
    assert artefact["kind"] == "measurements"
    assert "has no weights" in artefact["note"]
    answer = service.call("GET", artefact["url"])
    assert hashlib.sha256(answer.content).hexdigest() == artefact["sha256"]
    assert len(answer.content) == artefact["bytes"]
    measured = answer.json()
    assert "has no weights" in measured["what"]
    assert [one["report"] for one in measured["photographs"]] == job["result"]["photographs"]
    assert {len(one["face_vector"]["values"]) for one in measured["photographs"]} == {128}
    assert service.call("GET", artefact["url"][:-1] + "1").status_code == 404
    for path in (service.data / "outputs").glob("*.json"):
        path.unlink()
    assert service.call("GET", artefact["url"]).status_code == 410


def test_a_job_store_of_an_earlier_version_is_brought_up(tmp_path: Path) -> None:
    old = sqlite3.connect(tmp_path / "jobs.sqlite3")
    without = SCHEMA.replace("artefacts TEXT NOT NULL DEFAULT '[]', ", "")
    assert "artefacts" not in without
    old.executescript(without)
    old.close()
    store = JobStore(tmp_path / "jobs.sqlite3")
    body = enrol([])
    job, _ = store.submit(key="k", request=body, request_sha256="x", permission=lambda: None, queue_limit=5)
    store.claim()
    store.finish(job["id"], "succeeded", artefacts=[{"name": "enrolment.json"}])
    assert store.get(job["id"])["artefacts"] == [{"name": "enrolment.json"}]
    store.close()


def huge_png_header() -> bytes:
    """A PNG that claims 20,000 by 20,000 pixels and holds none."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def encoded(picture: Any) -> bytes:
    return bytes(cv2.imencode(".jpg", picture)[1])


def bad_photographs() -> dict[str, bytes]:
    portrait = pixels(photograph_of("P001", "studio_portrait", side=900))
    other = pixels(photograph_of("P005", "studio_portrait", side=900))
    wall = np.full((900, 900, 3), 128, np.uint8)
    return {
        "not_a_picture": b"Dear sir or madam, please find attached",
        "too_large": huge_png_header(),
        "no_face": encoded(wall),
        "several_faces": encoded(np.hstack([portrait, other])),
        "too_small": encoded(cv2.resize(portrait, (300, 300))),
        "too_blurred": encoded(cv2.GaussianBlur(portrait, (0, 0), 9)),
        "too_dark": encoded((portrait * 0.12).astype(np.uint8)),
    }


def test_enrolment_reports_what_is_wrong_with_each_photograph(
    service: Service, portal: Portal, capture_set: list[dict[str, str]]
) -> None:
    bad = bad_photographs()
    given = [portal.photograph(problem, content) for problem, content in bad.items()]
    empty = portal.photograph("empty", b"")
    job = service.wait(service.submit(enrol([*given, empty, *capture_set])).json()["id"])
    assert job["status"] == "succeeded", job["error"]
    reports = {report["ref"]: report for report in job["result"]["photographs"]}
    assert {problem: reports[problem]["problem"] for problem in bad} == {problem: problem for problem in bad}
    assert reports["empty"]["problem"] == "not_a_picture"
    assert reports["several_faces"]["faces"] == 2
    for name, kind in (("portrait", "portrait"), ("posture", "full"), ("park", "full")):
        assert reports[name]["problem"] is None
        assert reports[name]["views"]["kind"] == kind
        assert reports[name]["quality"]["score"] > 0.5


def test_no_picture_is_made_of_photographs_without_a_person(service: Service, portal: Portal) -> None:
    bad = bad_photographs()
    given = [portal.photograph(name, bad[name]) for name in ("not_a_picture", "no_face", "several_faces", "too_large")]
    job = service.wait(service.submit(generate(given, "mono")).json()["id"])
    assert job["status"] == "failed"
    assert job["error"]["code"] == "invalid_input"
    assert job["error"]["retryable"] is False
    assert "several_faces" in job["error"]["message"]


def test_capture_set_stays_where_the_data_folder_is(service: Service, capture_set: list[dict[str, str]]) -> None:
    """Mattes are personal data: they lie under the digest of the photograph, so that they can be deleted."""
    kept = {path.name.split(".")[0] for path in Path(service.data / "mattes").iterdir()}
    assert {photograph["sha256"] for photograph in capture_set} <= kept
