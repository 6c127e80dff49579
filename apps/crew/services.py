"""Who of a crew is paid: found by address, told by mail, claimed with the link of that mail."""

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.territories import COUNTRIES
from apps.common.wording import say
from apps.crew.models import CrewMember
from apps.notifications.services import notify

SALT = "crew.claim"


def payee(*, email: str, name: str) -> CrewMember:
    """Whoever is paid at this address: one payee, however often and under whichever name it is given."""
    row, _ = CrewMember.objects.get_or_create(email=email.strip().lower(), defaults={"name": name})
    return row


def tell_about_share(*, party: str, brand: str, title: str, amount: Money) -> None:
    """In the transaction that earned it. The mail's link claims what waits; once claimed it leads to her page."""
    row = CrewMember.objects.select_related("user").get(pk=parse_ref(party, "crew"))
    what = say("crew.earned", brand=brand, title=title, amount=amount)
    if row.user and row.user.is_active:
        notify(to=party, what=what, url=reverse("crew_page"), people=[row.user])
        return
    known = User.objects.filter(email__iexact=row.email).first()
    language = known.language if known else "en"
    notify(to=party, what=what, url=reverse("crew_claim", args=[token_of(row)]), strangers={row.email: language})


def token_of(row: CrewMember) -> str:
    """What the link of her mail carries. It names whom it means; claiming asks for her address besides."""
    return signing.dumps(str(row.pk), salt=SALT)


def member_of(token: str) -> CrewMember | None:
    """Whom a link means; None for one that is made up."""
    try:
        pk = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return CrewMember.objects.select_related("user").filter(pk=pk).first()


@transaction.atomic
def claim(*, user: User, member: CrewMember) -> CrewMember:
    """Whoever has confirmed this address as hers is this payee from now on. Again by the same person it does nothing.

    Raises NotAllowed for another address, StaleState for what somebody else claimed.
    """
    if member.email not in verified_addresses(user):
        raise NotAllowed("This is kept for another address. Add it to your account and confirm it first.")
    row = CrewMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if row.user_id == user.pk:
        return row
    if row.user_id:
        raise StaleState("Another account has this address’s shares already. Write to us.")
    row.user, row.claimed_at = user, timezone.now()
    row.save(update_fields=["user", "claimed_at"])
    record(kind="crew.claimed", subject=row.party, by=_label(user, row), payload={"user": str(user.pk)})
    return row


@transaction.atomic
def say_country(*, user: User, member: CrewMember, country: str) -> CrewMember:
    """Where she is paid. Raises NotAllowed for what is somebody else's, InvalidInput(field="country")."""
    row = CrewMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if row.user_id != user.pk:
        raise NotAllowed("This is kept for somebody else.")
    if country not in COUNTRIES:
        raise InvalidInput("Choose the country you are paid in.", field="country")
    row.country = country
    row.save(update_fields=["country"])
    record(kind="crew.country_said", subject=row.party, by=_label(user, row), payload={"country": country})
    return row


def of_user(user: User) -> QuerySet[CrewMember]:
    """What this person has claimed: one payee for each of her addresses that was ever named."""
    return CrewMember.objects.filter(user=user)


def _label(user: User, row: CrewMember) -> str:
    return f"user:{user.pk} for {row.party}"
