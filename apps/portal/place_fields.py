"""Where something holds, as people choose it: whole regions and single countries, opened into countries."""

from typing import Any

from django import forms

from apps.common.territories import COUNTRY_CHOICES, REGIONS, WORLD


class PlacesForm(forms.Form):
    """Its `cleaned_data` has `territories`: the countries' codes, or worldwide alone."""

    regions = forms.MultipleChoiceField(
        choices=[(key, name) for key, (name, _) in REGIONS.items()] + [(WORLD, "Worldwide")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Regions",
        help_text="Opened into their countries.",
    )
    countries = forms.MultipleChoiceField(
        choices=COUNTRY_CHOICES,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        label="Countries",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = set(cleaned.get("countries", []))
        for region in cleaned.get("regions", []):
            chosen |= {WORLD} if region == WORLD else REGIONS[region][1]
        if not chosen:
            self.add_error("regions", "Choose at least one region or country.")
        cleaned["territories"] = [WORLD] if WORLD in chosen else sorted(chosen)
        return cleaned
