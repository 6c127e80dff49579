"""Forgetting a twin: everything that its key encrypts (photographs, what engines made of them, candidates, archives),
the face vectors, and the key itself."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import StaleState
from apps.media import vault
from apps.media.services import delete_all_of
from apps.twins.events import twin_erased
from apps.twins.models import FaceVector, Photograph, Twin, VersionArtefact
from apps.twins.policies import require_herself


@transaction.atomic
def erase(*, by: Actor, twin: Twin) -> None:
    """The talent has her twin forgotten (GDPR art. 17). Exit: retired for good, nothing of it readable.

    Rows of files stay as receipts, with the digests of what was deleted. What brands licensed is not stored under
    the twin's key; withdrawing "publish" ends those. Raises StaleState when it was erased before.
    """
    require_herself(by, twin.talent)
    by.require_step_up()
    open_twin = Twin.objects.filter(pk=twin.pk).exclude(state=Twin.State.RETIRED)
    if not open_twin.update(state=Twin.State.RETIRED, chosen_cover=None, cover_until=None, best_before=None):
        raise StaleState("This twin was already erased.")
    photographs = list(Photograph.objects.filter(capture_set__twin=twin).select_related("file"))
    artefacts = VersionArtefact.objects.filter(version__twin=twin, file__deleted_at=None)
    made = list(artefacts.values_list("file__sha256", flat=True))
    files = delete_all_of(twin.ref)
    vectors, _ = FaceVector.objects.filter(twin=twin).delete()
    vault.destroy(twin.ref)
    twin.refresh_from_db()
    twin_erased.send(sender=Twin, twin=twin, by=by)
    record(
        kind="twin.erased",
        subject=twin.ref,
        by=by.label,
        payload={
            "photographs": [p.file.sha256 for p in photographs],
            "artefacts": made,
            "files": files,
            "face_vectors": vectors,
        },
    )
