"""A person looks: a document and a selfie are kept encrypted until a member of staff has decided."""

from datetime import date
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.accounts.models import User
from apps.audit.services import record
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.common.refs import PLATFORM, ref
from apps.identity.models import IdentityCheck
from apps.identity.services.deciding import ALREADY_HERE, decided, give_up, require_herself
from apps.identity.services.ways import Begun, Shown
from apps.media import vault
from apps.media.models import StoredFile
from apps.media.services import delete, store
from apps.media.uploads import Unusable, sanitise
from apps.talent.models import ADULT, Talent, age_on

LONGEST_REASON = 300
State, Way = IdentityCheck.State, IdentityCheck.Way


class ByPerson:
    """The way of the house: nothing is measured, a person compares."""

    def begin(self, *, by: Actor, talent: Talent, shown: Shown | None, back: str) -> Begun:
        if shown is None:
            raise InvalidInput("Show a document and your face.", field="document")
        return Begun(submit(by=by, talent=talent, kind=shown.kind, document=shown.document, selfie=shown.selfie))

    def look_again(self, check: IdentityCheck) -> None:
        """Nothing happens elsewhere: staff decide here."""

    def forget(self, check: IdentityCheck) -> None:
        """Both pictures and their key."""
        with transaction.atomic():
            open_rows = IdentityCheck.objects.filter(pk=check.pk, decided_on__isnull=False, documents_deleted_at=None)
            if not open_rows.update(documents_deleted_at=timezone.now()):
                return
            files = [file for file in (check.document, check.selfie) if file is not None]
            for file in files:
                delete(file)
            vault.destroy(check.ref)
            digests = [file.sha256 for file in files]
            record(kind="identity.documents_deleted", subject=check.ref, by="system", payload={"sha256": digests})


def submit(*, by: Actor, talent: Talent, kind: str, document: bytes, selfie: bytes) -> IdentityCheck:
    """The model hands in her document and a selfie. Exit: submitted; both pictures encrypted, nothing measured.

    A check that she began elsewhere and showed nothing for is given up. Raises NotAllowed for anybody but herself,
    InvalidInput(field=…) for what is no picture, StaleState while one is being looked at or after one was approved.
    """
    require_herself(by, talent)
    if kind not in IdentityCheck.Document.values:
        raise InvalidInput("Choose what you show us.", field="kind")
    if IdentityCheck.objects.filter(talent=talent, state__in=[State.SUBMITTED, State.APPROVED]).exists():
        raise StaleState(ALREADY_HERE)
    check = IdentityCheck(pk=uuid4(), talent=talent, kind=kind)
    try:
        with transaction.atomic():
            give_up(talent, reason="You chose that a person looks instead.")
            check.document = _kept(check, "document", document)
            check.selfie = _kept(check, "selfie", selfie)
            check.save(force_insert=True)
            record(kind="identity.submitted", subject=check.ref, by=by.label, payload={"kind": kind})
    except IntegrityError as error:  # sent twice at the same moment
        raise StaleState(ALREADY_HERE) from error
    return check


@transaction.atomic
def approve(*, by: User, check: IdentityCheck, birth_date: date) -> IdentityCheck:
    """A member of staff found her to be who she says. Entry: submitted; exit: approved, pictures to be deleted.

    `birth_date` is what the document says and has to be the day she gave. Raises NotAllowed, InvalidInput
    (field="birth_date"), Refused for anybody under 18, StaleState when a colleague was quicker.
    """
    row = _to_decide(by, check)
    today = timezone.now().date()
    if birth_date != row.talent.birth_date:
        raise InvalidInput("The profile has another day. Refuse, and say which one is wrong.", field="birth_date")
    if age_on(birth_date, today) < ADULT:
        raise Refused("Under 18: this can only be refused.")
    row.state, row.birth_date = State.APPROVED, birth_date
    return decided(row, today, by=_staff(by), user=by)


@transaction.atomic
def refuse(*, by: User, check: IdentityCheck, reason: str) -> IdentityCheck:
    """A member of staff could not tell. Entry: submitted; exit: refused, pictures to be deleted; she can try again.

    Raises NotAllowed, InvalidInput(field="reason"), StaleState when a colleague was quicker.
    """
    row = _to_decide(by, check)
    words = reason.strip()
    if not words:
        raise InvalidInput("Say what would help. The model reads it.", field="reason")
    if len(words) > LONGEST_REASON:
        raise InvalidInput(f"At most {LONGEST_REASON} characters.", field="reason")
    row.state, row.reason = State.REFUSED, words
    return decided(row, timezone.now().date(), by=_staff(by), user=by)


def look_at(*, by: User, check: IdentityCheck, which: str) -> StoredFile:
    """The picture that a member of staff opens, `document` or `selfie`; every look is in the audit log.

    Raises NotAllowed, StaleState after the decision: nobody looks any more.
    """
    _require_staff(by, check)
    if check.state != State.SUBMITTED:
        raise StaleState("This is decided; the pictures are not shown any more.")
    picture = check.document if which == "document" else check.selfie
    if picture is None:
        raise StaleState("Stripe looks at this one; we have no picture.")
    record(kind=f"identity.{which}_seen", subject=check.ref, by=_staff(by), payload={})
    return picture


def _kept(check: IdentityCheck, field: str, raw: bytes) -> StoredFile:
    try:
        clean = sanitise(raw)
    except Unusable as error:
        raise InvalidInput(error.message, field=field) from error
    return store(
        data=clean.data,
        kind=f"identity_{field}",
        owner=check.talent.party,
        content_type=clean.content_type,
        twin_ref=ref("identity", check.pk),  # a key of its own, which dies with the pictures
    )


def _to_decide(by: User, check: IdentityCheck) -> IdentityCheck:
    row = IdentityCheck.objects.select_for_update(of=("self",)).select_related("talent__user").get(pk=check.pk)
    _require_staff(by, row)
    if row.way != Way.PERSON:
        raise StaleState("Stripe looks at this one; it is not decided here.")
    if row.state != State.SUBMITTED:
        raise StaleState("This was decided meanwhile. Please look again.")
    return row


def _require_staff(by: User, check: IdentityCheck) -> None:
    if not (by.is_staff and by.is_active):
        raise NotAllowed("Only staff look at documents.")
    if check.talent.user_id == by.pk:
        raise NotAllowed("These are your own documents; a colleague looks at them.")


def _staff(by: User) -> str:
    return f"user:{by.pk} for {PLATFORM}"
