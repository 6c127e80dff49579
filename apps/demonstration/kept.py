"""What a year brings: one model is asked to approve her twin again, and one takes everything of hers away."""

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives.models import Archive
from apps.archives.services import ask
from apps.twins.models import Twin
from apps.twins.services import remind

TAKES_AWAY = ("ines-moreau", "noor-adel")  # the first of them who is there


def is_asked_for() -> bool:
    return Archive.objects.exists() or her_twin() is None


def her_twin() -> Twin | None:
    there = {
        twin.talent.slug: twin for twin in Twin.objects.filter(talent__slug__in=TAKES_AWAY).select_related("talent")
    }
    return next((there[slug] for slug in TAKES_AWAY if slug in there), None)


def ask_for_archive(*, herself: Actor, twin: Twin) -> None:
    """The worker packs it, as anybody's, and it is deleted after seven days, as anybody's."""
    ask(by=herself, twin=twin)


def remind_who_is_due() -> None:
    """The last one's year is nearly over: she is told as the nightly task would have told her."""
    remind(today=timezone.now().date())
