"""What one types into a conversation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from apps.conversations.services.writing import SUFFIXES


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; what they are is judged by the service and its task."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        several: Sequence[Any] = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in several if one]


class MessageForm(forms.Form):
    text = forms.CharField(required=False, strip=False, label="Your message", widget=forms.Textarea(attrs={"rows": 3}))
    uploads = FilesField(
        required=False,
        label="Attach",
        help_text="Pictures and PDFs, up to five of 10 MB.",
        widget=ManyFiles(attrs={"accept": ",".join(SUFFIXES)}),
    )
