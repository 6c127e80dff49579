"""The life of an archive: asked for, made by a worker, handed out, deleted."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives import tasks
from apps.archives.claims import DOWNLOAD_SECONDS, GRACE, LASTS, LEASE, MOST_TRIES, Overtaken
from apps.archives.lists import version_facts
from apps.archives.models import Archive
from apps.archives.news import tell_failed, tell_ready
from apps.archives.packing import pack
from apps.archives.parts import parts_of
from apps.audit.services import record
from apps.common.errors import Refused
from apps.common.legal_texts import language_of
from apps.media.services import Incoming, delete, storing
from apps.media.signing import signed_url
from apps.media.vault import KeyDestroyed
from apps.twins.models import Twin
from apps.twins.policies import require_herself

State = Archive.State
OPEN = (State.MAKING, State.READY)


def open_archive(twin: Twin) -> Archive | None:
    """The one that is being made or can be downloaded."""
    return Archive.objects.filter(twin=twin, state__in=OPEN).select_related("file").first()


def ask(*, by: Actor, twin: Twin) -> Archive:
    """She asks for everything (GDPR art. 20). Exit: being made. While there is one already, it is that one.

    Raises NotAllowed for anybody but her, StepUpNeeded without a fresh proof of who she is, Refused for an erased twin.
    """
    require_herself(by, twin.talent)
    by.require_step_up()
    if twin.state == Twin.State.RETIRED:
        raise Refused("This twin was erased. There is nothing left to take away.")
    user = twin.talent.user
    try:
        with transaction.atomic():
            archive = Archive.objects.create(twin=twin, language=language_of(user.language if user else ""))
            transaction.on_commit(partial(tasks.make_archive.delay, str(archive.pk)), robust=True)
            record(kind="archive.asked", subject=archive.ref, by=by.label, payload={"twin": twin.ref})
    except IntegrityError as error:
        if "archive_one_at_a_time" not in str(error):
            raise
        return Archive.objects.get(twin=twin, state__in=OPEN)
    return archive


def make(*, archive_id: UUID) -> None:
    """Entry: being made, and no other worker at it; exit: ready, failed after too many tries, or unchanged.

    A worker that is killed leaves nothing but its claim, which ends by itself; the sweep then finds the archive again.
    """
    archive = _claimed(archive_id)
    if archive is None:
        return
    twin = archive.twin
    try:
        with storing(
            kind="archive", owner=twin.talent.party, content_type="application/zip", twin_ref=twin.ref
        ) as incoming:
            _pack(archive, incoming)
            _finish(archive, incoming)
    except (Overtaken, KeyDestroyed):
        return


@transaction.atomic
def hand_over(*, by: Actor, archive: Archive) -> str:
    """A signed address of her archive, good for five minutes. Raises what `ask` raises, Refused once it is over."""
    require_herself(by, archive.twin.talent)
    by.require_step_up()
    if archive.file is None or not _ready().filter(pk=archive.pk).exists():
        raise Refused("This archive is not there any more. Ask for a new one.")
    record(
        kind="archive.downloaded", subject=archive.ref, by=by.label,
        payload={"sha256": archive.file.sha256, "address": by.address},
    )  # fmt: skip
    name = f"double-{archive.twin.talent.slug}-{archive.ready_at:%Y-%m-%d}.zip"
    return signed_url(archive.file, seconds=DOWNLOAD_SECONDS, download_as=name)


def remove(*, by: Actor, archive: Archive) -> None:
    """She wants it gone before its time, or not made at all. Removing it twice changes nothing."""
    require_herself(by, archive.twin.talent)
    _forget(archive, by=by, why="removed")


def forget_all_of(*, twin: Twin, by: Actor, why: str) -> None:
    """Her twin was erased, or her scan consent taken back: no copy of it stays with us."""
    for archive in Archive.objects.filter(twin=twin, state__in=OPEN):
        _forget(archive, by=by, why=why)


def expire() -> int:
    """Delete the archives whose week is over. Answers how many."""
    over = Archive.objects.filter(state=State.READY, ends_at__lte=timezone.now())
    return sum(_forget(archive, by=Actor.SYSTEM, why="seven days are over") for archive in over)


def left_behind() -> QuerySet[Archive]:
    """Archives that no worker is at: the message was lost, or the worker killed."""
    now = timezone.now()
    idle = Q(claimed_until=None, created_at__lte=now - GRACE) | Q(claimed_until__lte=now)
    return Archive.objects.filter(idle, state=State.MAKING).order_by("created_at")


def _claimed(archive_id: UUID) -> Archive | None:
    now = timezone.now()
    free = Archive.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), pk=archive_id, state=State.MAKING)
    if not free.update(claimed_until=now + LEASE, tries=F("tries") + 1, done=0):
        return None
    archive = Archive.objects.select_related("twin__talent__user").get(pk=archive_id)
    if archive.tries <= MOST_TRIES:
        return archive
    _give_up(archive)
    return None


def _pack(archive: Archive, incoming: Incoming) -> None:
    twin = archive.twin
    parts = parts_of(twin)
    _still_mine(archive).update(total=len(parts))
    pack(
        parts,
        out=incoming,
        about={"name": twin.talent.stage_name, "talent": twin.talent.party, "twin": twin.ref, "archive": archive.ref},
        versions=[version_facts(version) for version in twin.versions.select_related("approval").order_by("number")],
        language=archive.language,
        tick=partial(_tick, archive),
    )


def _tick(archive: Archive) -> None:
    """One more file is in it, and the claim lasts again."""
    if not _still_mine(archive).update(done=F("done") + 1, claimed_until=timezone.now() + LEASE):
        raise Overtaken


def _still_mine(archive: Archive) -> QuerySet[Archive]:
    """The number of tries tells this worker from one that took over."""
    return Archive.objects.filter(pk=archive.pk, state=State.MAKING, tries=archive.tries)


@transaction.atomic
def _finish(archive: Archive, incoming: Incoming) -> None:
    if not _still_mine(archive).select_for_update().exists():
        raise Overtaken
    now = timezone.now()
    file = incoming.keep()
    _still_mine(archive).update(
        state=State.READY, file=file, ready_at=now, ends_at=now + LASTS, claimed_until=None, done=F("total")
    )
    archive.refresh_from_db()
    tell_ready(archive)
    record(
        kind="archive.made", subject=archive.ref, by=Actor.SYSTEM.label,
        payload={"sha256": file.sha256, "size": file.size, "files": archive.total},
    )  # fmt: skip


@transaction.atomic
def _give_up(archive: Archive) -> None:
    if _still_mine(archive).update(state=State.FAILED, claimed_until=None):
        tell_failed(archive)
        record(kind="archive.failed", subject=archive.ref, by=Actor.SYSTEM.label, payload={"tries": MOST_TRIES})


@transaction.atomic
def _forget(archive: Archive, *, by: Actor, why: str) -> bool:
    """Exit: deleted, its bytes as well. Does nothing where it is gone already."""
    row = Archive.objects.select_for_update(of=("self",)).select_related("file").get(pk=archive.pk)
    if row.state not in OPEN:
        return False
    row.state, row.deleted_at, row.claimed_until = State.DELETED, timezone.now(), None
    row.save(update_fields=["state", "deleted_at", "claimed_until"])
    if row.file:
        delete(row.file)
    payload: dict[str, Any] = {"why": why, "sha256": row.file.sha256 if row.file else None}
    record(kind="archive.deleted", subject=row.ref, by=by.label, payload=payload)
    return True


def _ready() -> QuerySet[Archive]:
    return Archive.objects.filter(state=State.READY, ends_at__gt=timezone.now())
