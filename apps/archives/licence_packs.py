"""Everything of a licence in one ZIP: files of one label, certificate, captions, manifest. A task packs it.

The same life as a model's own archive: claimed by one worker at a time, found again when that one was killed.
"""

import json
import tempfile
from functools import partial
from hashlib import sha256
from string import Template
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.archives import tasks
from apps.archives.claims import DOWNLOAD_SECONDS, GRACE, LASTS, LEASE, MOST_TRIES, Overtaken
from apps.archives.licence_certificate import certificate
from apps.audit.services import record
from apps.bookings.labels import label_of
from apps.bookings.models import Deliverable, Download, Licence, LicencePack
from apps.bookings.services.access import require_brand
from apps.bookings.services.delivery import open_for_download
from apps.common.errors import Refused
from apps.media.services import delete, read_pieces, store_stream
from apps.media.signing import signed_url
from apps.organizations.permissions import Permission

State = LicencePack.State
FORMAT = "double-licence/1"


def ask(*, by: Actor, licence: Licence, label: str) -> LicencePack:
    """Exit: being packed. While there is one of this label already, it is that one.

    Raises NotAllowed, Refused where nothing may be downloaded, no label is chosen or its files are not made yet.
    """
    require_brand(by, licence.booking, Permission.DOWNLOAD)
    try:
        with transaction.atomic():
            open_for_download(licence)
            if not licence.label_choices.filter(label=label).exists():
                raise Refused("Choose first where the pictures will run; its label follows from that.", code="no_label")
            if not licence.deliverables.filter(label=label).exists():
                raise Refused("The files are still being labelled. Try again in a moment.", code="not_ready")
            pack = LicencePack.objects.create(licence=licence, label=label)
            transaction.on_commit(partial(tasks.make_licence_pack.delay, str(pack.pk)), robust=True)
            record(kind="pack.asked", subject=licence.ref, by=by.label, payload={"pack": pack.ref, "label": label})
    except IntegrityError as error:
        if "pack_one_at_a_time" not in str(error):
            raise
        return LicencePack.objects.get(licence=licence, label=label, state__in=[State.MAKING, State.READY])
    return pack


@transaction.atomic
def hand_over(*, by: Actor, pack: LicencePack) -> str:
    """A signed address of the storage, good for five minutes; every picture in it counts as downloaded.

    Raises what `ask` raises, Refused once it is over.
    """
    require_brand(by, pack.licence.booking, Permission.DOWNLOAD)
    open_for_download(pack.licence)
    row = LicencePack.objects.select_related("file").get(pk=pack.pk)
    if row.state != State.READY or row.file is None or row.ends_at is None or row.ends_at <= timezone.now():
        raise Refused("This archive is not there any more. Pack it again.")
    pictures = Deliverable.objects.filter(licence=pack.licence, label=pack.label)
    Download.objects.bulk_create(
        Download(deliverable=picture, user_id=by.user_id, party=by.party, address=by.address) for picture in pictures
    )
    record(
        kind="pack.downloaded", subject=pack.licence.ref, by=by.label,
        payload={"pack": row.ref, "sha256": row.file.sha256, "address": by.address},
    )  # fmt: skip
    name = f"double-{pack.licence.code}-{row.label.replace(':', '-')}.zip"
    return signed_url(row.file, seconds=DOWNLOAD_SECONDS, download_as=name)


def make(*, pack_id: UUID) -> None:
    """Entry: being packed, and no other worker at it; exit: ready, failed after too many tries, or unchanged."""
    pack = _claimed(pack_id)
    if pack is None:
        return
    try:
        with tempfile.TemporaryFile() as out:
            with ZipFile(out, "w") as archive:
                _write(pack, archive)
            out.seek(0)
            _finish(pack, out)
    except Overtaken:
        return


def left_behind() -> QuerySet[LicencePack]:
    now = timezone.now()
    idle = Q(claimed_until=None, created_at__lte=now - GRACE) | Q(claimed_until__lte=now)
    return LicencePack.objects.filter(idle, state=State.MAKING).order_by("created_at")


