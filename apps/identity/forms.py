"""Forms of the identity check. Names of fields are those of the services."""

from typing import Any

from django import forms

from apps.identity.models import IdentityCheck
from apps.identity.services import LONGEST_REASON, Shown

PICTURES = "image/jpeg,image/png,image/webp,image/heic"


class IdentityForm(forms.Form):
    """What a model hands in on her phone."""

    kind = forms.ChoiceField(label="What you show us", choices=IdentityCheck.Document.choices, widget=forms.RadioSelect)
    document = forms.FileField(
        label="The side with your photograph",
        help_text="All four corners, no glare. JPEG, PNG, WebP or HEIC, up to 30 MB.",
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "environment"}),
        error_messages={"required": "Please take or choose a picture of it."},
    )
    selfie = forms.FileField(
        label="Your face, now",
        help_text="From the front, in daylight, nothing over your eyes.",
        widget=forms.FileInput(attrs={"accept": PICTURES, "capture": "user"}),
        error_messages={"required": "Please take a picture of your face."},
    )

    def shown(self) -> Shown | None:
        """What she hands in to us, once the form is valid."""
        given = self.cleaned_data
        return Shown(given["kind"], given["document"].read(), given["selfie"].read())


class AtStripeForm(forms.Form):
    """A press, and nothing to hand in here."""

    def shown(self) -> Shown | None:
        return None


FORMS: dict[str, type[IdentityForm] | type[AtStripeForm]] = {"person": IdentityForm, "stripe": AtStripeForm}


class DecisionForm(forms.Form):
    """What staff decide: the day in the document to approve, or a reason to refuse."""

    APPROVE, REFUSE = "approve", "refuse"

    decision = forms.ChoiceField(choices=[(APPROVE, "Approve"), (REFUSE, "Refuse")], widget=forms.RadioSelect)
    birth_date = forms.DateField(
        label="Date of birth in the document",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="To approve: type it as it stands in the document.",
    )
    reason = forms.CharField(
        label="What would help",
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="To refuse: the model reads this.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            cleaned.get("decision") == self.APPROVE
            and not cleaned.get("birth_date")
            and "birth_date" not in self.errors
        ):
            self.add_error("birth_date", "Type the date that stands in the document.")
        return cleaned
