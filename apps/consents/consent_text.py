"""What she reads before she signs one purpose: versioned, in her language, with nothing ticked for her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from apps.common.errors import InvalidInput
from apps.common.legal_texts import LANGUAGES, fill, long_date, words
from apps.common.vocabulary import Medium
from apps.consents.models import Purpose
from apps.talent.models import Talent

TEXT_VERSION = "2026-11-24"
FOLDER = Path(__file__).parent / "texts" / TEXT_VERSION
MEDIA = tuple(Medium.values)
# What each purpose can be given for. There is no "everything" (California AB 2602: reasonably specific uses).
USES: dict[str, tuple[str, ...]] = {
    Purpose.SCAN: ("make", "compare"),
    Purpose.TRAIN: ("make", "compare"),
    Purpose.GENERATE: MEDIA,
    Purpose.PUBLISH: MEDIA,
    Purpose.PROMOTE: ("listing", "packages"),
}
PAID = (Purpose.GENERATE, Purpose.PUBLISH)


@dataclass(frozen=True)
class Wording:
    """The fixed words of one purpose in one language; `uses` are those that can be chosen, by code."""

    title: str
    scope: str
    rate_of_pay: str
    uses: dict[str, str]


def wording(purpose: Purpose | str, *, language: str) -> Wording:
    said = words(FOLDER, known(language))
    return Wording(
        title=said["purposes"][purpose]["title"],
        scope=said["scope"],
        rate_of_pay=said["rate_of_pay"]["booking" if purpose in PAID else "step"],
        uses={code: said["uses"][code] for code in USES[Purpose(purpose)]},
    )


def consent_text(
    *, talent: Talent, purpose: Purpose | str, scope: str, rate_of_pay: str, uses: Sequence[str], ends_at: datetime,
    language: str = "en", counsel: str = "", counsel_on: date | None = None,
) -> str:  # fmt: skip
    """The text the talent reads and signs; its hash is the evidence (New York Fashion Workers Act: scope, purpose,
    rate of pay, duration; California AB 2602: intended uses and counsel). Its first line is the title."""
    said = words(FOLDER, known(language))
    of = said["purposes"][purpose]
    advised = fill([said["counsel"]], {"name": counsel, "day": long_date(counsel_on, language)}) if counsel_on else ""
    values = {
        "model": talent.stage_name,
        "purpose": of["title"],
        "what": of["what"],
        "scope": scope,
        "rate_of_pay": rate_of_pay,
        "uses": "; ".join(uses),
        "ends_on": long_date(ends_at.astimezone(UTC).date(), language),
        "counsel": advised or said["no_counsel"],
    }
    return fill([said["head"], *said["lines"]], values)


def known(language: str) -> str:
    """Raises InvalidInput for a language in which nothing was written."""
    if language not in LANGUAGES:
        raise InvalidInput("We do not have this text in that language.", field="language")
    return language
