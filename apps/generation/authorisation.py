"""May this GPU call be made now? Asked immediately before every single one, and every answer is kept.

Tennessee ELVIS Act: using a person's likeness needs her authorisation at the time of use, so the check stands right
before generation and its outcome goes to the audit chain. Nothing here is remembered from an earlier check.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.common.depiction import traits_of_spec
from apps.common.refs import parse_ref
from apps.common.territories import overlap
from apps.common.vocabulary import Exclusivity, LicenceType
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.generation.models import Job, Voucher
from apps.generation.scope import Scope, read_scope
from apps.generation.sheet import is_on
from apps.generation.vouchers import BadVoucher, verify
from apps.talent.models import Boundaries, Mandate, NeverAgain, OutsideCommitment, Talent
from apps.twins.models import Twin, TwinVersion

ENROL_PURPOSES = (Purpose.SCAN, Purpose.TRAIN)
GENERATE_PURPOSES = (Purpose.GENERATE, Purpose.PUBLISH)


@dataclass(frozen=True)
class Refusal:
    """`reason` is a stable code; `message` is for staff and never says why the model decided so."""

    reason: str
    message: str


def refusal(job: Job) -> Refusal | None:
    """The first rule that forbids the call, or None. Reads the database as it is now."""
    version = TwinVersion.objects.select_related("twin__talent").get(pk=job.version_id)
    talent = version.twin.talent
    if job.voucher is None:
        return _twin_forbids(version, enrolling=True) or consent_forbids(talent, ENROL_PURPOSES)
    if job.kind == Job.Kind.TEST:
        return (
            _voucher_forbids(job.voucher, Voucher.Purpose.TRAIN)
            or _twin_forbids(version, enrolling=True)
            or _test_forbids(version, job)
            or consent_forbids(talent, ENROL_PURPOSES)
        )
    scope = read_scope(job.voucher.scope)
    return (
        _voucher_forbids(job.voucher, Voucher.Purpose.GENERATE)
        or _twin_forbids(version, enrolling=False)
        or consent_forbids(talent, GENERATE_PURPOSES)
        or standing_rules_forbid(job.voucher, job.spec)
        or _mandate_forbids(talent, scope)
        or _commitment_forbids(talent, scope)
    )


def _voucher_forbids(voucher: Voucher, purpose: Voucher.Purpose) -> Refusal | None:
    if voucher.state != Voucher.State.ACTIVE:
        return Refusal("voucher_revoked", "The voucher was revoked.")
    try:
        verify(voucher)
    except BadVoucher as error:
        return Refusal("voucher_invalid", str(error))
    if voucher.purpose != purpose:
        return Refusal("voucher_purpose", "The voucher is for another purpose.")
    if voucher.ends <= timezone.now():
        return Refusal("voucher_ended", "The voucher has ended.")
    return None


def _twin_forbids(version: TwinVersion, *, enrolling: bool) -> Refusal | None:
    twin = version.twin
    if twin.state == Twin.State.RETIRED:
        return Refusal("twin_retired", "The twin was retired.")
    if enrolling:
        return None
    if twin.state != Twin.State.LISTED:
        return Refusal("twin_paused", "The twin is paused.")
    if version.state != TwinVersion.State.APPROVED:
        return Refusal("version_not_approved", "This version of the twin is not approved.")
    return None


def _test_forbids(version: TwinVersion, job: Job) -> Refusal | None:
    """A test picture is made before the approval, of the sheet as it was frozen and of nothing else."""
    if version.state != TwinVersion.State.TESTING:
        return Refusal("version_not_in_test", "The test sheet of this version is not being made.")
    if job.voucher is None or job.voucher.subject != version.ref or not is_on(job.voucher.scope, job.spec):
        return Refusal("sheet_other_picture", "This picture does not stand on the test sheet of the voucher.")
    return None


def consent_forbids(talent: Talent, purposes: tuple[Purpose, ...]) -> Refusal | None:
    """The first of these purposes that she has not granted right now."""
    missing = next((purpose for purpose in purposes if not has(talent, purpose)), None)
    return Refusal(f"consent_{missing}", f"The consent to {missing} is not in force.") if missing else None


def _boundary_forbids(talent: Talent, scope: Scope) -> Refusal | None:
    boundaries = Boundaries.objects.filter(talent=talent).first()
    if boundaries is None:
        return None
    crossed = (
        ("category", scope.category in boundaries.barred_categories),
        ("media", bool(set(scope.media) & set(boundaries.barred_media))),
        ("territories", overlap(scope.territories, boundaries.barred_territories)),
        ("window", scope.window_months > boundaries.longest_window_months),
        ("licence_type", LicenceType.of(scope.exclusivity) not in boundaries.licence_types),
        ("body_lock", any(boundaries.body_lock[part] < by for part, by in scope.body_lock.items())),
        ("brand", boundaries.barred_brands.filter(pk=parse_ref(scope.brand, "org")).exists()),
    )
    which = next((name for name, is_crossed in crossed if is_crossed), None)
    return Refusal(f"boundary_{which}", "A boundary of the model forbids this.") if which else None


def standing_rules_forbid(voucher: Voucher, spec: Mapping[str, Any]) -> Refusal | None:
    """Whether her boundaries as they are now forbid this picture."""
    talent = voucher.twin.talent
    return _boundary_forbids(talent, read_scope(voucher.scope)) or _never_again_forbids(talent, spec)


def _never_again_forbids(talent: Talent, spec: Mapping[str, Any]) -> Refusal | None:
    """What she saw in a picture and said of: never again."""
    rules = {rule.trait for rule in NeverAgain.objects.filter(boundaries__talent=talent)}
    which = next((trait for trait in traits_of_spec(spec) if trait in rules), None)
    return Refusal(f"never_again_{which.kind}", "The model never wants to be shown like this again.") if which else None


def _mandate_forbids(talent: Talent, scope: Scope) -> Refusal | None:
    """Where an agency stands in the agreed scope, its mandate still has to cover twins and all territories."""
    if scope.agency is None:
        return None
    today = timezone.now().date()
    mandates = Mandate.objects.filter(talent=talent, agency=parse_ref(scope.agency, "org"), covers_twins=True)
    if any(mandate.runs_on(today) and mandate.holds_in(list(scope.territories)) for mandate in mandates):
        return None
    return Refusal("mandate", "The agency's mandate does not cover this any more.")


def _commitment_forbids(talent: Talent, scope: Scope) -> Refusal | None:
    start, end = scope.days(timezone.now().date())
    bound = OutsideCommitment.objects.filter(talent=talent, window__overlap=DateRange(start, end, "[]"))
    for commitment in bound:
        same_field = commitment.exclusivity == Exclusivity.FULL or commitment.category == scope.category
        if same_field and overlap(commitment.territories, scope.territories):
            return Refusal("outside_commitment", "The model is bound elsewhere in this category and territory.")
    return None
