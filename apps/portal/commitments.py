"""Where a model is bound elsewhere, as she and her agencies see it, and the form that enters it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.vocabulary import Category, Exclusivity
from apps.organizations.models import Organization
from apps.portal.place_fields import PlacesForm
from apps.talent.models import OutsideCommitment, Talent

TAKES = [(code, label) for code, label in Exclusivity.choices if code != Exclusivity.NONE]


@dataclass(frozen=True)
class Bound:
    """One commitment. `words` are the private ones: for her, and for the agency that entered it."""

    row: OutsideCommitment
    last_day: date
    over: bool
    entered_by: str
    words: str
    may_remove: bool


def commitments_of(talent: Talent) -> QuerySet[OutsideCommitment]:
    """Those that end last come first: what is over stands behind what binds."""
    return OutsideCommitment.objects.filter(talent=talent).order_by("-window__endswith", "pk")


def bound_elsewhere(talent: Talent, actor: Actor, rows: Sequence[OutsideCommitment]) -> list[Bound]:
    """One query. Whoever represents her sees when and where she is not free; who it is for stays where it was
    entered."""
    agencies = {row.entered_by.removeprefix("org:") for row in rows if row.entered_by.startswith("org:")}
    names = {found.party: found.name for found in Organization.objects.filter(pk__in=agencies)}
    today = timezone.now().date()
    found = []
    for row in rows:
        own = actor.party in (talent.party, row.entered_by)
        last = row.window.upper - timedelta(days=1)
        words = ". ".join(part for part in (row.brand, row.note) if part) if own else ""
        by = talent.stage_name if row.entered_by == talent.party else names.get(row.entered_by, "an agency")
        found.append(Bound(row, last, last < today, by, words, own))
    return found


class CommitmentForm(PlacesForm):
    """Names of fields are those of talent.commitments.enter_commitment."""

    exclusivity = forms.ChoiceField(
        label="It takes", choices=TAKES, widget=forms.RadioSelect, initial=Exclusivity.CATEGORY
    )
    category = forms.ChoiceField(label="Category", choices=Category.choices)
    starts_on = forms.DateField(
        label="First day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), initial=timezone.localdate
    )
    ends_on = forms.DateField(label="Last day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    brand = forms.CharField(
        label="For which brand", max_length=120, required=False, help_text="No brand on Double ever reads this."
    )
    note = forms.CharField(label="Note", max_length=200, required=False)

    def entered(self) -> dict[str, Any]:
        """The cleaned fields as the service takes them."""
        names = ("exclusivity", "category", "territories", "starts_on", "ends_on", "brand", "note")
        return {name: self.cleaned_data[name] for name in names}

    def refuse(self, field: str | None, message: str) -> None:
        """A service's refusal beside the field that it means."""
        here = {"territories": "regions"}.get(field or "", field)
        self.add_error(here if here in self.fields else None, message)
