"""What the checks found, in words beside a picture: all of it for the model, for the brand what is of its product."""

from dataclasses import dataclass

from apps.generation.findings import BODY_LOCK, Check, Finding, Outcome, read_findings
from apps.generation.models import Candidate

TONES = {
    Outcome.HOLDS: ("pos", "circle-check"),
    Outcome.DOUBT: ("warn", "eye"),
    Outcome.UNKNOWN: ("", "circle-help"),
    Outcome.NOTE: ("", "info"),
    Outcome.BARRED: ("neg", "ban"),
}
TITLES = {
    Check.LIKENESS: "Likeness",
    Check.SKIN: "Skin",
    Check.HAIR: "Hair",
    Check.BODY: "Body",
    Check.PRODUCT: "Product",
    Check.SAFETY: "Nudity",
}


@dataclass(frozen=True)
class FindingLine:
    title: str
    words: str
    tone: str
    icon: str


def all_lines(candidate: Candidate) -> list[FindingLine]:
    return [_line(finding) for finding in read_findings(candidate.findings)]


def product_lines(candidate: Candidate) -> list[FindingLine]:
    """What concerns the brand's product only: nothing of her face, skin, hair or body is the brand's to read."""
    return [_line(finding) for finding in read_findings(candidate.findings) if finding.check == Check.PRODUCT]


def doubt_of(candidate: Candidate) -> str:
    """Why a person has to look at it, beside its likeness; empty when nothing else is in doubt."""
    doubted = {finding.check for finding in read_findings(candidate.findings) if finding.outcome == Outcome.DOUBT}
    if Check.SAFETY in doubted:
        return "Perhaps intimate. Look closely"
    return "Outside your body lock. Look closely" if doubted.intersection(BODY_LOCK) else ""


def _line(finding: Finding) -> FindingLine:
    tone, icon = TONES[finding.outcome]
    return FindingLine(TITLES[finding.check], finding.words, tone, icon)
