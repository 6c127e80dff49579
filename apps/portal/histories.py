"""What happened between a model and her agency, read from the audit chain: that it happened and when, never its words.

Only kinds that stand here are told; a new kind of event is silent until somebody decides that an agency may know it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apps.audit.models import Event
from apps.common.refs import ref
from apps.consents.models import Consent
from apps.talent.models import Mandate, MandateProposal, Talent
from apps.twins.models import Twin

LATEST = 40
OF_HER = {
    "talent.joined": "Joined Double",
    "talent.profile_saved": "Changed her profile",
    "talent.boundaries_set": "Changed her rules",
    "commitment.entered": "An exclusivity elsewhere was entered",
    "commitment.removed": "An exclusivity elsewhere was removed",
}
OF_HER_TWIN = {
    "twin.created": "Her twin was begun",
    "twin.version_ready": "A test sheet waited for her",
    "twin.version_rejected": "Rejected a version of her twin",
    "twin.paused": "Paused her twin",
    "twin.resumed": "Let her twin work again",
    "twin.erased": "Had her twin erased",
}
OF_A_MANDATE = {
    "mandate.proposed": "A mandate was proposed to her",
    "mandate.taken_back": "A proposal was taken back",
    "mandate.signed": "Signed the mandate",
    "mandate.refused": "Said no to a proposal",
    "mandate.twins_signed": "Signed that it covers her twin",
    "mandate.twins_refused": "Said no to covering her twin",
    "mandate.ended": "The mandate was ended",
}


@dataclass(frozen=True)
class Told:
    at: datetime
    words: str


def history_with(
    talent: Talent, *, twin: Twin | None, mandates: Iterable[Mandate], proposals: Iterable[MandateProposal],
    consents: Iterable[Consent],
) -> list[Told]:  # fmt: skip
    """The latest, newest first. One query. `mandates` and `proposals` are those of the agency that reads."""
    words = {(talent.party, kind): text for kind, text in OF_HER.items()}
    if twin:
        words |= {(twin.ref, kind): text for kind, text in OF_HER_TWIN.items()}
    subjects = [ref("mandate", row.pk) for row in mandates] + [ref("proposal", row.pk) for row in proposals]
    words |= {(subject, kind): text for subject in subjects for kind, text in OF_A_MANDATE.items()}
    for consent in consents:
        words[ref("signature", consent.signature_id), "signature.made"] = f"Consented to {consent.purpose}"
        words[ref("consent", consent.pk), "consent.withdrawn"] = f"Took her consent to {consent.purpose} back"
    events = Event.objects.filter(
        subject__in={subject for subject, _ in words}, kind__in={kind for _, kind in words}
    ).order_by("-seq")
    found = events.values_list("subject", "kind", "recorded_at")[:LATEST]
    return [
        Told(datetime.fromisoformat(at), words[subject, kind])
        for subject, kind, at in found
        if (subject, kind) in words
    ]
