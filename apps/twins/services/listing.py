"""The talent's say over her twin: approving what was made, pausing it, letting it work again."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import StaleState
from apps.organizations.permissions import Permission
from apps.signatures.services import sign
from apps.twins.events import twin_listed, twin_paused, twin_resumed, version_rejected
from apps.twins.models import Twin, TwinVersion
from apps.twins.news import tell_of_approval
from apps.twins.policies import require_herself
from apps.twins.services.artefacts import forget_artefacts

State = TwinVersion.State


def approval_text(version: TwinVersion) -> str:
    """What the talent reads and signs when she approves a version."""
    return "\n".join(
        [
            f"I, {version.twin.talent.stage_name}, have looked at the test sheet of my twin, version {version.number}.",
            f"It was made by {version.engine} from my capture set of {version.capture_set.taken_on:%d %B %Y}.",
            "It looks like me. It may be listed, and used for bookings that I say yes to, for one year from today.",
            "I can pause it at any time.",
        ]
    )


@transaction.atomic
def approve_version(*, by: Actor, version: TwinVersion, language: str = "en") -> None:
    """She approves the version in person, or approves it again for another year.

    Entry: ready, or approved before; exit: approved, the twin listed unless she paused it, best before in one year.
    Raises NotAllowed for others, StepUpNeeded without a fresh sign-in, StaleState for any other version.
    """
    require_herself(by, version.twin.talent)
    twin = Twin.objects.select_for_update().get(pk=version.twin_id)
    usable = TwinVersion.objects.filter(pk=version.pk, state__in=[State.READY, State.APPROVED])
    if twin.state == Twin.State.RETIRED or not usable.exists():
        raise StaleState("This version does not wait for an approval.")
    signature = sign(
        by=by,
        kind="twin_version",
        subject=twin.ref,
        version=f"twin-version/{version.number}",
        language=language,
        text=approval_text(version),
    )
    usable.update(state=State.APPROVED, approval=signature)
    listed = twin.state in {Twin.State.PREPARING, Twin.State.AWAITING_APPROVAL}
    twin.state = Twin.State.LISTED if listed else twin.state
    twin.best_before = _in_one_year(timezone.now().date())
    twin.reminded_days = None
    twin.save(update_fields=["state", "best_before", "reminded_days"])
    version.refresh_from_db()
    tell_of_approval(twin, twin.best_before)
    if listed:
        twin_listed.send(sender=Twin, twin=twin, by=by)


@transaction.atomic
def reject_version(*, by: Actor, version: TwinVersion) -> None:
    """She does not recognise herself. Entry: ready; exit: rejected, the pictures of its
    test sheet and what the engine made of it deleted; an earlier approved version stays in use."""
    require_herself(by, version.twin.talent)
    if not TwinVersion.objects.filter(pk=version.pk, state=State.READY).update(state=State.REJECTED):
        raise StaleState("This version does not wait for an approval.")
    Twin.objects.filter(pk=version.twin_id, state=Twin.State.AWAITING_APPROVAL).update(state=Twin.State.PREPARING)
    version.refresh_from_db()
    gone = forget_artefacts(version=version)
    version_rejected.send(sender=TwinVersion, version=version, by=by)
    record(
        kind="twin.version_rejected",
        subject=version.twin.ref,
        by=by.label,
        payload={"version": version.number, "artefacts": gone},
    )


@transaction.atomic
def pause(*, by: Actor, twin: Twin) -> None:
    """At once nothing more is made of this twin. Entry: listed; exit: paused. Raises StaleState otherwise."""
    require_herself(by, twin.talent, Permission.PAUSE_TWIN)
    _move(twin, Twin.State.LISTED, Twin.State.PAUSED)
    twin_paused.send(sender=Twin, twin=twin, by=by)
    record(kind="twin.paused", subject=twin.ref, by=by.label, payload={})


@transaction.atomic
def resume(*, by: Actor, twin: Twin) -> None:
    """Entry: paused; exit: listed."""
    require_herself(by, twin.talent, Permission.PAUSE_TWIN)
    _move(twin, Twin.State.PAUSED, Twin.State.LISTED)
    twin_resumed.send(sender=Twin, twin=twin, by=by)
    record(kind="twin.resumed", subject=twin.ref, by=by.label, payload={})


def _move(twin: Twin, old: Twin.State, new: Twin.State) -> None:
    if not Twin.objects.filter(pk=twin.pk, state=old).update(state=new):
        raise StaleState("The twin's state changed meanwhile. Reload and look again.")
    twin.state = new


def _in_one_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
