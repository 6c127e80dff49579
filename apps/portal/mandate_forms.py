"""What an agency types to propose a mandate."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from apps.portal.place_fields import PlacesForm
from apps.talent.models import HIGHEST_COMMISSION_BP, Mandate, Talent, three_years_after

HUNDRED = 100


class ProposalForm(PlacesForm):
    """Names of fields are those of talent.proposing.propose; rates are typed in per cent."""

    talent = forms.ModelChoiceField(
        queryset=Talent.objects.none(),
        label="Model",
        to_field_name="slug",
        empty_label="Choose a model",
        error_messages={"required": "Choose a model."},
    )
    kind = forms.ChoiceField(
        choices=Mandate.Kind.choices,
        widget=forms.RadioSelect,
        label="You would be her",
        error_messages={"required": "Choose one of the two."},
    )
    starts_on = forms.DateField(label="First day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                                help_text="It never begins before she has signed.")  # fmt: skip
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                              help_text="Three years at most. It never goes on by itself.")  # fmt: skip
    commission = forms.DecimalField(label="Commission, per cent of the fee", max_digits=4, decimal_places=2,
                                    help_text="20 at most, for all agencies of a booking together.")  # fmt: skip
    mother = forms.DecimalField(label="Of it for the mother agency, per cent of the fee", max_digits=4,
                                decimal_places=2, initial=0)  # fmt: skip
    covers_twins = forms.BooleanField(
        label="Ask her as well whether it covers her twin", required=False,
        help_text="A second text with a signature of its own. The mandate holds without it.",
    )  # fmt: skip

    def __init__(self, *args: Any, models: QuerySet[Talent], **kwargs: Any) -> None:
        today = timezone.now().date()
        start = {"starts_on": today, "ends_on": three_years_after(today) - timedelta(days=1), "commission": 20}
        kwargs["initial"] = start | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["regions"].help_text = "Opened into their countries. One local agency per country at a time."
        self.fields["talent"].queryset = models  # type: ignore[attr-defined]

    def clean_commission(self) -> Decimal:
        return _rate(self.cleaned_data["commission"], "A commission is at most 20 %.")

    def clean_mother(self) -> Decimal:
        return _rate(self.cleaned_data["mother"], "The mother agency’s part lies inside the commission.")

    def proposed(self) -> dict[str, Any]:
        """The cleaned fields as the service takes them."""
        names = ("talent", "kind", "territories", "starts_on", "ends_on", "covers_twins")
        rates = {"commission_bp": "commission", "mother_bp": "mother"}
        return {name: self.cleaned_data[name] for name in names} | {
            name: int(self.cleaned_data[field] * HUNDRED) for name, field in rates.items()
        }

    def refuse(self, field: str | None, message: str) -> None:
        """A service's refusal beside the field that it means."""
        here = {"commission_bp": "commission", "mother_bp": "mother", "territories": "regions"}.get(field or "", field)
        self.add_error(here if here in self.fields else None, message)


def _rate(percent: Decimal, too_much: str) -> Decimal:
    if not 0 <= percent * HUNDRED <= HIGHEST_COMMISSION_BP:
        raise forms.ValidationError(too_much)
    return percent
