"""The demonstration's programmes: a brand paid for the making of every twin eight months ago, and an agency has just
begun another for the new faces on its roster."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.canonical import sha256_hex
from apps.common.legal_texts import language_of
from apps.demonstration.history.clock import standing_at
from apps.demonstration.history.paying import pay_at_the_page
from apps.demonstration.history.post import Post
from apps.demonstration.programme import address
from apps.organizations.models import Organization
from apps.payments import services as payments
from apps.programmes import services
from apps.programmes.models import Place, Programme
from apps.programmes.services import Asked, Plan
from apps.programmes.terms import offer_to, place_text
from apps.talent.models import Talent

HOUSE, AGENCY = "maison-orsay", "elan"
OLD, NEW = "Twins of the season", "New faces, winter"
DAY_RATE = Decimal(1_400)  # euros
OPEN_FOR = timedelta(days=90)
OLD_OPEN_FOR = timedelta(days=150)  # the first model joined three months before the others


def take_place(talent: Talent, *, herself: Actor, payer: Actor) -> None:
    """She is asked into the brand's programme and takes her place. Idempotent."""
    programme = Programme.objects.filter(name=OLD, organization__slug=HOUSE).first() or _old(payer)
    if talent.user is None or programme.places.filter(email=talent.user.email, state__in=Place.TAKEN).exists():
        return
    services.ask(by=payer, programme=programme, people=[Asked(talent.user.email, talent.stage_name)])
    _sign(programme.places.get(email=talent.user.email), talent, herself)


def pay_for_the_making(*, payer: Actor, post: Post) -> None:
    """One payment for every place that was taken. Idempotent."""
    programme = Programme.objects.get(name=OLD, organization__slug=HOUSE)
    if not programme.places.filter(state=Place.State.ACCEPTED, order__paid_at=None).exists():
        return
    charge = pay_at_the_page(services.checkout(by=payer, programme=programme))
    payments.announce(charge_id=charge.pk)
    post.work()


def has_new_programme() -> bool:
    return Programme.objects.filter(name=NEW, organization__slug=AGENCY).exists()


def end_old_programme() -> None:
    """On the night after its last day. Idempotent."""
    old = Programme.objects.filter(name=OLD, organization__slug=HOUSE, ended_at=None).first()
    if old is None:
        return
    night = datetime.combine(old.ends_on + timedelta(days=1), time(0, 10), tzinfo=UTC)
    with standing_at(night):
        services.end_overdue(today=night.date())


@transaction.atomic
def begin_new_programme(*, booker: Actor, elif_: Actor) -> None:
    """Begun today: one said yes and reads her mandate, the others are asked. Idempotent."""
    agency = Organization.objects.get(slug=AGENCY)
    if has_new_programme():
        return
    programme = services.start(
        by=booker,
        organization=agency,
        plan=Plan(
            name=NEW,
            words="Your first twin, made before the shows begin, so that houses can ask for you from January on.",
            day_rate_minor=int(DAY_RATE * 100),
            ends_on=timezone.now().date() + OPEN_FOR,
            mandate_territories=["WORLD"],
            mandate_commission_bp=2_000,
            mandate_months=24,
        ),
    )
    people = agency.roster_entries.values_list("email", "first_name", "last_name")
    asked = [Asked(email, f"{first} {last}") for email, first, last in people]
    services.ask(by=booker, programme=programme, people=asked)
    joined = Talent.objects.select_related("user").get(user=elif_.user_id)
    _sign(programme.places.get(email=address(joined.slug)), joined, elif_)


def _old(payer: Actor) -> Programme:
    plan = Plan(
        name=OLD,
        words="We pay for the making; the twins belong to you, and other houses may ask for them as we do.",
        day_rate_minor=int(DAY_RATE * 100),
        ends_on=timezone.now().date() + OLD_OPEN_FOR,
    )
    return services.start(by=payer, organization=Organization.objects.get(slug=HOUSE), plan=plan)


def _sign(place: Place, talent: Talent, herself: Actor) -> None:
    language = language_of(talent.user.language if talent.user else "")
    text = place_text(
        place.programme, talent, offer_to(place.programme, talent, on=timezone.now().date()), language=language
    )
    shown = sha256_hex(text.encode())
    services.accept(by=herself, talent=talent, place=place, language=language, shown_sha256=shown)
