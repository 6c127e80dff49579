"""Making a version's test sheet: ordered when its enrolment is done, complete when nothing more can come of it."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from apps.accounts.actor import Actor
from apps.common.clock import true_now
from apps.common.errors import Refused
from apps.common.wording import say
from apps.consents.models import Consent
from apps.generation.authorisation import ENROL_PURPOSES, consent_forbids
from apps.generation.models import Candidate, Job, Voucher
from apps.generation.places import Place, Standing, places_of
from apps.generation.selectors import open_voucher
from apps.generation.services.orders import create_jobs
from apps.generation.services.vouchers import issue_test_voucher, revoke_vouchers
from apps.generation.sheet import FEWEST_PICTURES, read_sheet, sheet_of
from apps.generation.spec import with_seed
from apps.media.services import delete
from apps.talent.models import Talent
from apps.twins.models import Twin, TwinVersion
from apps.twins.services import fail_enrolment, finish_test, set_cover

VOUCHER_LASTS = timedelta(days=2)
PAUSE = timedelta(minutes=5)  # before a sheet that stopped is ordered again


@transaction.atomic
def order_sheet(*, version: TwinVersion) -> None:
    """Order the pictures of the sheet that are neither there nor under way, on a voucher of the version's own.

    Entry: in testing; exit: the same, with a job for each of them. Does nothing in another state, for a retired twin,
    or while a consent to scan or train is missing; a sweep asks again.
    """
    row = _locked(version)
    twin = row.twin
    if row.state != TwinVersion.State.TESTING or twin.state == Twin.State.RETIRED:
        return
    if consent_forbids(twin.talent, ENROL_PURPOSES):
        return
    missing = {place.scene for place in places_of(row) if place.standing == Standing.WAITING}
    if not missing:
        _settle(row)
        return
    voucher = _voucher(row)
    wishes = [wish for wish in read_sheet(voucher.scope) if wish["scene"] in missing]
    create_jobs(
        [Job(kind=Job.Kind.TEST, voucher=voucher, version=row, spec=with_seed(wish)) for wish in wishes],
    )


@transaction.atomic
def settle_sheet(*, version: TwinVersion) -> None:
    """Asked after each ended test picture. Entry: in testing; exit: ready for the model when the sheet is complete,
    failed when too few of its pictures could be made, else unchanged."""
    row = _locked(version)
    if row.state == TwinVersion.State.TESTING:
        _settle(row)


@transaction.atomic
def stop_sheets(*, talent: Talent) -> None:
    """A consent to scan or train was taken back, or the twin erased: what is being made of a sheet ends now."""
    for version in TwinVersion.objects.filter(twin__talent=talent, state=TwinVersion.State.TESTING):
        revoke_vouchers(by=Actor.SYSTEM, subject=version.ref, reason="the model's consent ended")


@transaction.atomic
def forget_sheet(*, version: TwinVersion) -> None:
    """She rejected the version: its pictures go. Nothing else was made of it."""
    for candidate in Candidate.objects.filter(job__in=Job.objects.of_sheet(version)).select_related("file"):
        delete(candidate.file)


def choose_cover(*, by: Actor, picture: Candidate) -> None:
    """She picks a picture of an approved test sheet as the cover of her twin.

    Raises Refused for one that she has not approved; see twins.services.set_cover for the rest.
    """
    version = picture.job.version
    if picture.job.kind != Job.Kind.TEST or version.state != TwinVersion.State.APPROVED:
        raise Refused("Approve the test sheet first: nobody sees a picture of it before.")
    set_cover(by=by, twin=version.twin, file=picture.file)


def sheets_to_continue() -> QuerySet[TwinVersion]:
    """Sheets on which nothing runs although they are not complete, whose consents are in force (again)."""
    testing = TwinVersion.objects.filter(state=TwinVersion.State.TESTING).exclude(twin__state=Twin.State.RETIRED)
    for purpose in ENROL_PURPOSES:
        testing = testing.filter(
            Exists(Consent.objects.in_force().filter(talent=OuterRef("twin__talent"), purpose=purpose))
        )
    lately = Q(ended_at=None) | Q(ended_at__gt=timezone.now() - PAUSE)
    return testing.exclude(Exists(Job.objects.filter(lately, version=OuterRef("pk"), kind=Job.Kind.TEST)))


def _locked(version: TwinVersion) -> TwinVersion:
    """One worker at a time decides about a sheet."""
    return TwinVersion.objects.select_for_update(of=("self",)).select_related("twin__talent").get(pk=version.pk)


def _settle(version: TwinVersion) -> None:
    places = places_of(version)
    if any(place.standing in {Standing.RUNNING, Standing.WAITING} for place in places):
        return
    revoke_vouchers(by=Actor.SYSTEM, subject=version.ref, reason="the test sheet is complete")
    made = _digests(places)
    if len(made) < FEWEST_PICTURES:
        fail_enrolment(
            version=version,
            reason=f"only {len(made)} of {len(places)} test pictures looked like her for certain",
            told=say("twin.failed_sheet", made=len(made), all=len(places)),
        )
    else:
        finish_test(version=version, pictures=made)


def _digests(places: list[Place]) -> list[str]:
    return [place.candidate.file.sha256 for place in places if place.candidate]


def _voucher(version: TwinVersion) -> Voucher:
    """The sheet's voucher; a new one in place of one that ended. The GPU service reads its end by the true time."""
    active = open_voucher(version.ref)
    if active is not None and active.ends > timezone.now():
        return active
    revoke_vouchers(by=Actor.SYSTEM, subject=version.ref, reason="it had ended")
    return issue_test_voucher(version=version, scope=sheet_of(version), ends=true_now() + VOUCHER_LASTS)
