"""What a model chooses before she reads one consent."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from apps.common.dates import add_months
from apps.consents.consent_text import wording
from apps.consents.models import Purpose


class ConsentForm(forms.Form):
    """What one purpose is given for and until when. Everything starts unticked (California AB 2602, GDPR art. 7)."""

    uses = forms.MultipleChoiceField(
        label="What I agree to",
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
    counsel_on = forms.DateField(
        label="Advised you on",
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, purpose: Purpose, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = wording(purpose, language=language)
        self.language = language
        if purpose == Purpose.PUBLISH:
            self.fields["months"].help_text = "No licence outlasts it: for one of twelve months it takes two years."
        self.fields["uses"].choices = list(self.said.uses.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("counsel") and not cleaned.get("counsel_on") and "counsel_on" not in self.errors:
            self.add_error("counsel_on", "On which day?")
        if cleaned.get("counsel_on") and not cleaned.get("counsel"):
            self.add_error("counsel", "Who was it?")
        if cleaned.get("counsel_on") and cleaned["counsel_on"] > timezone.now().date():
            self.add_error("counsel_on", "The advice comes before the signature.")
        return cleaned

    def terms(self) -> dict[str, Any]:
        """What is signed: the same words and the same end all day long, so that the read text is the signed text."""
        last = add_months(datetime.now(UTC).date(), self.cleaned_data["months"])
        return {
            "scope": self.said.scope,
            "rate_of_pay": self.said.rate_of_pay,
            "uses": [self.said.uses[use] for use in self.cleaned_data["uses"]],
            "ends_at": datetime.combine(last, time.max, tzinfo=UTC),
            "language": self.language,
            "counsel": self.cleaned_data["counsel"],
            "counsel_on": self.cleaned_data["counsel_on"],
        }
