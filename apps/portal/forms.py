"""Forms of the portal's own pages."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

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
