"""What a model or an agency may ask for instead of a yes, and whether a version keeps to it. Pure: no database.

A condition only ever narrows what the brand asked for, or raises the fee.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.common.errors import InvalidInput
from apps.common.territories import WORLD, covers, describe
from apps.common.vocabulary import Exclusivity, Medium, Window

LONGEST_NOTE = 500
NARROWER = {Exclusivity.NONE: 0, Exclusivity.CATEGORY: 1, Exclusivity.FULL: 2}
Problems = dict[str, str]


@dataclass(frozen=True)
class Offer:
    """The negotiable fields of one version. The fee is F in minor units; `looks` is the fewest pictures it can have."""

    fee_minor: int
    currency: str
    window_months: int
    media: tuple[str, ...]
    territories: tuple[str, ...]
    exclusivity: str
    pictures: int
    looks: int = 1


@dataclass(frozen=True)
class Conditions:
    """None, False and empty leave a field as it was asked. The note is for model and agency alone."""

    lowest_fee_minor: int | None = None
    longest_window_months: int | None = None
    media: tuple[str, ...] = ()
    territories: tuple[str, ...] = ()
    no_exclusivity: bool = False
    most_pictures: int | None = None
    note: str = ""

    @property
    def binding(self) -> bool:
        """Whether anything is asked that a version can keep to; a note alone is none."""
        return self != Conditions(note=self.note)

    def as_json(self) -> dict[str, Any]:
        """Only what is set."""
        rows = {
            "lowest_fee_minor": self.lowest_fee_minor,
            "longest_window_months": self.longest_window_months,
            "media": list(self.media),
            "territories": list(self.territories),
            "no_exclusivity": self.no_exclusivity,
            "most_pictures": self.most_pictures,
            "note": self.note,
        }
        return {name: value for name, value in rows.items() if value}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Conditions":
        lists: dict[str, Any] = {name: tuple(data[name]) for name in ("media", "territories") if name in data}
        return cls(**data | lists)


UNCONDITIONAL = Conditions()


def check(conditions: Conditions, asked: Offer) -> None:
    """Raises InvalidInput(field=…) for a condition that asks nothing, asks for more, or leaves nothing over."""
    if problems := problems_of(conditions, asked):
        field, message = next(iter(problems.items()))
        raise InvalidInput(message, field=field or None)


def problems_of(conditions: Conditions, asked: Offer) -> Problems:
    """What is wrong with each condition, by field; "" for the whole."""
    found: Problems = {}
    fee, window, pictures = conditions.lowest_fee_minor, conditions.longest_window_months, conditions.most_pictures
    if fee is not None and fee <= asked.fee_minor:
        found["lowest_fee"] = f"They offer {_amount(asked.fee_minor, asked.currency)}. Ask for more, or leave it empty."
    if window is not None and (window not in Window.values or window >= asked.window_months):
        found["longest_window_months"] = f"Shorter than the {asked.window_months} months they ask for, please."
    if not set(conditions.media) <= set(asked.media):
        found["media"] = "Only some of the media they ask for."
    if conditions.territories and not covers(asked.territories, conditions.territories):
        found["territories"] = "Only some of the countries they ask for."
    if conditions.no_exclusivity and asked.exclusivity == Exclusivity.NONE:
        found["no_exclusivity"] = "They ask for no exclusivity."
    if pictures is not None and not asked.looks <= pictures < asked.pictures:
        found["most_pictures"] = _between(asked)
    if len(conditions.note) > LONGEST_NOTE:
        found["note"] = f"At most {LONGEST_NOTE} characters."
    if not found and not conditions.binding:
        found[""] = "Set at least one condition, or say yes."
    return found


def worse_than(conditions: Conditions, offer: Offer) -> Problems:
    """Where a version is worse than what was asked for, by field. Empty: it keeps to every condition."""
    found: Problems = {}
    fee, window, pictures = conditions.lowest_fee_minor, conditions.longest_window_months, conditions.most_pictures
    if fee is not None and offer.fee_minor < fee:
        found["fee"] = f"At least {_amount(fee, offer.currency)} is the condition."
    if window is not None and offer.window_months > window:
        found["window_months"] = f"At most {window} months is the condition."
    if conditions.media and not set(offer.media) <= set(conditions.media):
        found["media"] = f"Only {_media(conditions.media)} is the condition."
    if conditions.territories and not covers(conditions.territories, offer.territories):
        found["territories"] = f"Only {describe(conditions.territories)} is the condition."
    if conditions.no_exclusivity and offer.exclusivity != Exclusivity.NONE:
        found["exclusivity"] = "No exclusivity is the condition."
    if pictures is not None and offer.pictures > pictures:
        found["pictures"] = f"At most {pictures} pictures is the condition."
    return found


def beyond(asked: Offer, offer: Offer) -> Problems:
    """Where a version gives the brand more than it asked for, by field: nobody offers what was not wanted."""
    found: Problems = {}
    if offer.window_months > asked.window_months:
        found["window_months"] = f"They asked for {asked.window_months} months."
    if not offer.media or not set(offer.media) <= set(asked.media):
        found["media"] = f"Some of what they asked for: {_media(asked.media)}."
    if not offer.territories or not covers(asked.territories, offer.territories):
        found["territories"] = f"Some of what they asked for: {describe(asked.territories)}."
    if NARROWER[Exclusivity(offer.exclusivity)] > NARROWER[Exclusivity(asked.exclusivity)]:
        found["exclusivity"] = "Not more exclusivity than they asked for."
    if not asked.looks <= offer.pictures <= asked.pictures:
        found["pictures"] = f"From {asked.looks} to {asked.pictures} pictures: at least one for each look."
    return found


def in_words(conditions: Conditions, currency: str) -> list[str]:
    """Each condition as somebody would say it, the note last."""
    lines = []
    if conditions.lowest_fee_minor is not None:
        lines.append(f"A fee of at least {_amount(conditions.lowest_fee_minor, currency)}")
    if conditions.longest_window_months is not None:
        lines.append(f"At most {conditions.longest_window_months} months")
    if conditions.media:
        lines.append(f"Only {_media(conditions.media)}")
    if conditions.territories:
        lines.append(f"Only {describe(conditions.territories)}")
    if conditions.no_exclusivity:
        lines.append("No exclusivity")
    if conditions.most_pictures is not None:
        noun = "picture" if conditions.most_pictures == 1 else "pictures"
        lines.append(f"At most {conditions.most_pictures} {noun}")
    return lines + ([f"“{conditions.note}”"] if conditions.note else [])


def narrowed(asked: Offer, everybody: Sequence[Conditions]) -> Offer:
    """What was asked, narrowed by all conditions together: where the joint version starts from."""
    offer = asked
    for one in everybody:
        media = [medium for medium in offer.media if not one.media or medium in one.media]
        offer = Offer(
            fee_minor=max(offer.fee_minor, one.lowest_fee_minor or 0),
            currency=offer.currency,
            window_months=min(offer.window_months, one.longest_window_months or offer.window_months),
            media=tuple(media) or offer.media,
            territories=_meet(offer.territories, one.territories) or offer.territories,
            exclusivity=Exclusivity.NONE.value if one.no_exclusivity else offer.exclusivity,
            pictures=min(offer.pictures, one.most_pictures or offer.pictures),
            looks=offer.looks,
        )
    return offer


def spread(pictures: int, before: Sequence[int]) -> list[int]:
    """Fewer pictures over the same looks: each keeps at least one, the last ones give first."""
    left = list(before)
    for index in reversed(range(len(left))):
        too_many = max(0, sum(left) - pictures)
        left[index] -= min(too_many, left[index] - 1)
    return left


def _meet(wide: tuple[str, ...], narrow: tuple[str, ...]) -> tuple[str, ...]:
    if not narrow or WORLD in narrow:
        return wide
    return narrow if WORLD in wide else tuple(code for code in wide if code in narrow)


def _media(media: Sequence[str]) -> str:
    return ", ".join(str(Medium(medium).label) for medium in media)


def _between(asked: Offer) -> str:
    if asked.pictures <= asked.looks:
        return "They ask for one picture of each look; fewer are none."
    return f"From {asked.looks} to {asked.pictures - 1} pictures: fewer than they ask for, at least one for each look."


def _amount(minor: int, currency: str) -> str:
    return f"{currency} {minor // 100:,}.{minor % 100:02d}"
