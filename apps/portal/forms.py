"""Forms of the portal's own pages."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MaxLengthValidator

from apps.common.territories import COUNTRY_CHOICES
from apps.common.vocabulary import Category, LicenceType, Medium, Window
from apps.organizations.models import Organization
from apps.talent.models import WIDEST_TOLERANCE

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


class TakeDownForm(forms.Form):
    """Names of fields are those of bookings.services.objecting.object_to."""

    name = forms.CharField(label="Your name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(label="Your address", help_text="We write to you about this and nothing else.")
    where = forms.CharField(label="Where you saw it", max_length=500, required=False)
    words = forms.CharField(
        label="What is wrong",
        widget=forms.Textarea(attrs={"rows": 5}),
        validators=[MaxLengthValidator(4_000, "At most 4,000 characters; this has %(show_value)s.")],
        help_text="Say whether it shows you, and why it must not be shown.",
    )


def tolerance(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=WIDEST_TOLERANCE)


class RulesForm(forms.Form):
    """A model's standing rules. Names of fields are those of talent.services.set_boundaries."""

    barred_categories = forms.MultipleChoiceField(
        label="Never for", choices=Category.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    barred_media = forms.MultipleChoiceField(
        label="Never in", choices=Medium.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    barred_territories = forms.MultipleChoiceField(
        label="Not in these countries",
        choices=COUNTRY_CHOICES,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="A licence that reaches one of them is not offered.",
    )
    barred_brands = forms.ModelMultipleChoiceField(
        label="Never with",
        queryset=Organization.objects.filter(kind=Organization.Kind.BRAND).order_by("name"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text="These brands do not see your twin, and are not told that you chose so.",
    )
    longest_window_months = forms.TypedChoiceField(
        label="Longest licence", choices=Window.choices, coerce=int, widget=forms.RadioSelect
    )
    lowest_fee = forms.DecimalField(
        label="Lowest fee of a booking",
        min_value=0,
        max_digits=10,
        decimal_places=2,
    )
    licence_types = forms.MultipleChoiceField(
        label="What you license",
        choices=LicenceType.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one type of licence."},
    )
    body_tolerance = tolerance("Body, per cent")
    skin_tolerance = tolerance("Skin, per cent")
    hair_tolerance = tolerance("Hair, per cent")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lowest_fee"].help_text = f"In {currency}, before commission. Brands never see this figure."
