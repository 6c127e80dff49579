"""Making the demonstration's accounts, parties and twins through the same services as the screens."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import openpeople
from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.common.clock import true_now
from apps.demonstration.begun import BEGAN, begin_anew, has_begun
from apps.demonstration.history.clock import standing_at
from apps.demonstration.history.post import Post, own_post
from apps.demonstration.invited import JOINED, load_invited
from apps.demonstration.kept import ask_for_archive, her_twin, is_asked_for
from apps.demonstration.mandates import make_offers, sign_mandates
from apps.demonstration.newcomers import NEWCOMERS, load_newcomer
from apps.demonstration.programme import AGENCIES, BRANDS, PASSWORD, PEOPLE, Agency, Brand, Person, address
from apps.demonstration.programmes import HOUSE, begin_new_programme, end_old_programme, pay_for_the_making, take_place
from apps.demonstration.specimen import prove
from apps.demonstration.talking import AWAY, AWAY_NAME, load_absence, load_talk
from apps.demonstration.words import enter_bound, sign_consents
from apps.generation.models import Candidate
from apps.generation.services import choose_cover
from apps.organizations.models import Membership, Organization
from apps.portal.acting import Party, parties_of
from apps.pricing.models import DayRate
from apps.pricing.services import set_day_rate
from apps.talent.models import Boundaries, Talent
from apps.twins.models import CaptureSet, Twin, TwinVersion
from apps.twins.services import add_photograph, approve_version, create_twin, enrol, open_capture_set

STAFF = "staff"
NOT_APPROVED = (Twin.State.PREPARING, Twin.State.AWAITING_APPROVAL)
PICTURES = Path(openpeople.__file__).parent / "data" / "curated"


def actor_of(user: User, party: Party | None = None) -> Actor:
    """This demonstration person, acting now and freshly proven; says so in the evidence."""
    party = party or parties_of(user)[0]
    return Actor(
        user_id=user.pk,
        party=party.party,
        kind=party.kind,
        name=str(user),
        permissions=party.permissions,
        stepped_up_at=timezone.now(),
        method="demonstration",
    )


def all_are_there(people: Sequence[Person]) -> bool:
    """Whether each of these models has a twin that she approved."""
    made = Twin.objects.filter(talent__slug__in=[person.slug for person in people]).exclude(state__in=NOT_APPROVED)
    return made.count() == len(people)


def load_people(people: Sequence[Person], *, say: Callable[[str], object]) -> None:
    """All parties and these models join and every twin is made, months ago. Goes on where an interrupted load ended."""
    for ago in sorted({person.joined for person in people}, reverse=True):
        together = [person for person in people if person.joined == ago]
        if not all_are_there(together):
            _load_together(together, timedelta(days=ago), say)
    make_offers(people, actor_of)


def _load_together(people: Sequence[Person], ago: timedelta, say: Callable[[str], object]) -> None:
    """Those who joined on the same day."""
    with standing_at(true_now() - ago) as clock, own_post(clock) as post:
        load_parties()
        say("Agencies, brands and the people who work there")
        for person in people:
            talent = load_talent(person)
            take_place(talent, herself=actor_of(user_of(person.slug)), payer=actor_of(user_of(HOUSE)))
            load_twin(person)
            post.work()
            say(f"{person.name}: consents signed, capture set handed over")
        pay_for_the_making(payer=actor_of(user_of(HOUSE)), post=post)
        say("Maison Orsay paid for the making of every twin")
        _approve_twins(people, post, say)


def _approve_twins(people: Sequence[Person], post: Post, say: Callable[[str], object]) -> None:
    """Each model approves her twin when the GPU service has looked at her photographs."""

    def all_approved() -> bool:
        open_twins = Twin.objects.filter(state__in=NOT_APPROVED, talent__synthetic=True)
        for twin in open_twins.select_related("talent__user"):
            if approve_twin(twin):
                say(f"{twin.talent.stage_name}: test sheet approved")
            elif not twin.versions.exclude(state=TwinVersion.State.FAILED).exists():
                say(f"{twin.talent.stage_name}: the enrolment failed; once more")
                load_twin(_person(twin))
        return all_are_there(people)

    post.work_until(all_approved, "enrolling every twin")
    post.work()


@transaction.atomic
def load_parties() -> None:
    """Staff, agencies, brands, and who works there. Idempotent."""
    staff = _user(STAFF, "Double staff", is_staff=True, is_superuser=True)
    for agency in AGENCIES:
        _organization("agency", agency, role="owner", person=agency.booker)
    for brand in BRANDS:
        _organization("brand", brand, role="owner", person=brand.producer)
    for newcomer in NEWCOMERS:
        load_newcomer(newcomer, owner=_user(newcomer.account, newcomer.owner), staff=staff)


def load_invitations() -> None:
    """Who is invited and who joined a moment ago."""
    load_invited(booker=actor_of(user_of("elan")), elif_=_user(JOINED, "Elif Aydın", language="fr"))


def load_new_programme() -> None:
    """The brand's programme ended, the agency's newest began, with those whom it invited. Idempotent."""
    end_old_programme()
    begin_new_programme(booker=actor_of(user_of("elan")), elif_=actor_of(user_of(JOINED)))


def load_begun_set() -> None:
    """One model has begun a second capture set. Idempotent."""
    if has_begun():
        return
    person = next(person for person in PEOPLE if person.slug == BEGAN)
    portrait = (PICTURES / person.source / "assets" / "studio_portrait.jpg").read_bytes()
    begin_anew(herself=actor_of(user_of(BEGAN)), portrait=portrait)


def load_archive() -> None:
    """One model has everything of hers packed. Idempotent."""
    twin = her_twin()
    if twin is not None and not is_asked_for():
        ask_for_archive(herself=actor_of(user_of(twin.talent.slug)), twin=twin)


def load_talking() -> None:
    """A conversation about a booking, and a booker who is away. Idempotent."""
    load_talk(actor_of)
    load_absence(actor_of, _user(AWAY, AWAY_NAME, language="fr"))


@transaction.atomic
def load_talent(person: Person) -> Talent:
    """One model with her rules, mandates, day rate and five signed consents. Idempotent."""
    user = _user(person.slug, person.name, language=person.language)
    talent, _ = Talent.objects.get_or_create(
        slug=person.slug,
        defaults={
            "user": user,
            "stage_name": person.name,
            "birth_date": person.born,
            "country": person.country,
            "board": person.board,
            "height_cm": person.height,
            **dict(zip(("bust_cm", "waist_cm", "hips_cm"), person.measures, strict=True)),
            "shoe_eu": Decimal(person.shoe),
            "hair": person.hair,
            "eyes": person.eyes,
            "about": person.about,
            "union": person.union,
            "languages": ["en", person.language[:2]],
            "synthetic": True,
        },
    )
    Boundaries.objects.get_or_create(
        talent=talent,
        defaults={"barred_categories": list(person.barred), "barred_media": list(person.barred_media)},
    )
    sign_mandates(talent, user, person, actor_of)
    _day_rate(talent, user, person)
    selfie = (PICTURES / person.source / "assets" / "studio_portrait.jpg").read_bytes()
    prove(talent, by=actor_of(user), staff=user_of(STAFF), selfie=selfie)
    sign_consents(talent, user, person, actor_of)
    enter_bound(talent, person, by=_booker_of(person), herself=actor_of(user))
    return talent


def load_twin(person: Person) -> Twin:
    """Capture set, photographs and the order of the enrolment. Idempotent; the GPU service does the rest.

    An enrolment that failed (the service was killed in the middle) is ordered again with a new capture set.
    """
    talent = Talent.objects.get(slug=person.slug)
    assert talent.user is not None  # noqa: S101  load_talent gives every demonstration model an account
    herself = actor_of(talent.user)
    twin = Twin.objects.filter(talent=talent).first() or create_twin(by=herself, talent=talent)
    if twin.versions.exclude(state=TwinVersion.State.FAILED).exists():
        return twin
    taken_on = timezone.now().date() - timedelta(days=60)
    capture_set = CaptureSet.objects.filter(twin=twin, closed_at=None).first() or open_capture_set(
        by=herself, twin=twin, taken_on=taken_on
    )
    there = set(capture_set.photographs.values_list("name", flat=True))
    for name in person.photographs:
        if name not in there:
            raw = (PICTURES / person.source / "assets" / f"{name}.jpg").read_bytes()
            add_photograph(by=herself, capture_set=capture_set, name=name, raw=raw)
    enrol(by=herself, capture_set=capture_set)
    return twin


def approve_twin(twin: Twin) -> bool:
    """The model looks at the test sheet that is ready, approves it and picks her cover. False while there is none."""
    version = twin.versions.filter(state=TwinVersion.State.READY).first()
    if version is None or twin.talent.user is None:
        return False
    herself = actor_of(twin.talent.user)
    approve_version(by=herself, version=version)
    sheet = Candidate.objects.of_sheets_of(twin).select_related("job__version__twin__talent", "file")
    pictures = {picture.job.spec["scene"]: picture for picture in sheet}
    choose_cover(by=herself, picture=pictures.get(_person(twin).cover) or next(iter(pictures.values())))
    return True


def _person(twin: Twin) -> Person:
    return next(person for person in PEOPLE if person.slug == twin.talent.slug)


def _user(slug: str, name: str, **fields: object) -> User:
    user = User.objects.filter(email=address(slug)).first()
    if user is None:
        user = User.objects.create_user(address(slug), PASSWORD, name=name, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def _organization(kind: str, party: Agency | Brand, *, role: str, person: str) -> None:
    fields: dict[str, object] = {
        "kind": kind,
        "name": party.name,
        "legal_name": party.legal_name,
        "registration_number": party.registration_number,
        "contact_email": f"office@{party.slug}.example",
        "country": party.country,
        "about": party.about,
        "checked_at": timezone.now(),
        "synthetic": True,
    }
    if isinstance(party, Brand):
        fields |= {name: getattr(party, name) for name in ("category", "competitor_group", "vat_number")}
    organization, _ = Organization.objects.get_or_create(slug=party.slug, defaults=fields)
    Membership.objects.get_or_create(user=_user(party.slug, person), organization=organization, defaults={"role": role})


def _day_rate(talent: Talent, user: User, person: Person) -> None:
    if not DayRate.objects.filter(talent_ref=talent.party).exists():
        by = _booker_of(person) or actor_of(user)
        set_day_rate(by=by, talent_ref=talent.party, amount_minor=person.rate * 100, currency="EUR")


def _booker_of(person: Person) -> Actor | None:
    return actor_of(User.objects.get(email=address(person.agency))) if person.agency else None


def user_of(party_slug: str) -> User:
    return User.objects.get(email=address(party_slug))
