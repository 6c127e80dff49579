"""The pictures on the home page: covers of synthetic people only.

The consent *promote* opens a twin to brands on Double, not to the street; a real model's picture never stands here.
"""

from django.db.models import Exists, OuterRef

from apps.consents.models import Consent, Purpose
from apps.portal.pictures import Picture, picture
from apps.twins.models import Twin

SHOWN = 6


def covers() -> list[Picture]:
    promoted = Consent.objects.in_force().filter(talent=OuterRef("talent"), purpose=Purpose.PROMOTE)
    twins = (
        Twin.objects.filter(Exists(promoted), state=Twin.State.LISTED, talent__synthetic=True, cover__isnull=False)
        .select_related("cover")
        .order_by("talent__stage_name")[:SHOWN]
    )
    return [picture(twin.cover) for twin in twins]
