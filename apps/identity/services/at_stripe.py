"""Stripe Identity looks: on its own page, at what never comes here. We learn yes or no and the date of birth.

An event is only a hint; the session is read again. No lock and no transaction is held while Stripe is asked.
"""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import StaleState
from apps.identity.errors import Unavailable, Unreadable
from apps.identity.models import IdentityCheck
from apps.identity.services.deciding import ALREADY_HERE, decided, give_up, require_herself
from apps.identity.services.ways import Begun, Shown
from apps.identity.words import ANOTHER_DAY, CANCELED, NOTHING_SHOWN, UNDER_AGE, why
from apps.integrations.stripe.errors import OutcomeUnknown, Rejected
from apps.integrations.stripe.identity import identity
from apps.integrations.stripe.types import VerificationSession
from apps.talent.models import ADULT, Talent, age_on

SOONEST, LATEST = timedelta(minutes=2), timedelta(hours=12)
BEGUN_LASTS = timedelta(days=7)
CANNOT_READ = "Stripe has seen your document, and we cannot read its answer yet. Somebody looks into it."
State = IdentityCheck.State
OPEN = (State.STARTED, State.SUBMITTED)


class ByStripe:
    """The way through Stripe Identity."""

    def begin(self, *, by: Actor, talent: Talent, shown: Shown | None, back: str) -> Begun:
        """The session that she began, or a new one; asked twice, the same. Must not be called inside a transaction."""
        require_herself(by, talent)
        check = _started(by, talent)
        try:
            session = identity().read(check.session_id) if check.session_id else _session(check, back)
        except OutcomeUnknown as error:
            raise Unavailable("Stripe does not answer. Nothing was sent; please try again in a minute.") from error
        except Rejected as error:
            raise Unavailable("Stripe did not open its page. Please try again later.") from error
        if _waits_for_her(session):
            return Begun(check, session.url)
        try:
            _store(check, session)
        except Unreadable as error:
            raise Unavailable(CANNOT_READ) from error
        check.refresh_from_db()
        return Begun(check)

    def look_again(self, check: IdentityCheck) -> None:
        """Raises OutcomeUnknown, Rejected, Unreadable."""
        check.refresh_from_db()
        if check.state in OPEN and check.session_id:
            _store(check, identity().read(check.session_id))

    def forget(self, check: IdentityCheck) -> None:
        """Asks Stripe to delete, once, and believes it only when Stripe says that it is done. Raises OutcomeUnknown,
        Rejected."""
        rows = IdentityCheck.objects.filter(pk=check.pk, decided_on__isnull=False, documents_deleted_at=None)
        if check.session_id and rows.exists():
            session = identity().read(check.session_id)
            if not session.redaction:
                session = identity().redact(check.session_id, key=f"redact:{check.pk}")
            if session.redaction != "redacted":
                return
        with transaction.atomic():
            if rows.update(documents_deleted_at=timezone.now(), due_at=None):
                payload = {"session": check.session_id or ""}
                record(kind="identity.documents_deleted", subject=check.ref, by=Actor.SYSTEM.label, payload=payload)


def next_look(check: IdentityCheck) -> None:
    """Stripe is asked of its own accord too, for its events may be lost: soon at first, ever later."""
    now = timezone.now()
    wait = min(max((now - check.created_at) / 4, SOONEST), LATEST)
    IdentityCheck.objects.filter(pk=check.pk).update(due_at=now + wait)


def _started(by: Actor, talent: Talent) -> IdentityCheck:
    """Raises StaleState once something of hers is being looked at or was approved."""
    found = IdentityCheck.objects.filter(talent=talent).exclude(state=State.REFUSED).first()
    if found is not None:
        if found.state == State.STARTED:
            return found
        raise StaleState(ALREADY_HERE)
    try:
        with transaction.atomic():
            check = IdentityCheck.objects.create(
                talent=talent, way=IdentityCheck.Way.STRIPE, state=State.STARTED, due_at=timezone.now() + SOONEST
            )
            record(kind="identity.started", subject=check.ref, by=by.label, payload={"way": check.way})
    except IntegrityError as error:  # pressed twice at the same moment
        raise StaleState("You have begun this already. Press again to go on.") from error
    return check


def _session(check: IdentityCheck, back: str) -> VerificationSession:
    """Looked for before it is made, once an earlier try may have made it; the key protects two presses at once. A key
    under which Stripe keeps an error is spent."""
    stripe = identity()
    rows = IdentityCheck.objects.filter(pk=check.pk, session_id=None)
    asked_before = not rows.filter(attempt=0).update(attempt=1)
    check.refresh_from_db()
    session = stripe.find(check.ref) if asked_before else None
    if session is None:
        try:
            session = stripe.create(reference=check.ref, return_url=back, key=f"{check.ref}:{check.attempt}")
        except (OutcomeUnknown, Rejected) as error:
            if isinstance(error, Rejected) or error.key_spent:
                rows.filter(attempt=check.attempt).update(attempt=F("attempt") + 1)
            raise
    rows.update(session_id=session.id)
    check.refresh_from_db()
    return session


def _waits_for_her(session: VerificationSession) -> bool:
    return session.status == "requires_input" and not session.error


def _store(check: IdentityCheck, session: VerificationSession) -> None:
    """One transaction: the decision with everything it does, or that it is being looked at. Raises Unreadable."""
    unreadable = session.status == "verified" and session.birth_date is None
    with transaction.atomic():
        rows = IdentityCheck.objects.select_for_update(of=("self",)).select_related("talent__user")
        row = rows.get(pk=check.pk)
        if row.state not in OPEN:
            return
        if session.status == "processing" or unreadable:
            row.state = State.SUBMITTED
            row.save(update_fields=["state"])
        elif session.status == "verified" and session.birth_date:
            _verified(row, session.birth_date)
        elif session.status == "canceled":
            _refuse(row, CANCELED)
        elif session.status == "requires_input" and session.error:
            _refuse(row, why(session.error))
        elif timezone.now() - row.created_at > BEGUN_LASTS:
            give_up(row.talent, reason=NOTHING_SHOWN)
    if unreadable:
        raise Unreadable(f"{session.id} is verified, yet STRIPE_IDENTITY_KEY may not read its date of birth")


def _verified(row: IdentityCheck, born: date) -> None:
    """The face and the document are good. Whether she is of age, and the one who joined, is decided here."""
    today = timezone.now().date()
    if age_on(born, today) < ADULT:
        _refuse(row, UNDER_AGE)
    elif born != row.talent.birth_date:
        _refuse(row, ANOTHER_DAY)
    else:
        row.state, row.birth_date = State.APPROVED, born
        decided(row, today, by=Actor.SYSTEM.label)


def _refuse(row: IdentityCheck, reason: str) -> None:
    row.state, row.reason = State.REFUSED, reason
    decided(row, timezone.now().date(), by=Actor.SYSTEM.label)
