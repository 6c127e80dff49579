"""What a model is told about her archives."""

from django.urls import reverse

from apps.archives.models import Archive
from apps.common.wording import Saying, say
from apps.notifications.services import notify


def tell_ready(archive: Archive) -> None:
    """Raises ValueError for one that has no end yet: it was not made."""
    if archive.ends_at is None:
        raise ValueError(f"archive {archive.pk} has no end")
    _tell(archive, say("archive.ready", day=archive.ends_at.date()))


def tell_failed(archive: Archive) -> None:
    _tell(archive, say("archive.failed"))


def _tell(archive: Archive, what: Saying) -> None:
    talent = archive.twin.talent
    notify(to=talent.party, what=what, url=reverse("lineage"), people=talent.people)
