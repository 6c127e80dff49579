from django import forms

from apps.talent.forms import countries


class CountryForm(forms.Form):
    country = forms.ChoiceField(
        label="Country you are paid in",
        choices=countries,
        help_text="It cannot be changed at Stripe later.",
        error_messages={"required": "Choose the country you are paid in."},
    )
