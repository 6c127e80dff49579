"""Test sheets without a GPU service: the pictures are stand-ins, the rows are those of a sheet that was made."""

from datetime import timedelta

from django.utils import timezone

from apps.accounts.actor import Actor
from apps.generation.models import Candidate, Job
from apps.generation.services import revoke_vouchers
from apps.generation.services.vouchers import issue_test_voucher
from apps.generation.sheet import read_sheet, sheet_of
from apps.generation.spec import with_seed
from apps.twins.models import Twin, TwinVersion
from tests.factories.bookings import make_candidate


def make_sheet_of(twin: Twin) -> list[Candidate]:
    """The complete test sheet of the twin's newest version, in the order of its scenes."""
    version = twin.versions.select_related("twin__talent").latest("number")
    voucher = issue_test_voucher(version=version, scope=sheet_of(version), ends=timezone.now() + timedelta(days=2))
    jobs = [
        Job.objects.create(kind=Job.Kind.TEST, voucher=voucher, version=version, spec=with_seed(wish))
        for wish in read_sheet(voucher.scope)
    ]
    pictures = [make_candidate(job) for job in jobs]
    Job.objects.filter(voucher=voucher).update(announced_at=timezone.now())
    revoke_vouchers(by=Actor.SYSTEM, subject=version.ref, reason="complete")
    return pictures


def with_state(twin: Twin, state: TwinVersion.State) -> TwinVersion:
    """Another version of the twin, in this state."""
    last = twin.versions.latest("number")
    return TwinVersion.objects.create(
        twin=twin, capture_set=last.capture_set, number=last.number + 1, state=state, engine="preview/1"
    )
