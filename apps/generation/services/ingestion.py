"""Fetching a result as soon as it is there, because engines forget, and checking it before anybody sees it."""

from contextlib import ExitStack
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from apps.generation.examining import examine
from apps.generation.guard import hold, judge, likeness_findings
from apps.generation.models import Attempt, Candidate, Job
from apps.generation.moves import claim, look_again, move
from apps.generation.pictures import MOST_BYTES, BadPicture, GoodPicture, inspect
from apps.generation.services.endings import fail, succeed
from apps.generation.spec import read_spec
from apps.generation.states import State
from apps.integrations.faces.reader import read_faces
from apps.integrations.gpu.engines import engine
from apps.integrations.gpu.errors import BadAnswer, OutputGone, UnknownJob, Unreachable
from apps.integrations.gpu.types import ErrorCode, RemoteArtefact, RemoteHandle
from apps.media.contents import Gone
from apps.media.services import read, store, storing
from apps.media.vault import KeyDestroyed
from apps.twins.selectors import likeness
from apps.twins.services import finish_enrolment
from apps.twins.services.artefacts import Handed

LEASE = 180  # seconds for one worker to fetch and check; then it is taken for dead
TRY_AGAIN = 10
FETCH_LIMIT = timedelta(hours=1)
MOST_ARTEFACT_BYTES = 2 * 1024**3  # what an engine trains for one twin: a LoRA has 20 to 400 MB
TWIN_ERASED = "twin_erased"


def ingest(attempt: Attempt) -> None:
    """Entry: ingesting or checking, and due. Exit: succeeded, or failed with what was wrong; unchanged and due again
    while the engine cannot be reached."""
    if attempt.state not in {State.INGESTING, State.CHECKING} or not claim(attempt, seconds=LEASE):
        return
    try:
        if attempt.job.kind == Job.Kind.ENROL:
            _finish_enrolment(attempt)
        else:
            _take_and_check(attempt)
    except (UnknownJob, OutputGone):
        fail(attempt, code=ErrorCode.OUTPUT_EXPIRED, message="The GPU service no longer has the result.", retry=True)
    except (BadAnswer, BadPicture) as error:
        fail(attempt, code=ErrorCode.PROVIDER, message=str(error), retry=True, made=True)
    except (KeyDestroyed, Gone) as error:
        fail(attempt, code=TWIN_ERASED, message=error.message, retry=False, made=True)
    except Unreachable as error:
        _wait(attempt, error)


def _take_and_check(attempt: Attempt) -> None:
    candidate = Candidate.objects.filter(attempt=attempt).select_related("file").first()
    if candidate is None:
        candidate = _keep(attempt, _fetch(attempt))
    if candidate is not None:
        _check(attempt, candidate)


def _fetch(attempt: Attempt) -> GoodPicture:
    gpu = engine(attempt.engine)
    state = gpu.fetch(RemoteHandle(attempt.remote_id))
    if len(state.outputs) != 1:
        raise BadPicture(f"The GPU service delivered {len(state.outputs)} pictures instead of one.")
    data = gpu.download(state.outputs[0], limit=MOST_BYTES)
    return inspect(data, output=state.outputs[0], size=read_spec(attempt.job.spec).size)


@transaction.atomic
def _keep(attempt: Attempt, picture: GoodPicture) -> Candidate | None:
    """Exit: checking, the picture stored under the twin's key. None when the attempt ended meanwhile."""
    if not move(attempt, State.CHECKING):
        return None
    twin = attempt.job.version.twin
    file = store(
        data=picture.data,
        kind="candidate",
        owner=twin.talent.party,
        content_type=picture.content_type,
        twin_ref=twin.ref,
    )
    return Candidate.objects.create(
        job=attempt.job, attempt=attempt, file=file, width=picture.width, height=picture.height
    )


def _check(attempt: Attempt, candidate: Candidate) -> None:
    data = read(candidate.file)
    report = read_faces(data)
    likenesses = [likeness(vector, attempt.job.version.twin) for vector in report.vectors]
    found_more = examine(attempt.job, data)
    judgement = hold(judge(likenesses), found_more)
    found = likenesses[0] if likenesses else None
    with transaction.atomic():
        if not Attempt.objects.select_for_update().filter(pk=attempt.pk, state=State.CHECKING).exists():
            return  # cancelled meanwhile: nobody gets to see it
        Candidate.objects.filter(pk=candidate.pk).update(
            state=judgement.state,
            verdict=judgement.verdict,
            findings=[finding.stored() for finding in (*likeness_findings(judgement), *found_more)],
            likeness=found.mean if found else None,
            nearest_reference=found.nearest if found else None,
            nearest_other=found.other if found else None,
        )
        if judgement.state == Candidate.State.REFUSED:
            message = " ".join(judgement.findings)
            code = (
                ErrorCode.SAFETY_FAILED if judgement.verdict == Candidate.Verdict.BARRED else ErrorCode.LIKENESS_FAILED
            )
            fail(attempt, code=code, message=message, retry=False, made=True)
        else:
            succeed(attempt)


def _finish_enrolment(attempt: Attempt) -> None:
    gpu = engine(attempt.engine)
    state = gpu.fetch(RemoteHandle(attempt.remote_id))
    reports = state.result.get("photographs")
    if not isinstance(reports, list):
        raise BadAnswer("The GPU service delivered no report on the photographs.")
    name = gpu.capabilities().engine
    with ExitStack() as places:
        handed = [_artefact(attempt, remote, places) for remote in state.artefacts]
        with transaction.atomic():
            if attempt.state == State.INGESTING:
                move(attempt, State.CHECKING)
            if succeed(attempt):
                finish_enrolment(version=attempt.job.version, reports=reports, engine=name, artefacts=handed)


def _artefact(attempt: Attempt, remote: RemoteArtefact, places: ExitStack) -> Handed:
    """Sealed under the twin's key while it comes in; kept only with the end of the enrolment."""
    twin = attempt.job.version.twin
    incoming = places.enter_context(
        storing(kind="artefact", owner=twin.talent.party, content_type=remote.content_type, twin_ref=twin.ref)
    )
    engine(attempt.engine).download_artefact(remote, incoming.write, limit=MOST_ARTEFACT_BYTES)
    return Handed(incoming=incoming, kind=remote.kind, name=remote.name, note=remote.note)


def _wait(attempt: Attempt, error: Unreachable) -> None:
    if timezone.now() > (attempt.started_at or attempt.created_at) + FETCH_LIMIT:
        fail(attempt, code=ErrorCode.OUTPUT_EXPIRED, message=str(error), retry=True)
    else:
        look_again(attempt, max(TRY_AGAIN, error.retry_after))
