"""What a model has done and what comes next until her twin can be booked. Read from the facts, stored nowhere."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.refs import parse_ref
from apps.common.templatetags.ui import money_short
from apps.consents.models import Consent, Purpose
from apps.identity.models import IdentityCheck
from apps.payments.models import PayoutAccount
from apps.portal.programmes import places_of
from apps.pricing.services import day_rate
from apps.programmes.models import Place
from apps.roster.models import RosterEntry
from apps.talent.models import Boundaries, Mandate, MandateProposal, Talent
from apps.talent.profile import is_told
from apps.twins.models import Photograph, Twin, TwinVersion

PAYOUT_STATES: dict[str, str] = {PayoutAccount.State.ACTIVE: "done", PayoutAccount.State.CHECKING: "waits"}
NEEDED = (Purpose.SCAN, Purpose.TRAIN, Purpose.GENERATE, Purpose.PUBLISH)


@dataclass(frozen=True)
class Step:
    """`state` is done, waits (somebody else is at it) or open; `href` is empty where she can do nothing now. An
    `optional` one keeps nobody from being booked."""

    key: str
    title: str
    words: str
    state: str
    href: str = ""
    press: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Onboarding:
    """What counts is what a booking needs; the optional steps stand behind it."""

    steps: list[Step]

    @property
    def needed(self) -> list[Step]:
        return [step for step in self.steps if not step.optional]

    @property
    def done(self) -> int:
        return sum(step.state == "done" for step in self.needed)

    @property
    def complete(self) -> bool:
        return self.done == len(self.needed)

    @property
    def next_step(self) -> Step | None:
        return next((step for step in self.needed if step.state == "open"), None)


def under_way(actor: Actor) -> Onboarding | None:
    """A model's steps for her other pages, so that she always finds on. Three queries, and those of `onboarding`.

    None once her twin was listed, has a price and she has decided once about being shown: what she takes back later is
    no step.
    """
    talent = Talent.objects.select_related("twin").get(pk=parse_ref(actor.party, "talent"))
    twin: Twin | None = getattr(talent, "twin", None)
    listed = twin is not None and twin.state in (Twin.State.LISTED, Twin.State.PAUSED)
    decided = Consent.objects.filter(talent=talent, purpose=Purpose.PROMOTE).exists()
    return None if listed and decided and day_rate(talent.party) else onboarding(talent)


def onboarding(talent: Talent) -> Onboarding:
    """At most thirteen queries."""
    twin = Twin.objects.filter(talent=talent).first()
    agencies = _agencies(talent)
    steps = [*_places(talent), _identity(talent), _profile(talent), _rules(talent), *_mandate(talent, agencies)]
    given = set(Consent.objects.in_force().filter(talent=talent).values_list("purpose", flat=True))
    steps += [
        _rate(talent, agencies),
        _consents(given),
        _photographs(twin),
        _twin(twin),
        _shown(given, twin),
        _payouts(talent),
    ]
    return Onboarding(steps)


def _places(talent: Talent) -> list[Step]:
    """Programmes that ask her, and the one that she takes part in."""
    places = places_of(talent.user).filter(state__in=Place.OPEN) if talent.user else Place.objects.none()
    return [_place(place) for place in places.order_by("-state", "created_at")]


def _place(place: Place) -> Step:
    organization, href = place.programme.organization.name, reverse("place", args=[place.pk])
    if place.state == Place.State.ACCEPTED:
        words = f"{organization} pays for the making of your twin. You can leave at any time."
        return Step("place", place.programme.name, words, "done", href)
    words = f"{organization} would pay for the making of your twin. Read the terms, then say yes or no."
    return Step("place", place.programme.name, words, "open", href, "Read it")


def _identity(talent: Talent) -> Step:
    check = IdentityCheck.objects.filter(talent=talent).first()
    state = {"approved": "done", "submitted": "waits"}.get(check.state if check else "", "open")
    at_stripe = (check.way if check and state == "waits" else settings.IDENTITY_PROVIDER) == IdentityCheck.Way.STRIPE
    looks = "Stripe looks" if at_stripe else "A person looks"
    words = {
        "done": "You are who you say, and of age.",
        "waits": f"{looks} at your document, usually within {'minutes' if at_stripe else 'a working day'}.",
        "open": f"A document and a selfie. {looks} once, then both are deleted.",
    }[state]
    return Step("identity", "Who you are", words, state, reverse("identity"), "Show a document")


def _profile(talent: Talent) -> Step:
    state = "done" if is_told(talent) else "open"
    return Step("profile", "Your profile", "Name, measurements, languages.", state, reverse("profile"), "Fill it in")


def _rules(talent: Talent) -> Step:
    there = Boundaries.objects.filter(talent=talent).exists()
    words = "What you never do, where, for how long, for how little. They bind every request."
    return Step("rules", "Your rules", words, "done" if there else "open", reverse("rules"), "Set your rules")


@dataclass(frozen=True)
class Agencies:
    """The names of those that represent her today, and of those that invited her; neither for a model alone."""

    represent: list[str]
    invited: list[str]


def _agencies(talent: Talent) -> Agencies:
    running = Mandate.objects.filter(talent=talent).running_on(timezone.now().date())
    return Agencies(
        represent=sorted(set(running.values_list("agency__name", flat=True))),
        invited=list(RosterEntry.objects.filter(talent=talent).values_list("agency__name", flat=True)),
    )


def _who(names: list[str], one: str, many: str) -> str:
    """“Élan Models proposes”, “Élan Models and Casa Nueve propose”."""
    return f"{' and '.join(names)} {one if len(names) == 1 else many}"


def _mandate(talent: Talent, agencies: Agencies) -> list[Step]:
    """Only for a model whom an agency invited; without one she answers alone."""
    if agencies.represent:
        return [Step("mandate", "Your mandate", "Signed by you.", "done", reverse("mandates"))]
    if MandateProposal.objects.filter(talent=talent, state=MandateProposal.State.WAITING).exists():
        words = "A proposal waits. Read it and sign, or say no without a reason."
        return [Step("mandate", "Your mandate", words, "open", reverse("mandates"), "Read it")]
    if not agencies.invited:
        return []
    words = f"{_who(agencies.invited, 'proposes', 'propose')} it; you read it and sign, or not."
    return [Step("mandate", "Your mandate", words, "waits")]


def _rate(talent: Talent, agencies: Agencies) -> Step:
    """Nobody can be booked without one. Her agency sets it, or she does who has none."""
    rate = day_rate(talent.party)
    href = reverse("day_rate")
    if rate:
        return Step("rate", "Your day rate", f"{money_short(rate)} a day. Every price is made from it.", "done", href)
    if names := agencies.represent or agencies.invited:
        words = f"{_who(names, 'sets', 'set')} it, and you see at once what it means for you."
        return Step("rate", "Your day rate", words, "waits", href)
    words = "What a day with you costs. Every price is made from it."
    return Step("rate", "Your day rate", words, "open", href, "Set it")


def _consents(given: set[str]) -> Step:
    missing = [purpose for purpose in NEEDED if purpose not in given]
    words = f"{len(NEEDED) - len(missing)} of {len(NEEDED)} given, each signed by itself, each as easily taken back."
    href = reverse("give_consent", args=[missing[0]]) if missing else ""
    return Step("consents", "Your consents", words, "open" if missing else "done", href, "Read and decide")


def _photographs(twin: Twin | None) -> Step:
    closed = Photograph.objects.filter(capture_set__twin=twin, capture_set__closed_at__isnull=False) if twin else None
    state = "done" if closed and closed.exists() else "open"
    words = "At least three, with your phone; each is looked at within seconds."
    return Step("capture", "Your photographs", words, state, reverse("capture"), "Take them")


def _twin(twin: Twin | None) -> Step:
    ready = bool(twin and twin.versions.filter(state=TwinVersion.State.READY).exists())
    if twin and twin.state in (Twin.State.LISTED, Twin.State.PAUSED):
        return Step("twin", "Your twin", "Approved by you.", "done", reverse("my_twin"))
    words = (
        "Its test sheet waits for you."
        if ready
        else "Made from your photographs; you approve it before anybody uses it."
    )
    return Step("twin", "Your twin", words, "open" if ready else "waits", reverse("my_twin"), "Look at the test sheet")


def _shown(given: set[str], twin: Twin | None) -> Step:
    """Brands find nobody who has not agreed to be shown; it is the last step, and as free as the others."""
    title, href = "Shown to brands", reverse("give_consent", args=[Purpose.PROMOTE])
    if Purpose.PROMOTE not in given:
        words = "Brands find your twin only once you agree to be shown to them."
        return Step("shown", title, words, "open", href, "Read and decide")
    if twin is None or twin.cover is None:
        return Step("shown", title, "You agreed. Your cover is yours to pick.", "done", reverse("my_twin"))
    return Step("shown", title, "You agreed, and picked your cover.", "done", reverse("my_twin"))


def _payouts(talent: Talent) -> Step:
    """Optional: she can be booked without it, and what she earns waits for her."""
    account = PayoutAccount.objects.filter(party=talent.party).first()
    state = PAYOUT_STATES.get(account.state, "open") if account else "open"
    words = {
        "done": "Stripe has everything it needs to pay you.",
        "waits": "Stripe checks what you gave. Nothing is needed from you.",
        "open": "Where your money goes. You can be booked without it; what you earn waits for you until then.",
    }[state]
    return Step("payouts", "Your payouts", words, state, reverse("payouts"), "Set up payouts", optional=True)
