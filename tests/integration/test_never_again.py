"""Never again: a reason for rejecting becomes a standing boundary with one tap, and holds before every GPU call."""

import pytest

from apps.audit.models import Event
from apps.bookings.models import Review
from apps.bookings.scenes import NAMES, SCENES
from apps.bookings.services import compose, review
from apps.bookings.warnings import standing_against
from apps.common.depiction import SEEN, Trait, traits
from apps.common.errors import InvalidInput, Refused
from apps.demonstration.history.stories import STORIES, Ending
from apps.demonstration.history.telling import NEVER
from apps.generation.authorisation import refusal
from apps.generation.models import Job
from apps.talent.models import Boundaries, NeverAgain
from apps.talent.never_again import allow_again, never_again
from tests.factories import bookings as make
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
SHOWN = ["scene", "crop", "light"]  # by a colour block: a full figure in hard light, in her own clothes
VALUES = {"scene": "block", "crop": "full", "light": "hard"}


@pytest.fixture
def world() -> World:
    return make_world()


def waiting(world: World, **fields: object) -> Review:
    booking = make.in_review(world, pictures=1, **fields)
    return Review.objects.select_related("booking__twin__talent", "look__booking").get(booking=booking)


def bar(world: World, kind: str, value: str) -> None:
    never_again(by=world.maya.actor, talent=world.talent, trait=Trait(kind, value))


def test_every_scene_that_can_be_picked_says_what_one_sees_in_it():
    assert set(SEEN) == NAMES
    assert {scene.name: scene.title for scene in SCENES} == {name: seen.title for name, seen in SEEN.items()}


class TestRejecting:
    @pytest.mark.parametrize("kind", SHOWN)
    def test_a_reason_becomes_a_rule_with_the_verdict(self, world, kind):
        row = waiting(world)
        review.decide(by=world.maya.actor, review=row, passed=False, never=[Trait(kind, VALUES[kind])])
        assert [(rule.kind, rule.value) for rule in NeverAgain.objects.all()] == [(kind, VALUES[kind])]
        assert Event.objects.filter(record__contains='"kind":"talent.never_again"').count() == 1

    def test_the_category_goes_where_barred_categories_are(self, world):
        row = waiting(world)
        review.decide(by=world.maya.actor, review=row, passed=False, never=[Trait("category", "fashion")])
        assert "fashion" in Boundaries.objects.get(talent=world.talent).barred_categories
        assert not NeverAgain.objects.exists()

    def test_nothing_is_made_again_that_she_barred_with_the_same_press(self, world):
        row = waiting(world)
        review.decide(by=world.maya.actor, review=row, passed=False, never=[Trait("scene", "block")])
        assert not Job.objects.of_booking(row.booking.ref).open().exists()

    @pytest.mark.parametrize(("passed", "trait"), [(True, Trait("scene", "block")), (False, Trait("scene", "beauty"))])
    def test_only_of_a_rejected_picture_and_only_what_it_shows(self, world, passed, trait):
        row = waiting(world)
        with pytest.raises(InvalidInput):
            review.decide(by=world.maya.actor, review=row, passed=passed, never=[trait])
        assert Review.objects.get(pk=row.pk).decision == "waiting"


def test_the_rule_of_the_demonstration_stands_against_none_of_its_stories():
    told = [shot for story in STORIES if story.ending == Ending.BRAND_CHOOSES for shot in story.shots]
    theirs = {story.twin for story in STORIES if story.ending == Ending.BRAND_CHOOSES}
    shown = [trait for story in STORIES if story.twin in theirs for shot in story.shots for trait in traits(shot.scene)]
    assert told and NEVER not in shown


class TestBinding:
    @pytest.mark.parametrize("kind", SHOWN)
    def test_in_the_warnings_of_the_composer_and_at_submission(self, world, kind):
        draft = make.draft(world)
        assert standing_against(draft) == []
        bar(world, kind, VALUES[kind])
        assert [warning.kind for warning in standing_against(draft)] == ["boundary"]
        with pytest.raises(Refused, match="not available"):
            compose.submit(by=world.producer.actor, booking=draft)

    @pytest.mark.parametrize("kind", SHOWN)
    def test_immediately_before_every_gpu_call(self, world, kind):
        """Tennessee ELVIS Act: the authorisation is looked at right before generation."""
        job = Job.objects.of_booking(make.generating(world).ref).first()
        assert refusal(job) is None
        bar(world, kind, VALUES[kind])
        found = refusal(job)
        assert found is not None and found.reason == f"never_again_{kind}"

    def test_the_crop_that_was_asked_for_counts_before_that_of_the_scene(self, world):
        bar(world, "crop", "full")
        draft = make.draft(world)
        look = draft.looks.get()
        look.crop = "three_quarter"
        look.save()
        assert standing_against(make.fresh(draft)) == []

    def test_the_brand_is_not_told_the_reason(self, world):
        bar(world, "light", "hard")
        (warning,) = standing_against(make.draft(world))
        assert "never" not in warning.message.lower() and "shadow" not in warning.message

    def test_until_she_takes_it_out(self, world):
        draft = make.draft(world)
        bar(world, "scene", "block")
        bar(world, "scene", "block")
        allow_again(by=world.maya.actor, rule=NeverAgain.objects.get())
        assert standing_against(draft) == []
        assert Event.objects.filter(record__contains='"kind":"talent.allowed_again"').count() == 1

    def test_what_nobody_knows_is_no_rule(self, world):
        with pytest.raises(InvalidInput):
            bar(world, "scene", "moon")
