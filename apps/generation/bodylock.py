"""The body lock: how far skin and hair of a candidate are from the capture set, in words.

What light does to a colour is measured on the capture set itself: as far as its own photographs are apart, a candidate
may be, and her tolerance on top. Where they are further apart than `BODY_LOCK_UNRELIABLE` the measure says nothing and
so do we: not checkable is never a yes. Brightness is not compared, and no machine here measures the figure.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

from django.conf import settings

from apps.generation.findings import Check, Finding, Outcome
from apps.integrations.faces.colours import Colour, Colours, difference

LEAST_PHOTOGRAPHS = 2
BODY = Finding(Check.BODY, Outcome.UNKNOWN, "Not checkable: no machine here measures the figure. Look yourself.")


def judge_lock(candidate: Colours, photographs: Sequence[Colours], tolerance: Mapping[str, int]) -> list[Finding]:
    """`tolerance` is in per cent of the scale of CIE Lab: 5 allows 5 units."""
    return [
        _judge(Check.SKIN, candidate.skin, [one.skin for one in photographs], tolerance),
        _judge(Check.HAIR, candidate.hair, [one.hair for one in photographs], tolerance),
        BODY,
    ]


def spread(colours: Sequence[Colour]) -> float:
    """How far the photographs of one person are apart at most: what light, skin and camera do by themselves."""
    return max(difference(*pair) for pair in combinations(colours, 2))


def _judge(
    check: Check, seen: Colour | None, photographs: Sequence[Colour | None], tolerance: Mapping[str, int]
) -> Finding:
    known = [colour for colour in photographs if colour is not None]
    if seen is None:
        return _unknown(check, f"no {check} of one colour is seen in this picture.")
    if len(known) < LEAST_PHOTOGRAPHS:
        return _unknown(check, f"fewer than {LEAST_PHOTOGRAPHS} of your photographs show it.")
    by_light = spread(known)
    if by_light > settings.BODY_LOCK_UNRELIABLE:
        return _unknown(check, f"your own photographs differ by {by_light:.0f} among themselves.")
    found = min(difference(seen, colour) for colour in known)
    allowed = max(by_light, settings.BODY_LOCK_LIGHT) + tolerance.get(str(check), 0)
    words = (
        f"Colour {found:.0f} from your nearest photograph; light makes up to "
        f"{max(by_light, settings.BODY_LOCK_LIGHT):.0f}, and your lock allows {tolerance.get(str(check), 0)} more. "
        "Brightness is not compared."
    )
    if found > allowed:
        return Finding(check, Outcome.DOUBT, f"Outside your body lock. {words}")
    return Finding(check, Outcome.HOLDS, words)


def _unknown(check: Check, why: str) -> Finding:
    return Finding(check, Outcome.UNKNOWN, f"Not checkable: {why}")
