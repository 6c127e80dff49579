"""The likeness guard: a candidate must show this person and nobody else.

It decides on figures alone. Between "yes" and "no" lies a band in which a person has to look; no face is never a yes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from apps.generation.findings import LOOKED_AT, Check, Finding, Outcome
from apps.generation.models import Candidate
from apps.twins.selectors import Likeness


@dataclass(frozen=True)
class Judgement:
    """`findings` say in words, for the talent and for staff, what the verdict rests on."""

    verdict: Candidate.Verdict
    findings: tuple[str, ...]

    @property
    def state(self) -> Candidate.State:
        return STATES[self.verdict]


SEVERITY = (Candidate.Verdict.PASSED, Candidate.Verdict.NEEDS_PERSON, Candidate.Verdict.FAILED)
DIGITS = 4  # differences beyond are noise of the arithmetic

STATES = {
    Candidate.Verdict.PASSED: Candidate.State.CHECKED,
    Candidate.Verdict.NEEDS_PERSON: Candidate.State.NEEDS_PERSON,
    Candidate.Verdict.FAILED: Candidate.State.REFUSED,
    Candidate.Verdict.NOT_CHECKABLE: Candidate.State.REFUSED,
    Candidate.Verdict.BARRED: Candidate.State.REFUSED,
}


def judge(likenesses: Sequence[Likeness]) -> Judgement:
    """One likeness per face found. Every face has to be this person: the worst of them decides, so that prints of her
    beside her may pass and a second person never does. Thresholds and their source stand in the settings.
    """
    if not likenesses:
        return Judgement(Candidate.Verdict.NOT_CHECKABLE, ("No face was found, so nothing shows who this is.",))
    each = [_judge_one(likeness) for likeness in likenesses]
    worst = max(each, key=lambda judgement: SEVERITY.index(judgement.verdict))
    if len(each) == 1:
        return worst
    counted = f"{len(each)} faces were found, and each has to be the model's."
    return Judgement(worst.verdict, (counted, *(finding for judgement in each for finding in judgement.findings)))


def hold(judgement: Judgement, more: Sequence[Finding]) -> Judgement:
    """What else was found can only make it stricter: outside the body lock, or perhaps intimate, is never passed
    silently, a person has to look; intimate is shown to nobody."""
    barred = tuple(finding.words for finding in more if finding.outcome == Outcome.BARRED)
    if barred:
        return Judgement(Candidate.Verdict.BARRED, (*judgement.findings, *barred))
    doubted = any(finding.check in LOOKED_AT and finding.outcome == Outcome.DOUBT for finding in more)
    if doubted and judgement.verdict == Candidate.Verdict.PASSED:
        return Judgement(Candidate.Verdict.NEEDS_PERSON, judgement.findings)
    return judgement


def likeness_findings(judgement: Judgement) -> list[Finding]:
    return [Finding(Check.LIKENESS, Outcome.NOTE, words) for words in judgement.findings]


def _judge_one(likeness: Likeness) -> Judgement:
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
