"""The rights calendar: which twin is bound for which category, where and when. Exclusivity is held by the database."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from apps.bookings.models.booking import Booking
from apps.common.models import BaseModel
from apps.twins.models import Twin


class RightsSlot(BaseModel):
    """One category in one territory over one window. An exclusive grant takes all lanes, a plain one its own."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="rights")
    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="rights")
    category = models.CharField(max_length=20)
    territory = models.CharField(max_length=5)
    window = DateRangeField()
    lane = BigIntegerRangeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="rights_exclusivity",
                expressions=[
                    ("twin", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("territory", RangeOperators.EQUAL),
                    ("window", RangeOperators.OVERLAPS),
                    ("lane", RangeOperators.OVERLAPS),
                ],
                condition=Q(released_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} in {self.territory}"
