"""The notices about archives: all their words stand here."""

from django.urls import reverse

from apps.archives.models import Archive
from apps.notifications.services import notify


def tell_ready(archive: Archive) -> None:
    _tell(
        archive,
        kind="archive.ready",
        title="Your archive is ready",
        body=f"Everything that your twin is made of, in one file. Download it until {archive.ends_at:%-d %B %Y};"
        " then it is deleted.",
    )


def tell_failed(archive: Archive) -> None:
    _tell(
        archive,
        kind="archive.failed",
        title="Your archive could not be made",
        body="We know of it and look into it. Nothing was lost; you can ask for it again.",
    )


def _tell(archive: Archive, *, kind: str, title: str, body: str) -> None:
    talent = archive.twin.talent
    emails = [talent.user.email] if talent.user else []
    notify(to=talent.party, kind=kind, title=title, body=body, url=reverse("lineage"), emails=emails)
