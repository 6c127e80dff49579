"""Programmes with people in them, each act by whoever does it in life."""

from datetime import date, timedelta

from django.utils import timezone

from apps.common.canonical import sha256_hex
from apps.consents.models import Purpose
from apps.consents.services import grant
from apps.organizations.models import Organization
from apps.organizations.permissions import TALENT_PERMISSIONS
from apps.programmes import services
from apps.programmes.models import Place, Programme
from apps.programmes.services import Asked, Plan
from apps.programmes.terms import offer_to, place_text
from apps.talent.models import Talent
from apps.twins.models import CaptureSet, Twin, TwinVersion
from apps.twins.services import approve_version
from tests.factories.joining import verified
from tests.factories.people import Person, acting, make_user

DAY_RATE = 150_000


def plan(**changes) -> Plan:
    usual = {
        "name": "Thirty twins",
        "words": "Twins of our new faces, for the autumn.",
        "day_rate_minor": DAY_RATE,
        "ends_on": timezone.now().date() + timedelta(days=90),
    }
    return Plan(**usual | changes)


def with_mandate(**changes) -> Plan:
    return plan(mandate_territories=["WORLD"], mandate_commission_bp=2_000, mandate_months=24, **changes)


def programme_of(keeper: Person, organization: Organization, **changes) -> Programme:
    return services.start(by=keeper.actor, organization=organization, plan=plan(**changes))


def model(slug: str) -> tuple[Talent, Person]:
    """A model who has joined with a proved address and nothing else."""
    user = verified(make_user(slug))
    talent = Talent.objects.create(
        user=user, stage_name=slug.replace("-", " ").title(), slug=slug, birth_date=date(1998, 5, 2), country="FR"
    )
    return talent, Person(user, acting(user, talent.party, "talent", TALENT_PERMISSIONS))


def invited(keeper: Person, programme: Programme, person: Person) -> Place:
    services.ask(by=keeper.actor, programme=programme, people=[Asked(person.user.email, person.user.name)])
    return programme.places.get(email=person.user.email.lower())


def text_for(place: Place, talent: Talent, language: str = "en") -> str:
    offer = offer_to(place.programme, talent, on=timezone.now().date())
    return place_text(place.programme, talent, offer, language=language)


def take(place: Place, talent: Talent, person: Person, language: str = "en") -> Place:
    """She reads and signs."""
    shown = sha256_hex(text_for(place, talent, language).encode())
    return services.accept(by=person.actor, talent=talent, place=place, language=language, shown_sha256=shown)


def accepted(keeper: Person, programme: Programme, slug: str) -> tuple[Place, Talent, Person]:
    talent, person = model(slug)
    return take(invited(keeper, programme, person), talent, person), talent, person


def consent(talent: Talent, person: Person, *purposes: Purpose) -> None:
    for purpose in purposes or tuple(Purpose):
        grant(
            by=person.actor, talent=talent, purpose=purpose, scope="My face and figure", rate_of_pay="As quoted",
            intended_uses=["Campaigns I say yes to"], ends_at=timezone.now() + timedelta(days=700),
        )  # fmt: skip


def photographed(talent: Talent) -> CaptureSet:
    """Her capture set is complete; no face is read here."""
    twin, _ = Twin.objects.get_or_create(talent=talent)
    return CaptureSet.objects.create(twin=twin, taken_on=timezone.now().date(), closed_at=timezone.now())


def made(talent: Talent) -> TwinVersion:
    """The GPU service has answered: a version waits for her."""
    captures = CaptureSet.objects.filter(twin__talent=talent).first() or photographed(talent)
    return TwinVersion.objects.create(
        twin=captures.twin, capture_set=captures, number=1, state=TwinVersion.State.READY, engine="preview"
    )


def approve(talent: Talent, person: Person) -> None:
    approve_version(by=person.actor, version=made(talent))
