"""What the public may learn about a picture or a licence: the licence's summary and its live state, nothing else."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from apps.bookings.models import Deliverable, Licence
from apps.bookings.services.crew import crew_of
from apps.common.refs import parse_ref
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.provenance.verification import examine


@dataclass(frozen=True)
class Standing:
    """How a licence stands today: the tone of the verdict and its words."""

    tone: str
    title: str
    words: str


@dataclass(frozen=True)
class Summary:
    licence: Licence
    standing: Standing
    media: str
    category: str
    exclusivity: str
    crew: str


@dataclass(frozen=True)
class Verdict:
    """What a file turned out to be. `summary` is None where nothing was found."""

    sha256: str
    title: str
    words: str
    tone: str
    summary: Summary | None


def examine_picture(raw: bytes) -> Verdict:
    """From the strongest evidence to the weakest: the same bytes, our signature, a mere claim, nothing."""
    found = examine(raw)
    if known := _of(found.exact):
        return _verdict(found.sha256, known, known.standing.words)
    if known := _of(found.signed):
        return _verdict(
            found.sha256,
            known,
            f"{known.standing.words} This is not the delivered file, but our signature over its picture holds.",
        )
    if known := _of(found.claimed):
        return Verdict(
            found.sha256,
            "Looks like ours, altered",
            "The file says that it belongs to this licence. Anybody can write that, and its signature does not hold.",
            "warn",
            known,
        )
    return Verdict(
        found.sha256,
        "Not found",
        "Not a file of ours. That proves nothing: a cropped or newly saved picture is another file.",
        "",
        None,
    )


def _verdict(sha256: str, known: Summary, words: str) -> Verdict:
    return Verdict(sha256, known.standing.title, words, known.standing.tone, known)


def _of(subject: str) -> Summary | None:
    """The licence of the deliverable that a text names; a stranger's file may name anything."""
    try:
        pk = parse_ref(subject, "deliverable")
    except ValueError:
        return None
    deliverables = Deliverable.objects.select_related("licence__brand", "licence__twin__talent", "licence__booking")
    found = deliverables.exclude(licence__state=Licence.State.PENDING).filter(pk=pk).first()
    return summary(found.licence) if found else None


def by_licence(code: str) -> Summary | None:
    """By the short code that captions carry, in either case."""
    licences = Licence.objects.exclude(state=Licence.State.PENDING).select_related("brand", "twin__talent", "booking")
    found = licences.filter(code=code.upper()).first()
    return summary(found) if found else None


def summary(licence: Licence) -> Summary:
    return Summary(
        licence=licence,
        standing=standing(licence, timezone.now().date()),
        media=", ".join(str(Medium(medium).label) for medium in licence.media),
        category=str(Category(licence.category).label),
        exclusivity=str(Exclusivity(licence.exclusivity).label),
        crew=", ".join(f"{credit.name} ({credit.part.lower()})" for credit in crew_of(licence)),
    )


def standing(licence: Licence, today: date) -> Standing:
    """Dates are UTC, inclusive."""
    if licence.state == Licence.State.REVOKED:
        return Standing("neg", "Ours, but revoked", "The licence was ended. This picture may not be used any more.")
    if licence.state == Licence.State.RENEWED:
        return Standing("accent", "Ours, and renewed", "This licence has run out and another one follows on it.")
    if licence.state == Licence.State.EXPIRED or today > licence.last_day:
        return Standing(
            "warn", "Ours, but expired", "The licence has run out. This picture should have been taken down."
        )
    if today < licence.starts_on:
        return Standing(
            "accent", "Licensed, not open yet", "The licence opens later. Until then the picture may not run."
        )
    return Standing("pos", "Licensed and valid", "The model said yes to this use, and the licence is running.")
