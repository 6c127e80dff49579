"""What a decision carries: an answer to a request, a verdict on a picture."""

from collections.abc import Sequence
from typing import Any

from django import forms

from apps.bookings.forms import long_text
from apps.bookings.services.answers import LONGEST_REASON as LONGEST_ANSWER_REASON
from apps.bookings.services.review import LONGEST_REASON as LONGEST_PICTURE_REASON
from apps.common.depiction import Trait


class AnswerForm(forms.Form):
    """One party's answer to one version. A model never has to explain, so the reason stays optional."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    answer = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], widget=forms.HiddenInput)
    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # SHA-256 of the memo she read
    reason = long_text(LONGEST_ANSWER_REASON, 3)


REJECTIONS = (
    ("It does not look like me", "It does not look like me"),
    ("My face or body was changed", "My face or body was changed"),
    ("The pose or crop", "The pose or crop"),
    ("The light or colour", "The light or colour"),
    ("", "Rather not say"),
)


class VerdictForm(forms.Form):
    """Her verdict on one picture; the reasons are offers."""

    verdict = forms.ChoiceField(choices=[("pass", "Pass"), ("reject", "Reject")], widget=forms.HiddenInput)
    because = forms.ChoiceField(choices=REJECTIONS, required=False, widget=forms.RadioSelect, label="Reason")
    words = long_text(LONGEST_PICTURE_REASON, 3)
    never = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, label="Never again")

    def __init__(self, *args: Any, shown: Sequence[Trait], **kwargs: Any) -> None:
        """`shown` is what of this picture she can rule out for good."""
        super().__init__(*args, **kwargs)
        self._shown = {f"{trait.kind}:{trait.value}": trait for trait in shown}
        self.fields["never"].choices = [(key, trait.sentence) for key, trait in self._shown.items()]  # type: ignore[attr-defined]

    def clean_never(self) -> list[Trait]:
        return [self._shown[key] for key in self.cleaned_data["never"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reason = ". ".join(filter(None, [cleaned.get("because", ""), cleaned.get("words", "").strip()]))
        if len(reason) > LONGEST_PICTURE_REASON and "words" not in self.errors:
            self.add_error("words", f"At most {LONGEST_PICTURE_REASON} characters together with the reason above.")
        cleaned["reason"] = reason
        return cleaned
