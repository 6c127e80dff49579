"""The pictures on the home page: of synthetic people only, delivered ones between covers.

The consent *promote* opens a twin to brands on Double, not to the street; a real model's picture never stands here.
"""

from itertools import chain, zip_longest

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.bookings.models import Licence
from apps.consents.models import Consent, Purpose
from apps.portal.licences import first_file, first_picture
from apps.portal.pictures import Picture, picture
from apps.twins.models import Twin

SHOWN = 6
DELIVERED = 3


def covers() -> list[Picture]:
    """Up to six pictures. Three queries."""
    twins = _promoted_twins()
    licences = (
        Licence.objects.filter(state=Licence.State.ACTIVE, twin__in=[twin.pk for twin in twins])
        .prefetch_related(first_picture())
        .order_by("-created_at")[:DELIVERED]
    )
    made = [picture(first_file(licence)) for licence in licences]
    portraits = [picture(twin.cover) for twin in twins]
    mixed = chain.from_iterable(zip_longest(made, portraits))
    return [found for found in mixed if found and found.src][:SHOWN]


def _promoted_twins() -> list[Twin]:
    promoted = Consent.objects.in_force().filter(talent=OuterRef("talent"), purpose=Purpose.PROMOTE)
    twins = Twin.objects.filter(
        Exists(promoted), state=Twin.State.LISTED, talent__synthetic=True, cover_until__gt=timezone.now()
    )
    return list(twins.select_related("chosen_cover").order_by("talent__stage_name"))
