"""The pure rules of generation: states, the guard's judgement, what counts as a picture, what a scope says."""

import hashlib
import io
import struct
import zlib
from datetime import date

import pytest
from PIL import Image

from apps.common.errors import InvalidInput
from apps.generation.guard import judge
from apps.generation.models import Candidate
from apps.generation.pictures import BadPicture, inspect
from apps.generation.scope import read_scope
from apps.generation.spec import read_spec, with_seed
from apps.generation.states import ATTEMPT_MOVES, ENDED, IN_FLIGHT, IN_ORDER, JOB_MOVES, OPEN, State
from apps.integrations.gpu.types import ErrorCode, RemoteOutput
from apps.twins.selectors import Likeness
from tests.fakes.gpu import png

Verdict = Candidate.Verdict
SIZE = (1080, 1350)


def test_every_state_is_open_or_an_end_and_can_be_reached():
    assert set(State) == OPEN | ENDED
    assert not OPEN & ENDED
    assert set(ATTEMPT_MOVES) == set(State) - {State.CREATED} == set(JOB_MOVES)


def test_no_move_goes_back_and_none_leaves_an_end():
    order = {state: place for place, state in enumerate(IN_ORDER)}
    for moves in (ATTEMPT_MOVES, JOB_MOVES):
        for to, sources in moves.items():
            assert not sources & ENDED
            assert all(to in ENDED or order[source] < order[to] for source in sources)


def test_an_attempt_at_the_gpu_service_counts_there_until_it_is_being_fetched():
    assert {State.SUBMITTING, State.SUBMIT_UNKNOWN, State.QUEUED, State.RUNNING} == IN_FLIGHT


def test_only_trouble_of_the_engine_is_tried_again():
    retryable = {code for code in ErrorCode if code.retryable}
    assert retryable == {ErrorCode.CAPACITY, ErrorCode.TIMEOUT, ErrorCode.PROVIDER, ErrorCode.OUTPUT_EXPIRED}


@pytest.mark.parametrize(
    ("mean", "other", "verdict"),
    [
        (0.83, 0.41, Verdict.PASSED),
        (0.60, None, Verdict.PASSED),
        (0.60, 0.55, Verdict.PASSED),
        (0.66, 0.62, Verdict.NEEDS_PERSON),  # another twin looks almost as similar
        (0.59, 0.20, Verdict.NEEDS_PERSON),
        (0.45, None, Verdict.NEEDS_PERSON),
        (0.44, None, Verdict.FAILED),
        (0.70, 0.70, Verdict.FAILED),  # as much like somebody else
        (0.50, 0.72, Verdict.FAILED),
    ],
)
def test_the_guard_lets_pass_only_this_person_and_nobody_else(mean, other, verdict):
    likeness = Likeness(mean=mean, nearest=mean, other=other, other_twin=None)
    assert judge([likeness]).verdict == verdict


def test_no_face_is_never_a_pass():
    judgement = judge([])
    assert judgement.verdict == Verdict.NOT_CHECKABLE
    assert judgement.state == Candidate.State.REFUSED


def face(mean: float) -> Likeness:
    return Likeness(mean=mean, nearest=mean, other=0.2, other_twin=None)


@pytest.mark.parametrize(
    ("faces", "verdict"),
    [
        ([0.95, 0.20], Verdict.FAILED),  # a second person
        ([0.95, 0.95, 0.30], Verdict.FAILED),
        ([0.82, 0.67, 0.71], Verdict.PASSED),  # prints of her beside her
        ([0.75, 0.52], Verdict.NEEDS_PERSON),  # a double exposure
    ],
)
def test_of_several_faces_the_worst_decides(faces, verdict):
    judgement = judge([face(mean) for mean in faces])
    assert judgement.verdict == verdict
    assert judgement.findings[0].startswith(f"{len(faces)} faces")


def announced(data: bytes, **claims) -> RemoteOutput:
    facts = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} | claims
    return RemoteOutput(url="/x", content_type="image/png", width=SIZE[0], height=SIZE[1], **facts)


def test_a_whole_picture_of_the_right_size_is_taken():
    data = png(SIZE)
    good = inspect(data, output=announced(data), size=SIZE)
    assert (good.width, good.height, good.content_type, good.data) == (*SIZE, "image/png", data)


def jpeg_of(size):
    out = io.BytesIO()
    Image.new("RGB", size).save(out, "JPEG")
    return out.getvalue()


def gif_of(size):
    out = io.BytesIO()
    Image.new("P", size).save(out, "GIF")
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header claims so many pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (png((1080, 1080)), "instead of"),
        (jpeg_of((1350, 1080)), "instead of"),
        (b"<html>Sorry, no picture today</html>", "no PNG or JPEG"),
        (b"", "no PNG or JPEG"),
        (gif_of(SIZE), "no PNG or JPEG"),
        (png(SIZE)[:400], "damaged"),
        (bomb(20_000, 20_000), "bomb"),
        (bomb(*SIZE), "damaged"),
    ],
    ids=["wrong size", "turned", "text", "nothing", "gif", "cut off", "400 megapixels", "empty shell"],
)
def test_what_is_no_whole_picture_of_the_right_size_is_refused(data, words):
    with pytest.raises(BadPicture, match=words):
        inspect(data, output=announced(data), size=SIZE)


def test_a_picture_that_is_not_the_announced_one_is_refused():
    data = png(SIZE)
    with pytest.raises(BadPicture, match="announced"):
        inspect(data, output=announced(data, sha256="0" * 64), size=SIZE)
    with pytest.raises(BadPicture, match="announced"):
        inspect(data, output=announced(data, size=len(data) - 1), size=SIZE)


SCOPE = {
    "brand": "org:1", "agency": None, "category": "denim", "media": ["own"], "territories": ["FR"], "window_months": 6,
}  # fmt: skip


def test_a_scope_without_dates_lasts_its_window_from_today():
    assert read_scope(SCOPE).days(date(2026, 3, 1)) == (date(2026, 3, 1), date(2026, 9, 3))


def test_a_scope_with_dates_lasts_from_the_first_to_the_last():
    scope = read_scope({**SCOPE, "starts_on": "2026-04-01", "ends_on": "2026-09-30", "terms": "anything"})
    assert scope.days(date(2026, 3, 1)) == (date(2026, 4, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    "change",
    [{"category": "weapons"}, {"media": []}, {"media": ["billboard on the moon"]}, {"territories": []},
     {"territories": ["XX"]}, {"window_months": 0}],
)  # fmt: skip
def test_a_scope_that_says_nothing_clear_is_refused(change):
    with pytest.raises(InvalidInput):
        read_scope({**SCOPE, **change})


def test_a_scope_that_lacks_the_brand_is_refused():
    with pytest.raises(InvalidInput):
        read_scope({key: value for key, value in SCOPE.items() if key != "brand"})


def test_two_candidates_of_one_look_differ_in_their_seed_only():
    wish = {"scene": "block", "format": "4:5", "brief": "Red wall"}
    one, two = with_seed(wish), with_seed(wish)
    assert one["seed"] != two["seed"]
    assert {**one, "seed": 0} == {**two, "seed": 0}


@pytest.mark.parametrize(
    ("change", "field"),
    [({"scene": ""}, "scene"), ({"format": "3:2"}, "format"), ({"brief": "x" * 4001}, "brief")],
)
def test_a_wish_that_cannot_be_made_names_the_field(change, field):
    with pytest.raises(InvalidInput) as refused:
        read_spec({"scene": "block", "format": "1:1", **change})
    assert refused.value.field == field
