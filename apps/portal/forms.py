"""Forms of the portal's own pages."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.bookings.calendar import add_months
from apps.common.vocabulary import Category, Medium, Window

LARGEST_UPLOAD = 30 * 1024 * 1024


class VerifyForm(forms.Form):
    picture = forms.FileField(
        label="Picture",
        help_text="JPEG, PNG or WebP, up to 30 MB. It is compared and forgotten, never kept.",
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        error_messages={"required": "Choose a picture first."},
    )

    def clean_picture(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["picture"]
        if upload.size is None or upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError("This file is larger than 30 MB.")
        return upload


class ConsentForm(forms.Form):
    """What one purpose is given for and until when. Everything starts unticked (California AB 2602, GDPR art. 7)."""

    uses = forms.MultipleChoiceField(
        label="For pictures in",
        choices=Medium.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name at least one use. There is no “everything”."},
    )
    months = forms.TypedChoiceField(
        label="For how long",
        choices=[(6, "6 months"), (12, "One year"), (24, "Two years"), (36, "Three years")],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how long it lasts. You can take it back at any time."},
    )
    counsel = forms.CharField(
        label="Your own lawyer or union",
        max_length=160,
        required=False,
        help_text="A name, if somebody advised you. Your agency is no counsel.",
    )

    def terms(self) -> dict[str, Any]:
        """What is signed: the same words and the same end all day long, so that the read text is the signed text."""
        last = add_months(datetime.now(UTC).date(), self.cleaned_data["months"])
        return {
            "scope": "My digital twin on Double, for bookings that I say yes to one by one",
            "rate_of_pay": "The fee of each booking as its deal memo states it, before I say yes",
            "uses": [str(Medium(use).label) for use in self.cleaned_data["uses"]],
            "ends_at": datetime.combine(last, time.max, tzinfo=UTC),
        }


class RulesForm(forms.Form):
    """A model's standing rules. Names of fields are those of talent.services.set_boundaries."""

    barred_categories = forms.MultipleChoiceField(
        label="Never for", choices=Category.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    barred_media = forms.MultipleChoiceField(
        label="Never in", choices=Medium.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    longest_window_months = forms.TypedChoiceField(
        label="Longest licence", choices=Window.choices, coerce=int, widget=forms.RadioSelect
    )
    lowest_fee = forms.DecimalField(
        label="Lowest fee of a booking",
        min_value=0,
        max_digits=10,
        decimal_places=2,
        help_text="In the currency of your day rate, before commission. Brands never see this figure.",
    )