def expire() -> int:
    """Delete the packs whose week is over, and those of licences that do not run any more. Answers how many."""
    over = Q(ends_at__lte=timezone.now()) | ~Q(licence__state=Licence.State.ACTIVE)
    return sum(_forget(pack) for pack in LicencePack.objects.filter(over, state=State.READY))


def _claimed(pack_id: UUID) -> LicencePack | None:
    now = timezone.now()
    free = LicencePack.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), pk=pack_id, state=State.MAKING)
    if not free.update(claimed_until=now + LEASE, tries=F("tries") + 1, done=0):
        return None
    pack = LicencePack.objects.select_related("licence__booking__agency", "licence__brand", "licence__twin__talent")
    claimed = pack.get(pk=pack_id)
    if claimed.tries <= MOST_TRIES:
        return claimed
    _still_mine(claimed).update(state=State.FAILED, claimed_until=None)
    return None


def _write(pack: LicencePack, archive: ZipFile) -> None:
    licence = pack.licence
    page = settings.SITE_URL + reverse("licence", args=[licence.code])
    rows = Deliverable.objects.filter(licence=licence, label=pack.label).select_related("file", "review__look")
    pictures = list(rows.order_by("review__look__position", "created_at"))
    _still_mine(pack).update(total=len(pictures) + 1)
    files = []
    for number, picture in enumerate(pictures, start=1):
        path = f"pictures/{number:03d}-{picture.sha256[:8]}.jpg"
        with archive.open(path, "w", force_zip64=True) as entry:
            for piece in read_pieces(picture.file):
                entry.write(piece)
        facts = {"path": path, "sha256": picture.sha256, "size": picture.file.size, "deliverable": str(picture.pk)}
        files.append(facts | {"look": picture.review.look.title})
        _tick(pack)
    label = label_of(pack.label)
    words = Template(label.caption).substitute(model=licence.twin.talent.stage_name, code=licence.code, url=page)
    caption = f"{words}\n\n{label.rule.name}. {label.rule.source}\n".encode()
    pdf = certificate(licence, files=files, page=page, at=timezone.now())
    for path, data in (("licence.pdf", pdf), ("caption.txt", caption)):
        archive.writestr(path, data, compress_type=ZIP_STORED if path.endswith(".pdf") else ZIP_DEFLATED)
        files.append({"path": path, "sha256": sha256(data).hexdigest(), "size": len(data)})
    manifest = {
        "format": FORMAT, "licence": licence.code, "label": pack.label, "page": page,
        "made_at": timezone.now().isoformat(timespec="seconds"), "files": files,
    }  # fmt: skip
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1), compress_type=ZIP_DEFLATED)
    _tick(pack)


def _tick(pack: LicencePack) -> None:
    if not _still_mine(pack).update(done=F("done") + 1, claimed_until=timezone.now() + LEASE):
        raise Overtaken


def _still_mine(pack: LicencePack) -> QuerySet[LicencePack]:
    """The number of tries tells this worker from one that took over."""
    return LicencePack.objects.filter(pk=pack.pk, state=State.MAKING, tries=pack.tries)


@transaction.atomic
def _finish(pack: LicencePack, out: IO[bytes]) -> None:
    if not _still_mine(pack).select_for_update().exists():
        raise Overtaken
    file = store_stream(handle=out, kind="pack", owner=pack.licence.brand.party, content_type="application/zip")
    _still_mine(pack).update(
        state=State.READY, file=file, ends_at=timezone.now() + LASTS, claimed_until=None, done=F("total")
    )
    payload: dict[str, str | int] = {"pack": pack.ref, "sha256": file.sha256, "size": file.size}
    record(kind="pack.made", subject=pack.licence.ref, by=Actor.SYSTEM.label, payload=payload)


@transaction.atomic
def _forget(pack: LicencePack) -> bool:
    row = LicencePack.objects.select_for_update(of=("self",)).select_related("file").get(pk=pack.pk)
    if row.state != State.READY:
        return False
    row.state = State.DELETED
    row.save(update_fields=["state"])
    if row.file:
        delete(row.file)
    return True
