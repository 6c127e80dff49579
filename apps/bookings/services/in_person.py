"""Book me in person: the brand would rather have the real shoot, and whoever represents the model learns of it."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.bookings.models import Booking
from apps.bookings.policies import plan_approvals
from apps.bookings.services.access import own_draft
from apps.bookings.services.desks import people_for
from apps.common.errors import Refused
from apps.common.wording import say
from apps.notifications.services import notify


@transaction.atomic
def ask_in_person(*, by: Actor, booking: Booking) -> None:
    """Tell the agency, or the model who has none, once. The draft stays as it is, and nothing is agreed by this.

    Entry and exit: draft. Raises NotAllowed, StaleState, Refused for a brand that is not checked or asked already, and
    NoMandate where no agency answers for this use.
    """
    row = own_draft(by, booking)
    if not row.brand.checked_at:
        raise Refused("Your brand is still being checked. You can ask once that is done.")
    if row.in_person_at:
        raise Refused("You have asked already. They write to you by mail.")
    talent = row.twin.talent
    plan = plan_approvals(
        talent=talent, territories=row.territories, brand_country=row.brand.country, day=timezone.now().date()
    )
    party, url = (plan.agency.party, "agency_desk") if plan.agency else (talent.party, "model_home")
    what = say(
        "booking.in_person", brand=row.brand.name, model=talent.stage_name, title=row.title,
        contact=row.brand.contact_email or by.name,
    )  # fmt: skip
    notify(to=party, what=what, url=reverse(url), people=people_for(party, row))
    row.in_person_at = timezone.now()
    row.save(update_fields=["in_person_at"])
    booking.in_person_at = row.in_person_at
    record(kind="booking.in_person", subject=row.ref, by=by.label, payload={"to": party})
