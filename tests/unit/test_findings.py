"""Findings in words: nothing that cannot be seen is a yes, and the brand reads of its product only."""

import io

import numpy as np
import pytest
from PIL import Image

from apps.bookings.views.findings import all_lines, doubt_of, product_lines
from apps.generation.bodylock import judge_lock
from apps.generation.examining import in_words, judge_nudity
from apps.generation.findings import Check, Finding, Outcome, read_findings
from apps.generation.guard import Judgement, hold
from apps.generation.models import Candidate
from apps.integrations.faces.colours import Colours, difference, read_colours
from apps.integrations.nudity import nudity
from apps.integrations.products import Found, compare
from tests.factories.likenesses import photograph, taken_for_nudity

TOLERANCE = {"skin": 5, "hair": 5, "body": 5}
PASSED = Judgement(Candidate.Verdict.PASSED, ("Likeness 0.8.",))


def skin(a: float, b: float) -> Colours:
    return Colours(np.array([a, b]), None, None)


def found(seen: Colours, *own: Colours, tolerance: dict[str, int] = TOLERANCE) -> Finding:
    return next(one for one in judge_lock(seen, own, tolerance) if one.check == Check.SKIN)


class TestBodyLock:
    def test_within_light_and_her_tolerance_it_holds(self):
        assert found(skin(20, 30), skin(15, 25), skin(16, 26)).outcome == Outcome.HOLDS

    def test_beyond_both_a_person_has_to_look_and_the_words_say_so(self):
        finding = found(skin(40, 45), skin(15, 25), skin(16, 26))
        assert finding.outcome == Outcome.DOUBT and finding.words.startswith("Outside your body lock")

    def test_her_tolerance_counts(self):
        own, seen = (skin(15, 25), skin(16, 26)), skin(26, 26)
        assert found(seen, *own).outcome == Outcome.HOLDS
        assert found(seen, *own, tolerance={"skin": 0}).outcome == Outcome.DOUBT

    @pytest.mark.parametrize(
        ("seen", "own"),
        [
            (Colours(None, None, None), [skin(15, 25), skin(16, 26)]),
            (skin(15, 25), [skin(15, 25)]),
            (skin(15, 25), [skin(15, 25), skin(30, 40)]),
        ],
        ids=["nothing seen", "one photograph", "photographs far apart"],
    )
    def test_what_cannot_be_measured_is_not_checkable_and_no_yes(self, seen, own):
        finding = found(seen, *own)
        assert finding.outcome == Outcome.UNKNOWN and finding.words.startswith("Not checkable")

    def test_the_figure_is_said_not_to_be_measured(self):
        assert judge_lock(skin(1, 1), [], TOLERANCE)[-1].outcome == Outcome.UNKNOWN

    def test_outside_the_lock_it_goes_to_a_person_and_never_the_other_way(self):
        doubt = Finding(Check.HAIR, Outcome.DOUBT, "")
        assert hold(PASSED, [doubt]).verdict == Candidate.Verdict.NEEDS_PERSON
        assert hold(PASSED, [Finding(Check.PRODUCT, Outcome.DOUBT, "")]).verdict == Candidate.Verdict.PASSED
        failed = Judgement(Candidate.Verdict.FAILED, ())
        assert hold(failed, [doubt]).verdict == Candidate.Verdict.FAILED


class TestColours:
    """On a synthetic person of the openpeople package."""

    def changed(self, change) -> Colours:
        with Image.open(io.BytesIO(photograph("P004", "studio_portrait"))) as image:
            pixels = np.asarray(image.convert("RGB"), np.float64)
        out = io.BytesIO()
        Image.fromarray(np.clip(change(pixels), 0, 255).astype(np.uint8)).save(out, "PNG")
        return read_colours(out.getvalue())

    def test_less_light_changes_nothing_and_another_colour_of_skin_does(self):
        own = self.changed(lambda pixels: pixels).skin
        darker = self.changed(lambda pixels: pixels * 0.8).skin
        bluish = self.changed(lambda pixels: pixels * [0.6, 0.85, 1.1]).skin
        assert own is not None and darker is not None
        assert difference(own, darker) < 3
        assert bluish is None or difference(own, bluish) > 13

    def test_black_and_white_says_nothing(self):
        grey = self.changed(lambda pixels: np.repeat(pixels.mean(axis=2, keepdims=True), 3, axis=2))
        assert grey.skin is None

    def test_no_face_says_nothing(self):
        out = io.BytesIO()
        Image.new("RGB", (300, 300), "grey").save(out, "PNG")
        assert read_colours(out.getvalue()) == Colours(None, None, None)


