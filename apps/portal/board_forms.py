"""What is typed to begin a board or a package, and to make a link."""

from typing import Any

from django import forms

from apps.boards.services.gathering import LONGEST_NAME, LONGEST_WORDS
from apps.boards.services.sharing import LIFETIMES
from apps.organizations.models import Organization


class BoardForm(forms.Form):
    """Names of fields are those of boards.services.create."""

    name = forms.CharField(label="Name", max_length=LONGEST_NAME)
    note = forms.CharField(
        label="Note", max_length=LONGEST_WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever opens a link of it reads this too.",
    )  # fmt: skip

    def refuse(self, field: str | None, message: str) -> None:
        self.add_error(field if field in self.fields else None, message)


class PackageForm(BoardForm):
    for_brand = forms.ModelChoiceField(
        label="For", queryset=Organization.objects.none(), required=False, empty_label="Anybody with the link",
        help_text="A brand that it is for sees only twins that it may book, and takes it over into a board of its own.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        brands = Organization.objects.checked().filter(kind=Organization.Kind.BRAND)
        self.fields["for_brand"].queryset = brands.order_by("name")  # type: ignore[attr-defined]


class ShareForm(forms.Form):
    days = forms.TypedChoiceField(
        label="Works for", coerce=int, choices=list(LIFETIMES.items()), initial=14,
        error_messages={"required": "Choose how long the link shall work."},
    )  # fmt: skip
