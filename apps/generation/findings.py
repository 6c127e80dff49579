"""What the checks of a picture found, in words: written by the worker that took it in, read beside the picture."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Check(StrEnum):
    LIKENESS = "likeness"
    SKIN = "skin"
    HAIR = "hair"
    BODY = "body"
    PRODUCT = "product"
    SAFETY = "safety"


class Outcome(StrEnum):
    HOLDS = "holds"
    DOUBT = "doubt"  # a person has to look
    UNKNOWN = "unknown"  # not checkable here; never taken for a yes
    NOTE = "note"  # a figure, of which nothing follows


BODY_LOCK = (Check.SKIN, Check.HAIR, Check.BODY)


@dataclass(frozen=True)
class Finding:
    check: Check
    outcome: Outcome
    words: str

    def stored(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


# Said of every picture, because no machine here looks for it.
SAFETY = Finding(
    Check.SAFETY, Outcome.UNKNOWN, "No machine looks for nudity here. The model looks at every picture herself."
)


def read_findings(stored: Iterable[Any]) -> list[Finding]:
    """Those of one candidate; pictures of before the body lock carry words of the likeness guard alone."""
    return [
        Finding(Check.LIKENESS, Outcome.NOTE, row)
        if isinstance(row, str)
        else Finding(Check(row["check"]), Outcome(row["outcome"]), row["words"])
        for row in stored
    ]
