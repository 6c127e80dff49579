"""What an engine made of a version's photographs: kept with the version, gone with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.media.services import Incoming, delete
from apps.twins.models import TwinVersion, VersionArtefact


@dataclass(frozen=True)
class Handed:
    """One artefact as it came from the engine: its bytes wait, sealed, to be kept."""

    incoming: Incoming
    kind: str
    name: str
    note: str


def keep_artefacts(*, version: TwinVersion, handed: Iterable[Handed]) -> list[str]:
    """In the caller's transaction. Answers the SHA-256 digests."""
    kept = [
        VersionArtefact.objects.create(
            version=version, file=one.incoming.keep(), kind=one.kind, name=one.name, note=one.note
        )
        for one in handed
    ]
    return [artefact.file.sha256 for artefact in kept]


def forget_artefacts(*, version: TwinVersion) -> list[str]:
    """The version came to nothing or was rejected: nothing that was made of it stays. The rows stay as receipts."""
    gone = list(version.artefacts.filter(file__deleted_at=None).select_related("file"))
    for artefact in gone:
        delete(artefact.file)
    return [artefact.file.sha256 for artefact in gone]
