"""What of the bookings somebody may see: scope first, then fetch."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, Q

from apps.accounts.actor import Actor
from apps.bookings.states import State
from apps.common.refs import parse_ref

if TYPE_CHECKING:
    from apps.bookings.models import Booking, LabelChoice, Licence, TakedownNotice  # noqa: F401  named in the quoted types below


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, actor: Actor | None) -> "BookingQuerySet":
        """A brand sees its own; agency, mother agency and model see what was ever submitted to them."""
        if actor is None:
            return self.none()
        if actor.kind == "brand":
            return self.filter(brand_id=parse_ref(actor.party, "org"))
        submitted = self.filter(submitted_at__isnull=False)
        if actor.kind == "agency":
            agency = parse_ref(actor.party, "org")
            return submitted.filter(Q(agency_id=agency) | Q(mother_agency_id=agency))
        if actor.kind == "talent":
            return submitted.filter(twin__talent_id=parse_ref(actor.party, "talent"))
        return self.all() if actor.kind == "staff" else self.none()

    def with_parties(self) -> "BookingQuerySet":
        return self.select_related(
            "brand", "agency", "mother_agency", "twin__talent", "twin__chosen_cover", "renews"
        ).prefetch_related("looks")

    def waiting_for_answer_of(self, actor: Actor) -> "BookingQuerySet":
        """What waits for this model or agency, most urgent first: requests it has not answered yet, versions that it is
        to write or, for the model, to sign."""
        answered = self.filter(
            terms__version=F("version"),
            terms__approvals__party=actor.party,
            terms__approvals__taken_back_at__isnull=True,
        ).values("pk")
        mine = Q(state=State.SUBMITTED) & ~Q(pk__in=answered) | self._proposing(actor)
        if actor.kind == "agency":
            mine &= Q(agency_id=parse_ref(actor.party, "org"))  # a mother agency is informed and has no vote
        return self.visible_to(actor).filter(mine).order_by("deadline_at")

    def _proposing(self, actor: Actor) -> Q:
        """Conditions were set: the agency writes the version, the model signs it, or does both where none does."""
        proposed = self.filter(state=State.PROPOSING, terms__version__gt=F("version"), terms__withdrawn_at=None)
        signed = proposed.filter(
            terms__approvals__side="talent",
            terms__approvals__taken_back_at=None,
            terms__approvals__terms__version__gt=F("version"),
        )
        refused = self.filter(
            state=State.PROPOSING,
            terms__version=F("version"),
            terms__approvals__answer="no",
            terms__approvals__taken_back_at=None,
        )
        unwritten = ~Q(pk__in=proposed.values("pk")) & ~Q(pk__in=refused.values("pk"))
        if actor.kind == "talent":
            to_sign = Q(pk__in=proposed.values("pk")) & ~Q(pk__in=signed.values("pk"))
            return Q(state=State.PROPOSING) & (to_sign | Q(agency=None) & unwritten)
        return Q(state=State.PROPOSING) & unwritten


class LicenceQuerySet(models.QuerySet["Licence"]):
    def visible_to(self, actor: Actor | None) -> "LicenceQuerySet":
        if actor is None:
            return self.none()
        if actor.kind == "brand":
            return self.filter(brand_id=parse_ref(actor.party, "org"))
        if actor.kind == "agency":
            return self.filter(booking__agency_id=parse_ref(actor.party, "org"))
        if actor.kind == "talent":
            return self.filter(twin__talent_id=parse_ref(actor.party, "talent"))
        return self.all() if actor.kind == "staff" else self.none()


class TakedownQuerySet(models.QuerySet["TakedownNotice"]):
    def suspending(self) -> "TakedownQuerySet":
        """Notices that keep the downloads of their licence closed: suspended and not refused since."""
        return self.filter(suspended_at__isnull=False).exclude(state="refused")


class LabelChoiceQuerySet(models.QuerySet["LabelChoice"]):
    def without_files(self) -> "LabelChoiceQuerySet":
        """Chosen for a running licence, and it has fewer files in this label than in the one that it began with."""
        files = Count("licence__deliverables__review", distinct=True)
        made = Count("licence__deliverables__review", filter=Q(licence__deliverables__label=F("label")), distinct=True)
        return self.filter(licence__state="active").alias(files=files, made=made).filter(made__lt=F("files"))
