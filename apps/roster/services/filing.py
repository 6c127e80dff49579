"""What a booker does with several of the agency's models at once, and taking it back within ten minutes."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.common.refs import ref
from apps.common.wording import say
from apps.notifications.services import notify
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.roster.models import UNDO_LASTS, BulkAct, RosterPlace
from apps.talent.models import Board, Mandate, Talent

What = BulkAct.What
Place = tuple[str, datetime | None]  # board, set aside at


@transaction.atomic
def act(*, by: Actor, agency: Organization, models: Collection[UUID], what: str, board: str = "") -> BulkAct:
    """Do it with all of these models or with none. A reminder goes out when its ten minutes are over.

    Raises NotAllowed, InvalidInput(field=…) for nobody, for somebody whom the agency does not represent today, and for
    a board that is none.
    """
    _require_roster(by, agency)
    if what not in What.values:
        raise InvalidInput("Choose what to do with them.", field="what")
    if what == What.BOARD and board not in Board.values:
        raise InvalidInput("Choose a board.", field="board")
    if what == What.REMIND and agency.checked_at is None:
        raise InvalidInput("Your agency is not checked yet. Reminders can be sent from then on.", field="what")
    talents = _represented(agency, models)
    done = BulkAct.objects.create(
        agency=agency, done_by_id=by.user_id, what=what, board=board if what == What.BOARD else "",
        before={str(pk): [place[0], _text(place[1])] for pk, place in _places(agency, talents).items()},
    )  # fmt: skip
    _file(done)
    payload = {"what": what, "board": done.board, "models": ", ".join(sorted(ref("talent", pk) for pk in talents))}
    record(kind="roster.filed", subject=agency.party, by=by.label, payload=payload)
    return done


@transaction.atomic
def undo(*, by: Actor, done: BulkAct) -> BulkAct:
    """As it was before, but for models with whom something else was done since. A reminder is not sent.

    Raises NotAllowed, StaleState after ten minutes and for a second press.
    """
    _require_roster(by, done.agency)
    row = BulkAct.objects.select_for_update(of=("self",)).select_related("agency").get(pk=done.pk)
    if row.undone_at or row.sent_at or timezone.now() >= row.undo_until:
        raise StaleState("This cannot be undone any more.")
    row.undone_at = timezone.now()
    row.save(update_fields=["undone_at"])
    _restore(row)
    record(kind="roster.undone", subject=row.agency.party, by=by.label, payload={"what": row.what})
    return row


def undoable(*, by: Actor, agency: Organization) -> BulkAct | None:
    """What this person did last, while it can be undone."""
    latest = BulkAct.objects.filter(agency=agency, done_by=by.user_id).first()
    return latest if latest and not latest.undone_at and timezone.now() < latest.undo_until else None


def due_reminders() -> list[UUID]:
    """Reminders whose ten minutes are over, oldest first."""
    due = BulkAct.objects.filter(
        what=What.REMIND, undone_at=None, sent_at=None, created_at__lte=timezone.now() - UNDO_LASTS
    )
    return list(due.order_by("created_at").values_list("pk", flat=True))


@transaction.atomic
def send_reminder(act_id: UUID | str) -> int:
    """Tell each of the models, once. Exit: sent. Answers how many were told; 0 when it was undone or sent already."""
    row = BulkAct.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=act_id).first()
    if row is None or row.what != What.REMIND or row.undone_at or row.sent_at:
        return 0
    row.sent_at = timezone.now()
    row.save(update_fields=["sent_at"])
    still_ours = Mandate.objects.filter(agency=row.agency, talent__in=list(row.before)).running_on(row.sent_at.date())
    talents = Talent.objects.filter(pk__in=still_ours.values("talent")).select_related("user")
    what = say("roster.reminder", agency=row.agency.name)
    for talent in talents:
        notify(to=talent.party, what=what, url=reverse("landing"), people=talent.people)
    return len(talents)


def _require_roster(by: Actor, agency: Organization) -> None:
    by.require(Permission.MANAGE_ROSTER)
    if by.party != agency.party or agency.kind != Organization.Kind.AGENCY:
        raise NotAllowed("Only the agency itself keeps its roster.")


def _represented(agency: Organization, models: Collection[UUID]) -> set[UUID]:
    if not models:
        raise InvalidInput("Tick at least one model.", field="model")
    mandates = Mandate.objects.filter(agency=agency, talent__in=models).running_on(timezone.now().date())
    found = set(mandates.values_list("talent", flat=True))
    if found != set(models):
        raise InvalidInput("One of them is not on your roster any more.", field="model")
    return found


def _places(agency: Organization, talents: Collection[UUID]) -> dict[UUID, Place]:
    """Where each of them is filed now, the rows locked in one order."""
    rows = RosterPlace.objects.select_for_update().filter(agency=agency, talent__in=talents).order_by("pk")
    there = {row.talent_id: (row.board, row.set_aside_at) for row in rows}
    return {pk: there.get(pk, ("", None)) for pk in sorted(talents)}


def _file(done: BulkAct) -> None:
    """Write what the act makes of each place; a reminder moves nobody."""
    if done.what == What.REMIND:
        return
    rows = [
        RosterPlace(agency=done.agency, talent_id=pk, board=board, set_aside_at=aside)
        for pk, (board, aside) in _after(done).items()
    ]
    _write(rows)


def _restore(done: BulkAct) -> None:
    now = _places(done.agency, [UUID(pk) for pk in done.before])
    after = _after(done)
    unchanged = [pk for pk, place in now.items() if place == after[pk]]
    rows = [
        RosterPlace(agency=done.agency, talent_id=pk, board=board, set_aside_at=aside)
        for pk, (board, aside) in ((pk, _before(done, pk)) for pk in unchanged)
    ]
    _write(rows)


def _write(rows: list[RosterPlace]) -> None:
    RosterPlace.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["agency", "talent"],
        update_fields=["board", "set_aside_at"],
    )


def _after(done: BulkAct) -> dict[UUID, Place]:
    """What the act made, or makes, of each place."""
    places: dict[UUID, Place] = {}
    for key in done.before:
        board, aside = _before(done, UUID(key))
        match done.what:
            case What.BOARD:
                board = done.board
            case What.ASIDE:
                aside = aside or done.created_at
            case What.BACK:
                aside = None
        places[UUID(key)] = (board, aside)
    return places


def _before(done: BulkAct, pk: UUID) -> Place:
    board, aside = done.before[str(pk)]
    return str(board), datetime.fromisoformat(aside) if aside else None


def _text(moment: datetime | None) -> Any:
    return moment.isoformat() if moment else None
