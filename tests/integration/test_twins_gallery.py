"""Who else does a picture look like? Asked of every other twin, for every candidate."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.media import vault
from apps.twins import gallery
from apps.twins.models import FaceVector
from apps.twins.selectors import likeness
from tests.factories.likenesses import CAPTURES, faces_of, make_twin_of

pytestmark = pytest.mark.django_db


def vector(name="studio_portrait", person="P001"):
    return faces_of(person, name).vector


def test_maya_looks_like_herself_and_less_like_noor():
    maya, noor = make_twin_of("P001", "maya")[0], make_twin_of("P005", "noor")[0]
    found = likeness(vector("amateur_selfie"), maya)
    assert found.mean > 0.6
    assert found.other_twin == noor.pk
    assert found.mean - found.other > 0.05
    assert found.nearest == pytest.approx(max(float(vector("amateur_selfie") @ vector(n)) for n in CAPTURES), abs=1e-5)


def test_alone_she_has_no_neighbour():
    maya = make_twin_of("P001", "maya")[0]
    assert likeness(vector(), maya).other is None


def test_a_new_twin_is_known_at_once_and_an_erased_one_forgotten_at_once():
    maya = make_twin_of("P001", "maya")[0]
    assert likeness(vector(), maya).other_twin is None
    noor = make_twin_of("P005", "noor")[0]
    assert likeness(vector(), maya).other_twin == noor.pk
    FaceVector.objects.filter(twin=noor).delete()
    assert likeness(vector(), maya).other_twin is None


def test_a_twin_whose_key_is_destroyed_is_left_out():
    maya, noor = make_twin_of("P001", "maya")[0], make_twin_of("P005", "noor")[0]
    vault.destroy(noor.ref)
    assert likeness(vector(), maya).other_twin is None


def test_a_twin_without_vectors_cannot_be_compared():
    maya = make_twin_of("P001", "maya")[0]
    FaceVector.objects.all().delete()
    with pytest.raises(ValueError, match="no face vectors"):
        likeness(vector(), maya)


def test_unchanged_it_is_read_once():
    maya = make_twin_of("P001", "maya")[0]
    make_twin_of("P005", "noor")
    likeness(vector(), maya)
    first = gallery.current()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert gallery.current() is first
    assert len(asked) == 1


def test_only_the_twins_that_changed_are_read_again(monkeypatch):
    make_twin_of("P001", "maya")
    gallery.current()
    read = []
    monkeypatch.setattr(gallery, "_means_of", lambda ids, real=gallery._means_of: [read.extend(ids), *real(ids)][1:])
    noor = make_twin_of("P005", "noor")[0]
    gallery.current()
    assert read == [noor.pk]


def test_the_thresholds_can_be_measured_again_over_the_twins_at_hand(capsys):
    for person, slug in (("P001", "maya"), ("P005", "noor"), ("P008", "lina")):
        make_twin_of(person, slug)
    call_command("measure_likeness")
    said = capsys.readouterr().out
    assert "photographs 9" in said
    assert "passed 9, to a person 0, refused 0" in said


def test_without_twins_there_is_nothing_to_measure():
    with pytest.raises(CommandError):
        call_command("measure_likeness")
