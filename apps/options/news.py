"""Notices about options, in the transaction of the act. No brand is ever told who the other one is; the agency is."""

from django.urls import reverse

from apps.accounts.models import User
from apps.common.refs import parse_ref
from apps.common.wording import Saying, say
from apps.notifications.services import notify
from apps.options.models import Option
from apps.options.times import CHALLENGE_WINDOW, LASTS
from apps.organizations.models import Membership

HOURS = int(CHALLENGE_WINDOW.total_seconds() // 3600)


def tell_asked(option: Option) -> None:
    _tell_decider(option, say("option.asked", brand=option.brand.name, model=_name(option)))


def tell_granted(option: Option) -> None:
    rank: int = Option.objects.ranked().get(pk=option.pk).rank  # type: ignore[attr-defined]
    _tell_brand(option, say("option.granted", model=_name(option), rank=rank, count=LASTS.days))


def tell_refused(option: Option) -> None:
    _tell_brand(option, say("option.refused", model=_name(option)))


def tell_challenged(option: Option) -> None:
    """Both brands, neither with the other's name, and the one who decides, with both."""
    challenger = option.challenger
    if challenger is None:
        raise ValueError(f"nobody challenges {option.ref}")
    _tell_brand(option, say("option.challenged", model=_name(option), count=HOURS))
    _tell_brand(challenger, say("option.challenge_runs", model=_name(option), count=HOURS))
    told = say(
        "option.challenge_told",
        brand=option.brand.name,
        challenger=challenger.brand.name,
        model=_name(option),
        count=HOURS,
    )
    _tell_decider(option, told)


def tell_stands(option: Option) -> None:
    _tell_brand(option, say("option.stands", model=_name(option)))


def tell_answered(option: Option) -> None:
    """The challenged brand submitted in time."""
    if option.challenger is not None:
        _tell_brand(option.challenger, say("option.answered", model=_name(option)))
    _tell_decider(option, say("option.answered_told", brand=option.brand.name, model=_name(option)))


def tell_fallen(option: Option) -> None:
    _tell_brand(option, say("option.fallen", model=_name(option)))
    _tell_decider(option, say("option.fallen_told", brand=option.brand.name, model=_name(option)))


def tell_expired(option: Option) -> None:
    _tell_brand(option, say("option.expired", model=_name(option)))


def tell_moved_up(gone: Option) -> None:
    """Everybody who stood behind it for the same use learns the new rank."""
    if gone.granted_at is None:
        return
    behind = Option.objects.live().filter(granted_at__gte=gone.granted_at).ranked()
    for option in behind.meeting(gone).with_parties():
        _tell_brand(option, say("option.moved_up", model=_name(option), rank=option.rank))  # type: ignore[attr-defined]


def _name(option: Option) -> str:
    return option.twin.talent.stage_name


def _tell_brand(option: Option, what: Saying) -> None:
    party = option.brand.party
    notify(to=party, what=what, url=reverse("options"), people=_members(party))


def _tell_decider(option: Option, what: Saying) -> None:
    party = option.decider
    people = _members(party) if option.agency else option.twin.talent.people
    notify(to=party, what=what, url=reverse("options"), people=people)


def _members(party: str) -> list[User]:
    """Those who act for the organisation; somebody who only looks is not written to."""
    members = Membership.objects.filter(organization=parse_ref(party, "org")).exclude(role="viewer")
    return [member.user for member in members.select_related("user")]
