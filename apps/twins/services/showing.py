"""What others see of a twin before they book it: the cover that she picked, while she agrees to be shown."""

from django.db import transaction

from apps.accounts.actor import Actor
from apps.audit.services import record
from apps.common.errors import InvalidInput, Refused
from apps.consents.models import Consent, Purpose
from apps.media.models import StoredFile
from apps.talent.models import Talent
from apps.twins.models import Twin
from apps.twins.policies import require_herself


@transaction.atomic
def set_cover(*, by: Actor, twin: Twin, file: StoredFile) -> None:
    """Show this picture wherever the twin is shown, until her consent to promote ends.

    Raises Refused without that consent or for an erased twin, InvalidInput for a picture that is not of this twin.
    """
    require_herself(by, twin.talent)
    consent = Consent.objects.in_force().filter(talent=twin.talent, purpose=Purpose.PROMOTE).first()
    if consent is None:
        raise Refused("Sign the consent to promote first: without it no picture of your twin is shown.")
    if file.twin_ref != twin.ref or file.deleted_at:
        raise InvalidInput("This is not a picture of your twin.")
    listed = Twin.objects.filter(pk=twin.pk).exclude(state=Twin.State.RETIRED)
    if not listed.update(chosen_cover=file, cover_until=consent.ends_at):
        raise Refused("This twin was erased.")
    twin.refresh_from_db(fields=["chosen_cover", "cover_until"])
    record(kind="twin.cover_chosen", subject=twin.ref, by=by.label, payload={"picture": file.sha256})


@transaction.atomic
def remove_cover(*, by: Actor, twin: Twin) -> None:
    """She wants no cover: her name stands alone. Removing it twice changes nothing."""
    require_herself(by, twin.talent)
    if take_cover_away(talent=twin.talent):
        record(kind="twin.cover_removed", subject=twin.ref, by=by.label, payload={})
    twin.refresh_from_db(fields=["chosen_cover", "cover_until"])


def take_cover_away(*, talent: Talent) -> int:
    """From the commit on no page shows a cover of her twin; she picks one again after a new consent."""
    shown = Twin.objects.filter(talent=talent, chosen_cover__isnull=False)
    return shown.update(chosen_cover=None, cover_until=None)
