"""Reading faces: who is in a picture, and how sure we may be."""

import io

import numpy as np
from PIL import Image

from apps.integrations.faces.reader import persons, read_faces
from tests.factories.likenesses import CAPTURES, faces_of, photograph, picture_of_two


def test_one_portrait_has_one_face_with_a_vector_of_length_one():
    report = faces_of("P001", "studio_portrait")
    assert report.faces == 1
    assert report.vector.shape == (128,)
    assert report.vector.dtype == np.float32
    assert abs(float(np.linalg.norm(report.vector)) - 1) < 1e-5
    assert report.quality.width > 200
    assert abs(report.quality.roll) < 10


def test_a_landscape_without_people_has_no_face():
    out = io.BytesIO()
    Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(out, "PNG")
    report = read_faces(out.getvalue())
    assert (report.faces, report.vector, report.quality) == (0, None, None)


def test_two_people_are_two_faces_with_a_vector_each():
    report = read_faces(picture_of_two("P001", "P005"))
    assert report.faces == 2
    assert len(report.others) == 1
    assert float(report.vector @ report.others[0]) < 0.45


def test_photographs_of_one_person_are_alike_and_of_two_people_are_not():
    maya = [faces_of("P001", name).vector for name in CAPTURES]
    noor = faces_of("P005", "studio_portrait").vector
    assert min(float(a @ b) for a in maya for b in maya) > 0.5
    assert max(float(a @ noor) for a in maya) < 0.45


def test_the_same_picture_gives_the_same_vector_every_time():
    again = read_faces(photograph("P001", "studio_portrait"))
    assert np.array_equal(again.vector, faces_of("P001", "studio_portrait").vector)


def found(width: float, score: float) -> np.ndarray:
    """A row of the detector: box, five landmarks, score."""
    return np.array([0, 0, width, width * 1.3, *[0] * 10, score], np.float32)


def test_folds_of_cloth_beside_a_sure_face_are_nobody():
    cloth, face = found(474, 0.71), found(297, 0.94)
    assert persons([cloth, face]) == [face]


def test_a_large_face_that_is_hard_to_see_still_counts_beside_a_small_print_of_another():
    blurred, print_of_another = found(600, 0.70), found(150, 0.90)
    assert persons([blurred, print_of_another]) == [blurred, print_of_another]


def test_a_face_that_is_hard_to_see_counts_when_it_is_alone():
    alone = found(300, 0.66)
    assert persons([alone]) == [alone]
    assert persons([]) == []
