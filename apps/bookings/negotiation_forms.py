"""What is typed in a negotiation: conditions, the joint version, and the brand's own answer to it.

Fields where nothing could be changed are left out: one medium cannot become fewer.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms

from apps.bookings.conditions import Conditions, Offer, Problems, problems_of
from apps.bookings.forms import UsageForm, long_text, priced, territories_from
from apps.bookings.models import Booking
from apps.common.territories import REGIONS, WORLD, country_name
from apps.common.vocabulary import Exclusivity, Medium, Window

CENTS = 100
CREW = "crew-"  # before the id of a credit
# What services and pure rules call a field, and the forms call otherwise (`media` means scripts in a Django form).
FIELD_NAMES = {"media": "medium", "territories": "countries", "fee_minor": "fee"}


def fee_field(label: str, **attrs: str) -> forms.DecimalField:
    return forms.DecimalField(
        required=False,
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        label=label,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", **attrs}),
        error_messages={"invalid": "An amount like 2200.00, please.", "min_value": "More than nothing, please."},
    )


def pictures_field(label: str, *, required: bool, **attrs: str) -> forms.IntegerField:
    return forms.IntegerField(
        required=required,
        label=label,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", **attrs}),
        error_messages={"invalid": "A whole number, please."},
    )


class _OfWhatWasAsked(forms.Form):
    """Boxes for the media and countries that the brand asked for, all of them ticked."""

    medium = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Where they appear", help_text="Untick what you do not want.",
        error_messages={"required": "Leave at least one ticked, or say no."},
    )  # fmt: skip
    countries = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, label="Countries", help_text="Untick what you do not want.",
        error_messages={"required": "Leave at least one ticked, or say no."},
    )  # fmt: skip

    def __init__(self, asked: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self._choose("medium", [(code, str(Medium(code).label)) for code in asked.media])
        self._choose("countries", _countries(asked.territories))

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields[name].initial = [code for code, _ in choices]

    def blame(self, problems: Problems) -> None:
        """Each problem next to its field; what concerns none stands on top."""
        for field, message in problems.items():
            name = FIELD_NAMES.get(field, field)
            self.add_error(name if name in self.fields else None, message)

    def _territories(self) -> tuple[str, ...]:
        chosen = self.cleaned_data.get("countries", [])
        if WORLD not in self.asked.territories:
            return tuple(chosen) if "countries" in self.fields else self.asked.territories
        return tuple(territories_from(chosen, []))

    def _media(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data.get("medium", [])) if "medium" in self.fields else self.asked.media


class ConditionsForm(_OfWhatWasAsked):
    """One party's conditions. `conditions` of the result names only what differs from what was asked."""

    field_order = ("version", "lowest_fee", "longest_window_months", "most_pictures", "no_exclusivity", "medium",
                   "countries", "note")  # fmt: skip

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    lowest_fee = fee_field("Lowest fee the brand pays")
    longest_window_months = forms.TypedChoiceField(coerce=int, label="How long they may use the pictures")
    most_pictures = pictures_field("At most so many pictures", required=False)
    no_exclusivity = forms.BooleanField(required=False, label="No exclusivity")
    note = long_text(500, 3)

    def __init__(self, asked: Offer, *args: Any, share: str = "", **kwargs: Any) -> None:
        super().__init__(asked, *args, **kwargs)
        self.fields["lowest_fee"].help_text = f"They offer {money(asked.fee_minor, asked.currency)}. {share}".strip()
        self.fields["longest_window_months"].choices = [  # type: ignore[attr-defined]
            (months, f"{label} (what they ask for)" if months == asked.window_months else label)
            for months, label in reversed(Window.choices)
            if months <= asked.window_months
        ]
        self.fields["longest_window_months"].initial = asked.window_months
        self.fields["most_pictures"].help_text = f"They ask for {asked.pictures}. Empty: as they ask."
        for name, pointless in {
            "medium": len(asked.media) == 1,
            "countries": len(asked.territories) == 1 and WORLD not in asked.territories,
            "no_exclusivity": asked.exclusivity == Exclusivity.NONE,
            "most_pictures": asked.pictures <= asked.looks,
            "longest_window_months": asked.window_months <= min(Window.values),
        }.items():
            if pointless:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.blame(problems_of(self.conditions, self.asked))
        return cleaned

    @property
    def conditions(self) -> Conditions:
        typed, asked = self.cleaned_data, self.asked
        window, media, countries = typed.get("longest_window_months"), self._media(), self._territories()
        return Conditions(
            lowest_fee_minor=minor(typed.get("lowest_fee")),
            longest_window_months=window if window and window < asked.window_months else None,
            media=media if set(media) != set(asked.media) else (),
            territories=countries if set(countries) != set(asked.territories) else (),
            no_exclusivity=bool(typed.get("no_exclusivity")),
            most_pictures=typed.get("most_pictures"),
            note=str(typed.get("note", "")).strip(),
        )


