"""A person becomes a model on Double: by herself, or through the invitation of an agency."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.addresses import verified_addresses
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused, StaleState
from apps.common.territories import COUNTRIES
from apps.common.wording import say
from apps.notifications.services import notify
from apps.talent.models import ADULT, Board, Talent, age_on

OLDEST = 120  # years; beyond, the year is a slip of the pen
_SLUG_TRIES = 50


@dataclass(frozen=True)
class AboutHer:
    """What she says of herself first; everything else of her profile comes later."""

    stage_name: str
    birth_date: date
    country: str
    board: str


@transaction.atomic
def join(*, by: User, about: AboutHer | None) -> Talent:
    """Exit: a model without rules, consents or twin. Nothing can be made or shown of her yet.

    Adults only. Raises Refused without a verified address and for anybody under 18, InvalidInput(field=…), StaleState
    when she is a model already.
    """
    if not verified_addresses(by):
        raise Refused("Confirm your e-mail address first.", code="address")
    if about is None:
        raise InvalidInput("Tell us under which name you work.", field="stage_name")
    _check(about)
    User.objects.select_for_update().get(pk=by.pk)
    if Talent.objects.filter(user=by).exists():
        raise StaleState("You are a model on Double already.")
    talent = _with_free_slug(by, about)
    notify(to=talent.party, what=say("talent.joined"), url=reverse("onboarding"), people=[by])
    record(
        kind="talent.joined",
        subject=talent.party,
        by=f"user:{by.pk} for {talent.party}",
        payload={"country": about.country},
    )
    return talent


def _check(about: AboutHer) -> None:
    if not about.stage_name.strip():
        raise InvalidInput("Tell us under which name you work.", field="stage_name")
    if about.country not in COUNTRIES:
        raise InvalidInput("Choose a country.", field="country")
    if about.board not in Board.values:
        raise InvalidInput("Choose a board.", field="board")
    age = age_on(about.birth_date, timezone.now().date())
    if age < ADULT:
        raise InvalidInput("Double is for adults: you can join from your 18th birthday on.", field="birth_date")
    if age > OLDEST:
        raise InvalidInput("Please check the year.", field="birth_date")


def _with_free_slug(by: User, about: AboutHer) -> Talent:
    """Made from the name, with a number behind it where the name is taken, also by somebody a moment ago."""
    stem = slugify(about.stage_name)[:70] or "model"
    for number in range(1, _SLUG_TRIES):
        slug = stem if number == 1 else f"{stem}-{number}"
        if Talent.objects.filter(slug=slug).exists():
            continue
        try:
            with transaction.atomic():
                return Talent.objects.create(
                    user=by,
                    slug=slug,
                    stage_name=about.stage_name.strip(),
                    birth_date=about.birth_date,
                    country=about.country,
                    board=about.board,
                    languages=[by.language.split("-")[0]],
                )
        except IntegrityError:
            continue
    raise InvalidInput("Too many models work under this name. Add something to it.", field="stage_name")
