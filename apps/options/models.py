"""Options on a twin, and where they are granted without asking."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from apps.bookings.models import Booking
from apps.common.models import BaseModel
from apps.common.refs import ref
from apps.common.territories import COUNTRIES, WORLD, describe
from apps.common.vocabulary import Category, Window
from apps.options.querysets import OptionQuerySet
from apps.options.states import OPEN, State
from apps.organizations.models import Organization
from apps.talent.models import Talent
from apps.twins.models import Twin

IS_OPEN = Q(state__in=[state.value for state in OPEN])


class Option(BaseModel):
    """A brand's place in the queue for one category × territory × window of a twin, without a price and without a hold:
    options and submissions do not exclude one another. `state` is written only by options.machine.perform.

    `territories` is always opened into countries, so that the database compares two of them by itself. `agency` decides
    about it, frozen when it is asked; none: the model does.
    """

    state = models.CharField(max_length=12, choices=State.choices, default=State.ASKED)
    brand = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="options")
    twin = models.ForeignKey(Twin, on_delete=models.CASCADE, related_name="options")
    agency = models.ForeignKey(Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, choices=Category.choices)
    territories = ArrayField(models.CharField(max_length=5))
    window = DateRangeField()
    window_months = models.PositiveSmallIntegerField(choices=Window.choices)
    granted_at = models.DateTimeField(null=True, blank=True, help_text="earlier is the better rank")
    expires_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True, help_text="once")
    challenger = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="challenges")
    challenged_until = models.DateTimeField(null=True, blank=True)
    booking = models.ForeignKey(Booking, null=True, blank=True, on_delete=models.SET_NULL, related_name="options")

    objects = OptionQuerySet.as_manager()

    class Meta:
        ordering = ["granted_at", "created_at"]
        indexes = [
            models.Index(fields=["twin", "state"]),
            models.Index(fields=["brand", "state"]),
            models.Index(fields=["agency", "state"]),
            models.Index(fields=["state", "expires_at"]),
            models.Index(
                fields=["brand", "-granted_at", "-created_at", "id"], condition=IS_OPEN, name="option_open_of_brand"
            ),
            models.Index(
                fields=["agency", "-granted_at", "-created_at", "id"], condition=IS_OPEN, name="option_open_of_agency"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="option_known_state"),
            models.CheckConstraint(condition=Q(window__isempty=False), name="option_has_days"),
            models.CheckConstraint(condition=Q(territories__len__gt=0), name="option_is_somewhere"),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "challenged"]) | Q(granted_at__isnull=False),
                name="option_held_has_a_rank",
            ),
            models.CheckConstraint(
                condition=~Q(state="challenged") | Q(challenged_until__isnull=False), name="option_challenge_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} on {self.twin}: {self.get_state_display()}"

    @property
    def ref(self) -> str:
        return ref("option", self.pk)

    @property
    def decider(self) -> str:
        """The party that grants or refuses it."""
        return self.agency.party if self.agency else self.twin.talent.party

    @property
    def first_day(self) -> date:
        return self.window.lower

    @property
    def last_day(self) -> date:
        return self.window.upper - timedelta(days=1)

    @property
    def named_territories(self) -> list[str]:
        """As people chose them: worldwide instead of every country."""
        return [WORLD] if set(self.territories) >= COUNTRIES else self.territories

    @property
    def where(self) -> str:
        return describe(self.named_territories)


class GrantRule(BaseModel):
    """This party grants every option on this model at once. It may still look at them, and a booking still asks."""

    talent = models.ForeignKey(Talent, on_delete=models.CASCADE, related_name="grant_rules")
    party = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["talent", "party"], name="grant_rule_once")]

    def __str__(self) -> str:
        return f"Options on {self.talent} are granted at once"