class ProposalForm(_OfWhatWasAsked):
    """The joint version. It starts from what was asked, narrowed by the conditions."""

    field_order = ("version", "fee", "window_months", "pictures", "exclusivity", "medium", "countries")

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    fee = fee_field("Fee", **priced())
    window_months = forms.TypedChoiceField(coerce=int, label="For how long", widget=forms.Select(attrs=priced()))
    pictures = pictures_field("Pictures altogether", required=True, **priced())
    exclusivity = forms.ChoiceField(label="Exclusivity", widget=forms.Select(attrs=priced()))

    def __init__(self, asked: Offer, start: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(asked, *args, **kwargs)
        self.start = start
        self.fields["fee"].help_text = "Empty: what the rate card says for this version."
        self.fields["window_months"].choices = [  # type: ignore[attr-defined]
            (months, label) for months, label in Window.choices if months <= asked.window_months
        ]
        self.fields["exclusivity"].choices = _exclusivities(asked.exclusivity)  # type: ignore[attr-defined]
        self.fields["pictures"].help_text = f"They asked for {asked.pictures}; at least one for each look."
        for name in ("medium", "countries"):
            self.fields[name].widget.attrs |= priced()
        raised = start.fee_minor > asked.fee_minor
        starts: dict[str, Any] = {
            "fee": Decimal(start.fee_minor) / CENTS if raised else None,
            "window_months": start.window_months,
            "pictures": start.pictures,
            "exclusivity": start.exclusivity,
            "medium": list(start.media),
            "countries": _keys(start.territories, [key for key, _ in _countries(asked.territories)]),
        }
        self.initial.update(starts)

    @property
    def fields_of_version(self) -> dict[str, Any]:
        return {
            "media": list(self._media()),
            "territories": list(self._territories()),
            "window_months": self.cleaned_data["window_months"],
            "exclusivity": self.cleaned_data["exclusivity"],
            "pictures": self.cleaned_data["pictures"],
            "fee_minor": minor(self.cleaned_data["fee"]),
        }


class OwnVersionForm(UsageForm):
    """The brand's own version in answer to a counter-offer: the composer's fields, with pictures and a higher fee."""

    title = None  # type: ignore[assignment]
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    pictures = pictures_field("Pictures altogether", required=True, **priced())
    fee = fee_field("Fee", **priced())

    def __init__(self, *args: Any, looks: int, most: int, booking: Booking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = [credit for credit in booking.credits.all() if credit.email]
        for credit in self.payable:
            field = fee_field(f"{credit.name}, {credit.part.lower()}", **priced())
            given = booking.crew_split.get(str(credit.pk))
            field.initial = Decimal(given) / CENTS if given else None
            self.fields[f"{CREW}{credit.pk}"] = field
        self.fields["pictures"].help_text = f"From {looks} to {most}: at least one for each look."
        self.fields["fee"].help_text = "Empty: what the rate card says for this version. You may offer more."

    def blame(self, problems: Problems) -> None:
        names = FIELD_NAMES | {"territories": "regions"}
        for field, message in problems.items():
            name = names.get(field, field)
            self.add_error(name if name in self.fields else None, message)

    @property
    def fields_of_version(self) -> dict[str, Any]:
        names = ("territories", "window_months", "starts_on", "exclusivity", "category", "pictures")
        return {name: self.cleaned_data[name] for name in names} | {
            "media": self.cleaned_data["medium"],
            "fee_minor": minor(self.cleaned_data["fee"]),
            "crew_split": {
                str(credit.pk): amount
                for credit in self.payable
                if (amount := minor(self.cleaned_data[f"{CREW}{credit.pk}"]))
            },
        }

    @property
    def crew(self) -> list[forms.BoundField]:
        """What each person who is named with an address is given beside the fee."""
        return [self[f"{CREW}{credit.pk}"] for credit in self.payable]


def minor(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * CENTS)


def money(amount_minor: int, currency: str) -> str:
    return f"{currency} {amount_minor // CENTS:,}.{amount_minor % CENTS:02d}"


def _countries(asked: Iterable[str]) -> list[tuple[str, str]]:
    """Each country that was asked for; where it was the whole world, the world and each named region."""
    if WORLD in asked:
        return [(WORLD, "Worldwide"), *((key, name) for key, (name, _) in REGIONS.items())]
    return [(code, name) for name, code in sorted((country_name(code), code) for code in asked)]


def _keys(territories: Iterable[str], offered: list[str]) -> list[str]:
    """The boxes to tick for these territories: codes themselves, or the regions that lie in them."""
    chosen = set(territories)
    return [key for key in offered if key in chosen or (key in REGIONS and REGIONS[key][1] <= chosen)]


def _exclusivities(asked: str) -> list[tuple[str, str]]:
    order = list(Exclusivity)
    return [(str(one.value), str(one.label)) for one in order[: order.index(Exclusivity(asked)) + 1]]
