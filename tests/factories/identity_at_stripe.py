"""A model who proves at Stripe who she is, both sides of it in one process."""

from datetime import date

from apps.audit.models import Event as AuditEvent
from apps.identity.models import IdentityCheck
from apps.identity.services import WAYS
from apps.sandbox import verifications
from tests.fakes import stripe_site as site

BACK = "/home/model/identity/back/"
CREATE, READ = "POST /v1/identity/verification_sessions", "GET /v1/identity/verification_sessions/"


def begin(talent, person):
    return WAYS["stripe"].begin(by=person.actor, talent=talent, shown=None, back=f"http://testserver{BACK}")


def shown(talent, person, *, born: date | None = None, error: str = "") -> IdentityCheck:
    """She was at Stripe's page; nobody has been told yet."""
    check = begin(talent, person).check
    verifications.show(check.session_id, birth_date=born or talent.birth_date, error=error)
    return check


def told() -> None:
    site.deliver(site.pending())
    site.work()


def as_now(check: IdentityCheck) -> IdentityCheck:
    check.refresh_from_db()
    return check


def acts() -> list[str]:
    return [event.kind for event in AuditEvent.objects.order_by("seq") if event.kind.startswith("identity.")]
