"""What a brand says about a licence: its market, where pictures ran, a take-down, a wider use."""

from typing import Any

from django import forms

from apps.bookings.models import Licence
from apps.common.territories import COUNTRIES, COUNTRY_CHOICES, WORLD
from apps.common.vocabulary import Medium, Window


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _named(codes: frozenset[str]) -> list[tuple[str, str]]:
    return [(code, name) for code, name in COUNTRY_CHOICES if code in codes]


def _countries(licence: Licence) -> frozenset[str]:
    return COUNTRIES if WORLD in licence.territories else frozenset(licence.territories)


class LabelForm(forms.Form):
    """Where the pictures will be seen: within the licence, so both lists are its own."""

    territory = forms.ChoiceField(label="Country")
    channel = forms.ChoiceField(label="Channel")

    def __init__(self, *args: Any, licence: Licence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        media = [(medium.value, medium.label) for medium in Medium if medium.value in licence.media]
        self.fields["territory"].choices = _named(_countries(licence))  # type: ignore[attr-defined]
        self.fields["channel"].choices = media  # type: ignore[attr-defined]


class PlacementForm(forms.Form):
    """Anything may be logged, also what the licence does not cover: saying so is what the form is for."""

    url = forms.URLField(
        required=False, max_length=500, assume_scheme="https", label="Address",
        help_text="Kept as you type it and shown to the model. We never open it.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    where = forms.CharField(
        required=False, max_length=160, label="Or the place", help_text="For what has no address: a poster, a spot."
    )
    medium = forms.ChoiceField(choices=Medium.choices, label="Channel")
    country = forms.ChoiceField(choices=[("", "Choose"), *COUNTRY_CHOICES], label="Country")
    further_country = forms.ChoiceField(
        choices=[("", "None"), *COUNTRY_CHOICES], required=False, label="Another country"
    )
    first_on = forms.DateField(label="First day", widget=_day())
    last_on = forms.DateField(label="Last day", required=False, widget=_day(), help_text="Empty: it still runs.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("url") and not cleaned.get("where") and "url" not in self.errors:
            self.add_error("url", "Give its address, or say where it is.")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned fields as the service takes them."""
        given = self.cleaned_data
        countries = [code for code in (given["country"], given["further_country"]) if code]
        kept = {name: given[name] for name in ("url", "where", "medium", "first_on", "last_on")}
        return kept | {"territories": sorted(set(countries))}


class TakeDownForm(forms.Form):
    taken_down_on = forms.DateField(label="Taken down on", widget=_day())
    taken_down_by = forms.CharField(label="By whom", max_length=120, help_text="A name, or a company.")


class ExtensionForm(forms.Form):
    """What is to be added. What the licence has already stays and cannot be unticked."""

    more_media = forms.MultipleChoiceField(
        required=False, label="Also in", widget=forms.CheckboxSelectMultiple, choices=Medium.choices
    )
    country = forms.ChoiceField(required=False, label="Also in this country")
    further_country = forms.ChoiceField(required=False, label="And this one")
    worldwide = forms.BooleanField(required=False, label="Worldwide")
    window_months = forms.TypedChoiceField(
        coerce=int, choices=Window.choices, label="In all", help_text="Counted from the licence’s own first day."
    )

    def __init__(self, *args: Any, licence: Licence, months: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.licence = licence
        rest = [(medium.value, medium.label) for medium in Medium if medium.value not in licence.media]
        self.fields["more_media"].choices = rest  # type: ignore[attr-defined]
        others = [("", "None"), *_named(COUNTRIES - _countries(licence))]
        for name in ("country", "further_country"):
            self.fields[name].choices = others  # type: ignore[attr-defined]
        longer = [(value, label) for value, label in Window.choices if value >= months]
        self.fields["window_months"].choices = longer  # type: ignore[attr-defined]
        self.fields["window_months"].initial = months
        if not rest:
            del self.fields["more_media"]
        if WORLD in licence.territories:
            for name in ("country", "further_country", "worldwide"):
                del self.fields[name]

    @property
    def wider(self) -> dict[str, Any]:
        """The whole use that is asked for."""
        given = self.cleaned_data
        countries = {code for code in (given.get("country"), given.get("further_country")) if code}
        world = [WORLD] if given.get("worldwide") else []
        return {
            "media": [*self.licence.media, *given.get("more_media", [])],
            "territories": [*self.licence.territories, *sorted(countries), *world],
            "window_months": given["window_months"],
        }
