"""What a worker finds out about a candidate beside the likeness: body lock, product truth, nudity."""

from uuid import UUID

from django.conf import settings

from apps.generation.bodylock import judge_lock
from apps.generation.findings import Check, Finding, Outcome
from apps.generation.models import Job
from apps.integrations.faces.colours import read_colours
from apps.integrations.nudity import nudity
from apps.integrations.products import Found, compare
from apps.media.contents import Gone
from apps.media.models import StoredFile
from apps.media.services import read
from apps.talent.models import Boundaries, Talent


def examine(job: Job, data: bytes) -> list[Finding]:
    """Findings of the picture in `data`, in the order in which they are read. Raises KeyDestroyed or Gone once the
    twin's photographs are erased."""
    handed_over = job.version.capture_set.photographs.filter(face_vector__used_from__isnull=False)
    own = [read_colours(read(photograph.file)) for photograph in handed_over.select_related("file")]
    tolerance = _tolerance(job)
    product = job.spec.get("product")
    return [
        *judge_lock(read_colours(data), own, tolerance),
        *([_product(UUID(str(product)), data)] if product else []),
        judge_nudity(nudity(data)),
    ]


def judge_nudity(seen: float) -> Finding:
    """Intimate pictures are blocked (TAKE IT DOWN Act); thresholds and their source stand in the settings."""
    if seen >= settings.NUDITY_BARRED:
        return Finding(Check.SAFETY, Outcome.BARRED, f"A machine takes it for intimate ({seen:.0%} sure).")
    if seen >= settings.NUDITY_PERSON:
        words = f"A machine thinks it may be intimate ({seen:.0%} sure). A person has to decide."
        return Finding(Check.SAFETY, Outcome.DOUBT, words)
    words = f"A machine that looks for it is {seen:.0%} sure of some. It can be wrong: look yourself."
    return Finding(Check.SAFETY, Outcome.HOLDS, words)


def _tolerance(job: Job) -> dict[str, int]:
    """What the voucher froze; of a test sheet, which has none of it, what her rules say, or would say by default."""
    frozen = job.voucher.scope.get("body_lock") if job.voucher else None
    if frozen:
        return dict(frozen)
    talent: Talent = job.version.twin.talent
    rules = Boundaries.objects.filter(talent=talent).first() or Boundaries()
    return rules.body_lock


def _product(pk: UUID, data: bytes) -> Finding:
    reference = StoredFile.objects.filter(pk=pk).first()
    if reference is None or reference.deleted_at:
        return Finding(Check.PRODUCT, Outcome.UNKNOWN, "Not checkable: the product's picture is gone.")
    try:
        found = compare(read(reference), data)
    except Gone:
        return Finding(Check.PRODUCT, Outcome.UNKNOWN, "Not checkable: the product's picture is gone.")
    return Finding(Check.PRODUCT, Outcome.NOTE, in_words(found))


def in_words(found: Found) -> str:
    """A figure and a sentence; nothing follows of it by itself."""
    drawing = f"found ({found.points} points)" if found.drawing else "not found by the machine"
    return (
        f"{found.colours:.0%} of the product's surface has a colour that is in this picture; its drawing was "
        f"{drawing}. Compare it yourself."
    )
