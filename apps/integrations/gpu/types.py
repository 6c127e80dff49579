"""What the portal says to a GPU engine and what it hears back. No HTTP in here."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from apps.common.money import Money


class ErrorCode(StrEnum):
    """Why a piece of GPU work failed. The portal adds the last three to what engines report."""

    CONTENT_POLICY = "content_policy"
    INVALID_INPUT = "invalid_input"
    CAPACITY = "capacity"
    TIMEOUT = "timeout"
    AUTH = "auth"
    QUOTA = "quota"
    PROVIDER = "provider"
    OUTPUT_EXPIRED = "output_expired"
    LIKENESS_FAILED = "likeness_failed"
    SAFETY_FAILED = "safety_failed"
    CANCELLED = "cancelled"

    @property
    def retryable(self) -> bool:
        """Whether the same work may succeed when it is tried again as it is."""
        return self in RETRYABLE


RETRYABLE = frozenset({ErrorCode.CAPACITY, ErrorCode.TIMEOUT, ErrorCode.PROVIDER, ErrorCode.OUTPUT_EXPIRED})
STOPPED_BY_A_CHECK = frozenset({ErrorCode.LIKENESS_FAILED, ErrorCode.SAFETY_FAILED})


class RemoteStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "canceled"


@dataclass(frozen=True)
class FileRef:
    """A file the engine may fetch: a short-lived signed URL and the SHA-256 it must have."""

    url: str
    sha256: str


@dataclass(frozen=True)
class PhotographRef(FileRef):
    ref: str


@dataclass(frozen=True)
class Art:
    """Art direction; None leaves the choice to the scene."""

    colour: str | None = None
    light: str | None = None
    crop: str | None = None


@dataclass(frozen=True)
class EnrolInput:
    twin_ref: str
    photographs: tuple[PhotographRef, ...]

    kind = "enrol"


@dataclass(frozen=True)
class GenerateInput:
    twin_ref: str
    photographs: tuple[PhotographRef, ...]
    scene: str
    format: str
    seed: int
    voucher: str
    purpose: str = "generate"
    brief: str = ""
    art: Art = field(default_factory=Art)
    product: FileRef | None = None

    kind = "generate"


@dataclass(frozen=True)
class JobSpec:
    """One piece of work. `client_ref` is our name for it, by which it is found again."""

    client_ref: str
    webhook_url: str
    input: EnrolInput | GenerateInput

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.input.kind,
            "client_ref": self.client_ref,
            "webhook_url": self.webhook_url,
            "input": asdict(self.input),
        }


@dataclass(frozen=True)
class RemoteHandle:
    """The engine's own id of a job it accepted."""

    id: str


@dataclass(frozen=True)
class RemoteError:
    code: ErrorCode
    message: str
    retryable: bool


@dataclass(frozen=True)
class RemoteOutput:
    """One finished picture, still at the engine. `size` in bytes; nothing here is believed before it was checked."""

    url: str
    sha256: str
    content_type: str
    size: int
    width: int
    height: int


@dataclass(frozen=True)
class RemoteArtefact:
    """What an enrolment or training made, still at the engine. `kind` is weights or measurements, `note` says in words
    what it is; `size` in bytes. Nothing here is believed before it was checked."""

    url: str
    sha256: str
    content_type: str
    size: int
    name: str
    kind: str
    note: str


@dataclass(frozen=True)
class Metrics:
    """What the engine reports about one job; None where it reports nothing."""

    gpu_seconds: float | None
    queue_seconds: float | None
    energy_wh: float | None
    cost: Money


@dataclass(frozen=True)
class RemoteState:
    """The engine's view of one job. `progress` runs from 0 to 1."""

    handle: RemoteHandle
    status: RemoteStatus
    progress: float
    error: RemoteError | None
    outputs: tuple[RemoteOutput, ...]
    artefacts: tuple[RemoteArtefact, ...]
    result: Mapping[str, Any]
    metrics: Metrics


@dataclass(frozen=True)
class WebhookEvent:
    """A notice whose signature was right. `id` is the same when it is delivered again."""

    id: str
    type: str
    handle: RemoteHandle


@dataclass(frozen=True)
class Scene:
    name: str
    title: str
    crops: tuple[str, ...]
    colour: bool
    light: bool
    product: bool
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Capabilities:
    """What an engine can make. `generative` is False where it only composes captured photographs."""

    engine: str
    kinds: tuple[str, ...]
    generative: bool
    idempotent_submit: bool
    signed_webhook: bool
    scenes: tuple[Scene, ...]


class GpuEngine(Protocol):
    """A place where pictures are made. Every method raises only errors of `apps.integrations.gpu.errors`."""

    name: str

    def submit(self, spec: JobSpec, *, idempotency_key: str) -> RemoteHandle:
        """Hand over one job. Raises Unreachable or Busy (nothing was accepted: try again later), SubmitUnknown (it may
        have been accepted: ask find_by_ref), Rejected (it never will be)."""
        ...

    def fetch(self, handle: RemoteHandle) -> RemoteState:
        """Ask how a job stands. Raises Unreachable, UnknownJob."""
        ...

    def cancel(self, handle: RemoteHandle) -> None:
        """Ask for a job to be stopped: a request, not a fact. Raises Unreachable, UnknownJob."""
        ...

    def find_by_ref(self, client_ref: str) -> RemoteHandle | None:
        """The newest job with our name, or None. Raises Unreachable."""
        ...

    def download(self, output: RemoteOutput, *, limit: int) -> bytes:
        """The bytes of a picture, at most `limit` of them. Raises Unreachable, OutputGone, BadAnswer."""
        ...

    def download_artefact(self, artefact: RemoteArtefact, take: Callable[[bytes], object], *, limit: int) -> None:
        """Hand the bytes of an artefact to `take`, piece by piece: weights may be larger than memory.

        Raises what `download` raises; BadAnswer also where the bytes are not those that were announced."""
        ...

    def capabilities(self) -> Capabilities:
        """What it can make. Raises Unreachable."""
        ...

    def parse_webhook(self, headers: Mapping[str, str], raw: bytes) -> WebhookEvent:
        """Read a notice. Raises BadSignature for anything that the engine did not sign in the last five minutes."""
        ...
