"""What a calendar of rights is narrowed to, and the form that puts an option."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from apps.common.territories import COUNTRIES, COUNTRY_CHOICES, REGIONS
from apps.common.vocabulary import Category, Exclusivity, Window
from apps.portal.months import Months
from apps.portal.place_fields import PlacesForm

LENGTHS = [(6, "6 months"), (12, "12 months"), (24, "24 months")]
EARLIEST, LATEST = date(2020, 1, 1), date(2100, 1, 1)
PLACES: list[tuple[str, list[tuple[str, str]]]] = [
    ("Regions", [(key, name) for key, (name, _) in REGIONS.items()]),
    ("Countries", COUNTRY_CHOICES),
]


class CalendarFilter(forms.Form):
    """All in the address. Whatever cannot be read counts as not chosen, so that an old link still opens the page."""

    category = forms.ChoiceField(label="Category", choices=[("", "Every category"), *Category.choices], required=False)
    place = forms.ChoiceField(label="Where", choices=[("", "Everywhere"), *PLACES], required=False)
    since = forms.DateField(
        label="From", input_formats=["%Y-%m", "%Y-%m-%d"], required=False,
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )  # fmt: skip
    length = forms.TypedChoiceField(label="How far", choices=LENGTHS, coerce=int, required=False)

    def __init__(self, asked: Any, **start: Any) -> None:
        """`start` is what an empty address means."""
        start = {"since": f"{timezone.now().date():%Y-%m}", "length": 12} | start
        data = {name: asked.get(name) or start.get(name, "") for name in self.base_fields}
        super().__init__(data, auto_id="filter-%s")  # the form that puts an option stands on the same page
        self.full_clean()
        for name in self.errors:
            data[name] = start.get(name, "")
        if self.errors:
            self.full_clean()

    @property
    def months(self) -> Months:
        since = self.cleaned_data.get("since") or timezone.now().date()
        since = min(max(since, EARLIEST), LATEST)
        return Months(since.replace(day=1), self.cleaned_data.get("length") or 12)

    @property
    def category_code(self) -> str:
        return str(self.cleaned_data.get("category", ""))

    @property
    def countries(self) -> list[str]:
        """The countries of the chosen place; none: everywhere."""
        place = str(self.cleaned_data.get("place", ""))
        return sorted(REGIONS[place][1]) if place in REGIONS else [place] if place in COUNTRIES else []


class TwinCalendarFilter(CalendarFilter):
    """For a brand: one category, and whether it means to be the only one."""

    category = forms.ChoiceField(label="What the pictures sell", choices=Category.choices)
    place = forms.ChoiceField(label="Where", choices=PLACES)
    exclusivity = forms.ChoiceField(label="Exclusivity", choices=Exclusivity.choices, required=False)

    @property
    def exclusivity_code(self) -> str:
        return str(self.cleaned_data.get("exclusivity") or Exclusivity.NONE)


class OptionForm(PlacesForm):
    """Names of fields are those of options.services.asking.ask."""

    category = forms.ChoiceField(label="What the pictures sell", choices=Category.choices)
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=timezone.localdate
    )
    window_months = forms.TypedChoiceField(
        label="For how long", choices=Window.choices, coerce=int, initial=Window.TWELVE
    )

    def asked(self) -> dict[str, Any]:
        """The cleaned fields as the service takes them."""
        return {name: self.cleaned_data[name] for name in ("category", "territories", "starts_on", "window_months")}

    def refuse(self, field: str | None, message: str) -> None:
        """A service's refusal beside the field that it means."""
        here = {"territories": "regions"}.get(field or "", field)
        self.add_error(here if here in self.fields else None, message)
