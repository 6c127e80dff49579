"""Ten thousand twins with four photographs each: reading them all once, and asking for the nearest one."""

import time
from datetime import date

import numpy as np
import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.media import vault
from apps.media.models import StoredFile, TwinKey
from apps.talent.models import Talent
from apps.twins import gallery, vectors
from apps.twins.models import CaptureSet, FaceVector, Photograph, Twin

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]

TWINS, EACH = 10_000, 4


def many_twins(rng: np.random.Generator) -> list[Twin]:
    talents = [
        Talent(stage_name=f"T{n}", slug=f"t{n}", birth_date=date(1995, 1, 1), country="FR") for n in range(TWINS)
    ]
    Talent.objects.bulk_create(talents, batch_size=2000)
    twins = [Twin(talent=talent) for talent in talents]
    Twin.objects.bulk_create(twins, batch_size=2000)
    sets = [CaptureSet(twin=twin, taken_on=date(2026, 1, 1)) for twin in twins]
    CaptureSet.objects.bulk_create(sets, batch_size=2000)
    files, photographs, rows = [], [], []
    for twin, captures in zip(twins, sets, strict=True):
        vault.encrypt(twin.ref, "make the key", b"")
        for number in range(EACH):
            file = StoredFile(
                kind="photograph", owner="talent:x", sha256="0" * 64, size=1, content_type="image/jpeg", encrypted=True,
                twin_ref=twin.ref, storage_name=f"{twin.pk}-{number}",
            )  # fmt: skip
            photograph = Photograph(capture_set=captures, file=file, name=str(number))
            files.append(file)
            photographs.append(photograph)
            vector = rng.standard_normal(128).astype(np.float32)
            rows.append((twin, photograph, vector / np.linalg.norm(vector)))
    StoredFile.objects.bulk_create(files, batch_size=2000)
    Photograph.objects.bulk_create(photographs, batch_size=2000)
    faces = [vectors.sealed(*row) for row in rows]
    for face in faces:
        face.used_from = timezone.now()
    FaceVector.objects.bulk_create(faces, batch_size=2000)
    return twins


def test_ten_thousand_twins(capsys):
    rng = np.random.default_rng(1)
    twins = many_twins(rng)
    assert (TwinKey.objects.count(), User.objects.count()) == (TWINS, 0)
    start = time.perf_counter()
    faces = gallery.current()
    reading = time.perf_counter() - start
    probes = rng.standard_normal((100, 128)).astype(np.float32)
    start = time.perf_counter()
    found = [faces.nearest_other(probe, twins[0].pk) for probe in probes]
    asking = (time.perf_counter() - start) / len(probes)
    start = time.perf_counter()
    gallery.current()
    unchanged = time.perf_counter() - start
    with capsys.disabled():
        print(f"\nreading {reading:.2f} s, asking {asking * 1000:.2f} ms, unchanged {unchanged * 1000:.1f} ms")
    assert all(neighbour and neighbour.twin_id != twins[0].pk for neighbour in found)
    assert reading < 30
    assert asking < 0.02
