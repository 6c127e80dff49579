"""The deal memo: what they may and may not do, in plain words, derived from the licence fields alone.

A changed field changes the text, its hash, and so needs a new yes. New York Fashion Workers Act: a memo before work,
in the model's language; English is the only one written so far, and the terms say which was used.
"""

from dataclasses import dataclass
from datetime import date

from apps.common.money import Money
from apps.common.territories import describe
from apps.common.vocabulary import Category, Exclusivity, Medium


@dataclass(frozen=True)
class MemoLine:
    icon: str
    label: str
    text: str


@dataclass(frozen=True)
class MemoFacts:
    """Everything the memo speaks of. Amounts in minor units."""

    code: str
    version: int
    model_name: str
    brand_name: str
    agency_name: str
    pictures: int
    candidates: int
    media: tuple[str, ...]
    territories: tuple[str, ...]
    window_months: int
    starts_on: date | None
    exclusivity: str
    category: str
    pays: Money
    receives: Money
    looks: tuple[str, ...]
    renews: str = ""  # the code of the licence that is renewed: no picture is made


def may(facts: MemoFacts) -> list[MemoLine]:
    """What the brand may do."""
    delivered = "the day of payment" if facts.renews else "the day of delivery"
    start = f"{facts.starts_on:%-d %B %Y}" if facts.starts_on else delivered
    noun = "picture" if facts.pictures == 1 else "pictures"
    pictures = f"{facts.pictures} {noun}: {', '.join(facts.looks)}. You see each one before it leaves."
    drafts = f"At most {facts.candidates} candidates may be made for them."
    if facts.renews:
        pictures = f"The {noun} of licence {facts.renews} again. You have seen each one."
        drafts = "None. Nothing new is made."
    long = f"{facts.window_months} months from {start}, then they must take them down"
    return [
        MemoLine("images", "Pictures", pictures),
        MemoLine("sparkles", "Drafts", drafts),
        MemoLine("megaphone", "Where they appear", ", ".join(str(Medium(medium).label) for medium in facts.media)),
        MemoLine("globe", "Countries", describe(facts.territories)),
        MemoLine("calendar-clock", "How long", long),
        MemoLine("tag", "For what", str(Category(facts.category).label)),
        _exclusivity(facts),
    ]


def may_not(facts: MemoFacts) -> list[MemoLine]:
    """What the brand may never do under this licence."""
    unlicensed = [str(medium.label) for medium in Medium if medium.value not in facts.media]
    stays = "They get pictures, not the twin. Every file says that it is AI-made."
    lines = [
        MemoLine("ban", "Never", "Train an AI on the pictures, sell them on, or use them for anything else"),
        MemoLine("fingerprint", "Your twin stays yours", stays),
        MemoLine("pen-line", "No changes to you", "Not your body, face, skin or hair"),
    ]
    if unlicensed:
        lines.append(MemoLine("ban", "Not in", ", ".join(unlicensed)))
    return lines


@dataclass(frozen=True)
class Change:
    """One line of the memo that reads otherwise in another version."""

    label: str
    before: str
    after: str


def changes(before: MemoFacts, after: MemoFacts) -> list[Change]:
    """What reads otherwise in a later version of the same booking, the money first."""
    found = [Change(f"{after.model_name} receives", _amount(before.receives), _amount(after.receives))]
    found += [Change(old.label, old.text, new.text) for old, new in zip(may(before), may(after), strict=True)]
    return [change for change in found if change.before != change.after]


def text(facts: MemoFacts) -> str:
    """The memo as it is shown, signed and hashed."""
    head = [
        f"Deal memo {facts.code}, version {facts.version}",
        f"{facts.brand_name} and {facts.model_name}"
        + (f", represented by {facts.agency_name}" if facts.agency_name else ""),
        f"{facts.brand_name} pays {_amount(facts.pays)}. {facts.model_name} receives {_amount(facts.receives)}"
        " before tax, within 45 days of delivery.",
    ]
    body = ["They may:"] + [f"- {line.label}: {line.text}" for line in may(facts)]
    body += ["They may not:"] + [f"- {line.label}: {line.text}" for line in may_not(facts)]
    tail = ["Any change of these lines is a new version and needs a new yes."]
    return "\n".join(head + body + tail)


def _exclusivity(facts: MemoFacts) -> MemoLine:
    category = str(Category(facts.category).label).lower()
    words = {
        Exclusivity.NONE: "None. You may work for anybody else.",
        Exclusivity.CATEGORY: f"No other {category} brand in these countries in this time",
        Exclusivity.FULL: "No other brand at all in these countries in this time",
    }
    return MemoLine("lock", "Exclusivity", words[Exclusivity(facts.exclusivity)])


def _amount(money: Money) -> str:
    return f"{money.currency} {money.amount_minor // 100:,}.{money.amount_minor % 100:02d}"
