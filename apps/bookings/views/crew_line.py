"""The crew line on the pages of a booking: the names, and the form for whoever may add one."""

from dataclasses import dataclass

from django import forms

from apps.accounts.actor import Actor
from apps.bookings.models import Booking, Credit
from apps.bookings.services.crew import may_credit


class CreditForm(forms.ModelForm):
    class Meta:
        model = Credit
        fields = ("role", "role_text", "name", "contact")
        labels = {"role": "Part", "role_text": "If other, what", "contact": "How to reach them"}
        help_texts = {"role_text": "", "contact": "Mail or site. Only the parties of this booking see it."}

    def _post_clean(self) -> None:
        """The service checks and saves; a form of it checks only what was typed."""


@dataclass(frozen=True)
class CrewLine:
    booking: Booking
    credits: list[Credit]
    may: bool
    form: CreditForm


def crew_line(by: Actor, booking: Booking, form: CreditForm | None = None) -> CrewLine:
    """One query."""
    return CrewLine(booking, list(booking.credits.all()), may_credit(by, booking), form or CreditForm())
