"""Forms about the person herself."""

from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from django import forms

from apps.accounts.models import User
from apps.accounts.services import languages_for


class NameForm(forms.Form):
    """Asked for where an account has no name yet: colleagues and partners want to know who writes."""

    person = forms.CharField(
        label="Your own name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Tell us your name."},
    )


class ProfileForm(forms.Form):
    """Field names are those of accounts.services.save_profile."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label="Language", help_text="Of the mails and notices we send you.")
    time_zone = forms.ChoiceField(label="Time zone", help_text="Every deadline you see is in it.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        mine = {"name": user.name, "language": user.language, "time_zone": user.time_zone}
        super().__init__(*args, **{"initial": mine, **kwargs})
        languages = [(code, _language(code)) for code in languages_for(user)]
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = [("UTC", "UTC"), *zones]  # type: ignore[attr-defined]


def _language(code: str) -> str:
    """In its own words: "English (United Kingdom)", "français"."""
    return str(Locale.parse(code, sep="-").get_display_name() or code)
