"""What is typed to begin a programme, and to ask people in."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from apps.common.territories import COUNTRY_CHOICES, REGIONS, WORLD
from apps.portal.mandate_forms import HUNDRED
from apps.portal.my_twin import to_minor
from apps.programmes.models import LONGEST_MANDATE_MONTHS
from apps.programmes.services import Asked, Plan

USUAL_DAYS = 90
LINE = re.compile(r"^\s*(?P<email>[^\s,;<>]+@[^\s,;<>]+)\s*(?:[,;\t ]\s*(?P<name>.+?))?\s*$")
NAMED = re.compile(r"^\s*(?P<name>[^<>]+?)\s*<(?P<email>[^\s<>]+@[^\s<>]+)>\s*$")
MOST_LINES = 2_000


class ProgrammeForm(forms.Form):
    """Names of fields are those of programmes.services.Plan, where they have one."""

    name = forms.CharField(label="Name", max_length=120, help_text="The invited read it.")
    words = forms.CharField(
        label="What it is about", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why these models, what the twins are for. The invited read it before they answer.",
    )  # fmt: skip
    day_rate = forms.DecimalField(label="Day rate", min_value=Decimal("0.01"), max_digits=9, decimal_places=2)
    ends_on = forms.DateField(
        label="Last day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Places whose twin is not approved by then end, and what was paid for them is refunded.",
    )  # fmt: skip

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        start = {"ends_on": timezone.now().date() + timedelta(days=USUAL_DAYS)}
        kwargs["initial"] = start | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.currency = currency
        self.fields["day_rate"].label = f"Day rate, {currency}"
        self.fields["day_rate"].help_text = "The fee for making one twin is 1.25 times this."

    def plan(self) -> Plan:
        data = self.cleaned_data
        return Plan(
            name=data["name"],
            words=data["words"],
            day_rate_minor=to_minor(data["day_rate"], self.currency),
            ends_on=data["ends_on"],
            **self.mandate(),
        )

    def mandate(self) -> dict[str, Any]:
        return {}

    def refuse(self, field: str | None, message: str) -> None:
        """A service's refusal beside the field that it means."""
        here = {"day_rate_minor": "day_rate", "mandate_territories": "mandate_regions"}.get(field or "", field)
        self.add_error(here if here in self.fields else None, message)


class AgencyProgrammeForm(ProgrammeForm):
    """With the mandate that is proposed to everybody who says yes."""

    with_mandate = forms.BooleanField(
        label="Propose our mandate to everybody who says yes", required=False, initial=True,
        help_text="Each reads and signs it, or refuses it, by herself; whether it covers her twin is asked separately. "
        "Whoever has one with you already is not asked again.",
    )  # fmt: skip
    mandate_months = forms.IntegerField(
        label="For how many months", min_value=1, max_value=LONGEST_MANDATE_MONTHS, initial=24,
        help_text="36 at most. It never goes on by itself.",
    )  # fmt: skip
    mandate_commission = forms.DecimalField(
        label="Commission, per cent of the fee", min_value=0, max_value=20, max_digits=4, decimal_places=2, initial=20,
        help_text="20 at most.",
    )  # fmt: skip
    mandate_regions = forms.MultipleChoiceField(
        choices=[(key, name) for key, (name, _) in REGIONS.items()] + [(WORLD, "Worldwide")], required=False,
        widget=forms.CheckboxSelectMultiple, label="Where", help_text="Regions, opened into their countries.",
    )  # fmt: skip
    mandate_countries = forms.MultipleChoiceField(
        choices=COUNTRY_CHOICES, required=False, widget=forms.SelectMultiple(attrs={"size": 6}), label="Countries"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = not self.is_bound or bool(self.data.get("with_mandate"))
        self.fields["mandate_months"].required = self.fields["mandate_commission"].required = wanted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        somewhere = cleaned.get("mandate_regions") or cleaned.get("mandate_countries")
        if cleaned.get("with_mandate") and not somewhere:
            self.add_error("mandate_regions", "Choose at least one region or country.")
        return cleaned

    def mandate(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not data["with_mandate"]:
            return {}
        chosen = set(data["mandate_countries"])
        for region in data["mandate_regions"]:
            chosen |= {WORLD} if region == WORLD else REGIONS[region][1]
        return {
            "mandate_territories": [WORLD] if WORLD in chosen else sorted(chosen),
            "mandate_commission_bp": int(data["mandate_commission"] * HUNDRED),
            "mandate_months": data["mandate_months"],
        }


class PeopleForm(forms.Form):
    """Addresses as people copy them: one a line, with or without a name."""

    people = forms.CharField(
        label="Whom to invite", widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text="One a line: an e-mail address, then her name. Copied from a spreadsheet it works as well.",
        error_messages={"required": "Write at least one address."},
    )  # fmt: skip

    def clean_people(self) -> list[Asked]:
        lines = [line for line in self.cleaned_data["people"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise forms.ValidationError(f"At most {MOST_LINES} at once.")
        found = [(number, NAMED.match(line) or LINE.match(line)) for number, line in enumerate(lines, start=1)]
        wrong = [number for number, match in found if match is None]
        if wrong:
            shown = ", ".join(map(str, wrong[:10]))
            raise forms.ValidationError(f"There is no e-mail address in line {shown}. Nobody was invited yet.")
        return [Asked(match["email"], (match["name"] or "").strip(" ,;")) for _, match in found if match]