class TestProductTruth:
    def picture(self, colour: str, ground: str = "white", seed: int | None = None) -> bytes:
        pixels = np.full((400, 400, 3), Image.new("RGB", (1, 1), ground).getpixel((0, 0)), np.uint8)
        pixels[100:300, 100:300] = Image.new("RGB", (1, 1), colour).getpixel((0, 0))
        if seed is not None:
            noise = np.random.default_rng(seed).integers(0, 2, (20, 20)).astype(np.uint8)
            pixels[100:300, 100:300][np.kron(noise, np.ones((10, 10))) > 0] = (20, 20, 20)
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, "PNG")
        return out.getvalue()

    def test_its_colour_is_found_on_another_ground_and_another_colour_is_not(self):
        red = self.picture("#b3122a")
        assert compare(red, self.picture("#b3122a", ground="#cccccc")).colours > 0.9
        assert compare(red, self.picture("#1e4033", ground="#cccccc")).colours < 0.1

    def test_its_drawing_is_found_and_another_drawing_is_not(self):
        product = self.picture("#b3122a", seed=1)
        assert compare(product, product).drawing
        assert not compare(product, self.picture("#b3122a", seed=2)).drawing

    def test_a_figure_and_a_sentence(self):
        assert in_words(Found(0.82, 40)).startswith("82% of the product's surface")
        assert "not found by the machine" in in_words(Found(0.1, 3))


class TestReading:
    def test_the_brand_reads_of_its_product_and_of_nothing_else(self):
        rows = [Finding(check, Outcome.NOTE, str(check)) for check in Check]
        candidate = Candidate(findings=[row.stored() for row in rows])
        assert [line.title for line in product_lines(candidate)] == ["Product"]
        assert len(all_lines(candidate)) == len(Check)

    def test_what_was_stored_before_the_body_lock_is_still_read(self):
        assert read_findings(["Likeness 0.74."]) == [Finding(Check.LIKENESS, Outcome.NOTE, "Likeness 0.74.")]

    @pytest.mark.parametrize(
        ("check", "words"),
        [(Check.SAFETY, "Perhaps intimate"), (Check.HAIR, "Outside your body lock"), (Check.PRODUCT, "")],
    )
    def test_she_reads_why_a_person_has_to_look(self, check, words):
        candidate = Candidate(findings=[Finding(check, Outcome.DOUBT, "").stored()])
        assert doubt_of(candidate).startswith(words) and bool(doubt_of(candidate)) == bool(words)


class TestNudity:
    """TAKE IT DOWN: intimate output blocked."""

    def test_an_honest_photograph_holds_and_nobody_is_told_that_a_machine_is_sure(self):
        finding = judge_nudity(nudity(photograph("P004", "studio_portrait")))
        assert finding.outcome == Outcome.HOLDS and "look yourself" in finding.words

    def test_what_the_machine_takes_for_nudity_is_barred(self):
        assert judge_nudity(nudity(taken_for_nudity())).outcome == Outcome.BARRED

    def test_between_both_a_person_decides(self, settings):
        assert judge_nudity(settings.NUDITY_PERSON).outcome == Outcome.DOUBT
        assert judge_nudity(settings.NUDITY_BARRED).outcome == Outcome.BARRED

    def test_barred_is_shown_to_nobody_and_in_doubt_it_goes_to_a_person(self):
        barred = Finding(Check.SAFETY, Outcome.BARRED, "Intimate.")
        stopped = hold(PASSED, [barred])
        assert (stopped.verdict, stopped.state) == (Candidate.Verdict.BARRED, Candidate.State.REFUSED)
        assert stopped.findings == ("Likeness 0.8.", "Intimate.")
        doubt = Finding(Check.SAFETY, Outcome.DOUBT, "")
        assert hold(PASSED, [doubt]).verdict == Candidate.Verdict.NEEDS_PERSON
