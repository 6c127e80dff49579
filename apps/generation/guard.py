"""The likeness guard: a candidate must show this person and nobody else.

It decides on figures alone. Between "yes" and "no" lies a band in which a person has to look; no face is never a yes.
"""

from dataclasses import dataclass
from typing import TypeAlias

from django.conf import settings

from apps.generation.models import Candidate
from apps.twins.selectors import Likeness

Verdict: TypeAlias = Candidate.Verdict


@dataclass(frozen=True)
class Judgement:
    """`findings` say in words, for the talent and for staff, what the verdict rests on."""

    verdict: Candidate.Verdict
    findings: tuple[str, ...]

    @property
    def state(self) -> Candidate.State:
        return STATES[self.verdict]


DIGITS = 4  # differences beyond are noise of the arithmetic

STATES = {
    Candidate.Verdict.PASSED: Candidate.State.CHECKED,
    Candidate.Verdict.NEEDS_PERSON: Candidate.State.NEEDS_PERSON,
    Candidate.Verdict.FAILED: Candidate.State.REFUSED,
    Candidate.Verdict.NOT_CHECKABLE: Candidate.State.REFUSED,
}


def judge(*, faces: int, likeness: Likeness | None) -> Judgement:
    """`faces` found in the picture; `likeness` of its only face. Thresholds and their source stand in the settings."""
    if faces == 0 or likeness is None:
        return Judgement(Candidate.Verdict.NOT_CHECKABLE, ("No face was found, so nothing shows who this is.",))
    if faces > 1:
        return Judgement(Candidate.Verdict.FAILED, (f"{faces} faces were found; only one may be in the picture.",))
    findings = _in_words(likeness)
    if likeness.mean < settings.LIKENESS_PERSON:
        return Judgement(Candidate.Verdict.FAILED, (*findings, "This is too little like the model."))
    if likeness.other is not None and likeness.other >= likeness.mean:
        return Judgement(Candidate.Verdict.FAILED, (*findings, "It looks more like somebody else."))
    if likeness.mean < settings.LIKENESS_PASS:
        return Judgement(Candidate.Verdict.NEEDS_PERSON, (*findings, "A person has to decide."))
    if likeness.other is not None and round(likeness.mean - likeness.other, DIGITS) < settings.LIKENESS_MARGIN:
        return Judgement(Candidate.Verdict.NEEDS_PERSON, (*findings, "Another twin looks almost as similar."))
    return Judgement(Candidate.Verdict.PASSED, findings)


def _in_words(likeness: Likeness) -> tuple[str, ...]:
    other = f"; to the most similar other twin {likeness.other:.2f}" if likeness.other is not None else ""
    return (
        f"Likeness to the capture set {likeness.mean:.2f}, to its nearest photograph {likeness.nearest:.2f}{other}.",
    )
