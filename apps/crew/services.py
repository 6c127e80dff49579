"""Who of a crew is paid: found by address, told by mail, claimed with the link of that mail."""

from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.common.money import Money
from apps.common.refs import parse_ref
from apps.common.territories import COUNTRIES
from apps.common.wording import say
from apps.crew.models import CrewMember
from apps.notifications.services import notify

SALT = "crew.claim"
LINK_LASTS = timedelta(days=365)


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
    """What the link of her mail carries: signed, good for a year, and of no use once it is claimed."""
    return signing.dumps(str(row.pk), salt=SALT)


def member_of(token: str) -> CrewMember | None:
    """Whom a link means; None for one that is made up or too old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature:
        return None
    return CrewMember.objects.filter(pk=pk).first()


@transaction.atomic
def claim(*, user: User, token: str) -> CrewMember:
    """Whoever reads the mail of this address is this payee from now on. Again by the same person it does nothing.

    Raises Refused for a link that is over (code "link_over") and for what somebody else claimed (code "claimed").
    """
    found = member_of(token)
    if found is None:
        raise Refused("This link does not work any more.", code="link_over")
    row = CrewMember.objects.select_for_update(of=("self",)).get(pk=found.pk)
    if row.user_id == user.pk:
        return row
    if row.user_id:
        raise Refused("Somebody else signed in with this link before.", code="claimed")
    row.user, row.claimed_at = user, timezone.now()
    row.save(update_fields=["user", "claimed_at"])
    record(kind="crew.claimed", subject=row.party, by=f"user:{user.pk} for {row.party}", payload={"user": str(user.pk)})
    return row


def say_country(*, user: User, member: CrewMember, country: str) -> CrewMember:
    """Where she is paid. Raises InvalidInput(field="country"), Refused for what is not hers."""
    if member.user_id != user.pk:
        raise Refused("This is somebody else’s.", code="not_hers")
    if country not in COUNTRIES:
        raise InvalidInput("Choose a country.", field="country")
    member.country = country
    with transaction.atomic():
        member.save(update_fields=["country"])
        record(kind="crew.country_said", subject=member.party, by=f"user:{user.pk} for {member.party}", payload={})
    return member
