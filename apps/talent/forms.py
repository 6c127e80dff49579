"""Forms in which a model tells of herself. Names of fields are those of the services."""

from typing import Any

from babel import Locale
from django import forms

from apps.common.territories import COUNTRIES, country_name
from apps.talent.joining import AboutHer
from apps.talent.models import Board, Talent
from apps.talent.profile import LIMITS, Profile

SPOKEN = "ar bg cs da de el en es et fi fr he hi hr hu it ja ko lt lv nl no pl pt ro ru sk sl sr sv tr uk vi zh".split()


def countries() -> list[tuple[str, str]]:
    return [("", "Choose"), *sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda row: row[1])]


def languages() -> list[tuple[str, str]]:
    return sorted(((code, str(Locale.parse(code).get_display_name("en"))) for code in SPOKEN), key=lambda row: row[1])


def day(**attrs: str) -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})


class JoinForm(forms.Form):
    """The first four things; nothing of it is shown to anybody yet."""

    stage_name = forms.CharField(label="The name you work under", max_length=80)
    birth_date = forms.DateField(
        label="Date of birth",
        widget=day(autocomplete="bday"),
        help_text="Adults only. Your document has to say the same day; brands never see it.",
    )
    country = forms.ChoiceField(label="Country you live in", choices=countries)
    board = forms.ChoiceField(label="Board", choices=Board.choices, widget=forms.RadioSelect)

    def about(self) -> AboutHer:
        return AboutHer(**self.cleaned_data)


def measure(name: str, label: str) -> forms.IntegerField:
    least, most = LIMITS[name]
    return forms.IntegerField(label=label, required=False, min_value=least, max_value=most)


class ProfileForm(forms.Form):
    """All of a profile. Measurements in centimetres."""

    stage_name = forms.CharField(label="The name you work under", max_length=80)
    country = forms.ChoiceField(label="Country you live in", choices=countries)
    board = forms.ChoiceField(label="Board", choices=Board.choices, widget=forms.RadioSelect)
    height_cm = measure("height_cm", "Height, cm")
    bust_cm = measure("bust_cm", "Bust or chest, cm")
    waist_cm = measure("waist_cm", "Waist, cm")
    hips_cm = measure("hips_cm", "Hips, cm")
    shoe_eu = forms.DecimalField(label="Shoe, EU", required=False, min_value=30, max_value=52, decimal_places=1)
    hair = forms.CharField(label="Hair", max_length=40, required=False)
    eyes = forms.CharField(label="Eyes", max_length=40, required=False)
    languages = forms.MultipleChoiceField(
        label="Languages you speak", choices=languages, required=False, widget=forms.CheckboxSelectMultiple
    )
    union = forms.CharField(
        label="Union or guild",
        max_length=120,
        required=False,
        help_text="Your agency sees it; brands do not. It can advise you before you sign a consent.",
    )
    about = forms.CharField(label="About you", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def profile(self) -> Profile:
        return Profile(**self.cleaned_data)


def profile_initial(talent: Talent) -> dict[str, Any]:
    return {name: getattr(talent, name) for name in ProfileForm.base_fields}
