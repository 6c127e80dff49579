"""The crew line on the pages of a booking: the names, and the form for whoever may add one."""

from dataclasses import dataclass
from typing import Any

from django import forms

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Credit
from apps.bookings.negotiation_forms import fee_field, minor
from apps.bookings.services.crew import may_credit, may_give
from apps.common.money import Money
from apps.pricing.services import day_rate


class CreditForm(forms.ModelForm):
    class Meta:
        model = Credit
        fields = ("role", "role_text", "name", "contact", "email")
        labels = {
            "role": "Part",
            "role_text": "If other, what",
            "contact": "How to reach them",
            "email": "E-mail, if they are given a share",
        }
        help_texts = {
            "role_text": "",
            "contact": "Mail or site. Only the parties of this booking see it.",
            "email": "Only your side sees it. They hear of it once they have earned.",
        }

    share = fee_field("Their share")

    def __init__(self, *args: Any, gives: bool, **kwargs: Any) -> None:
        """`gives` says that whoever types may give a share now: the brand, in its draft."""
        super().__init__(*args, **kwargs)
        self.fields["share"].help_text = "On top of the fee, off nobody’s part of it. Empty: named only."
        if not gives:
            del self.fields["share"]

    @property
    def credit(self) -> dict[str, Any]:
        """The cleaned fields as the service takes them."""
        fields = dict(self.cleaned_data)
        return fields | {"share_minor": minor(fields.pop("share", None))}

    def _post_clean(self) -> None:
        """The service checks and saves; a form of it checks only what was typed."""


@dataclass(frozen=True)
class Named:
    """`share` is what she is given beside the fee in the draft or the version in force; `email` is for the brand."""

    credit: Credit
    share: Money | None
    email: str


@dataclass(frozen=True)
class CrewLine:
    """`gives` says that a share may be typed here."""

    booking: Booking
    named: list[Named]
    may: bool
    gives: bool
    form: CreditForm

    @property
    def given(self) -> bool:
        return any(row.share for row in self.named)


def crew_line(by: Actor, booking: Booking, form: CreditForm | None = None) -> CrewLine:
    """One query, and one more where somebody is given a share."""
    gives = may_give(by, booking)
    rate = day_rate(booking.twin.talent.party) if booking.crew_split else None
    currency = rate.currency if rate else ""
    rows = [
        Named(
            credit,
            Money(share, currency) if (share := booking.crew_split.get(str(credit.pk))) and currency else None,
            credit.email if by.kind == "brand" else "",
        )
        for credit in booking.credits.all()
    ]
    return CrewLine(booking, rows, may_credit(by, booking), gives, form or CreditForm(gives=gives))
