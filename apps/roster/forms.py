"""Forms of the roster. Names of fields are the columns of the CSV file."""

from django import forms

from apps.common.legal_texts import LANGUAGES
from apps.common.territories import COUNTRIES, country_name
from apps.talent.models import Board


def countries() -> list[tuple[str, str]]:
    return [("", "Choose"), *sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda row: row[1])]


class ModelForm(forms.Form):
    """One person for the roster."""

    first_name = forms.CharField(label="First name", max_length=80)
    last_name = forms.CharField(label="Last name", max_length=80)
    email = forms.EmailField(label="E-mail address", help_text="Her own: the invitation goes there.")
    birth_date = forms.DateField(
        label="Date of birth",
        help_text="Adults only.",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    country = forms.ChoiceField(label="Country", choices=countries)
    board = forms.ChoiceField(label="Board", choices=Board.choices, widget=forms.RadioSelect)
    language = forms.ChoiceField(label="Language of the invitation", choices=list(LANGUAGES.items()))

    def person(self) -> dict[str, str]:
        return {name: str(value) for name, value in self.cleaned_data.items()}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="CSV file",
        help_text="Up to 5 MB. It is read first, and nothing is written before you say so.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a file first."},
    )
