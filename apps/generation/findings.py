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
    BARRED = "barred"  # nobody gets to see it


BODY_LOCK = (Check.SKIN, Check.HAIR, Check.BODY)
LOOKED_AT = (*BODY_LOCK, Check.SAFETY)  # in doubt a person looks, at this picture alone


@dataclass(frozen=True)
class Finding:
    check: Check
    outcome: Outcome
    words: str

    def stored(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items()}


def read_findings(stored: Iterable[Any]) -> list[Finding]:
    """Those of one candidate; pictures of before the body lock carry words of the likeness guard alone."""
    return [
        Finding(Check.LIKENESS, Outcome.NOTE, row)
        if isinstance(row, str)
        else Finding(Check(row["check"]), Outcome(row["outcome"]), row["words"])
        for row in stored
    ]
