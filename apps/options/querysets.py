"""What of the options somebody may see, and their ranks: scope first, then fetch."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from apps.accounts.actor import Actor
from apps.common.refs import parse_ref
from apps.options.states import LIVE, OPEN

if TYPE_CHECKING:
    from apps.options.models import Option


class OptionQuerySet(models.QuerySet["Option"]):
    def visible_to(self, actor: Actor | None) -> "OptionQuerySet":
        """A brand its own, an agency those it decides about, a model all on her twin; nobody else any."""
        if actor is None:
            return self.none()
        if actor.kind == "brand":
            return self.filter(brand_id=parse_ref(actor.party, "org"))
        if actor.kind == "agency":
            return self.filter(agency_id=parse_ref(actor.party, "org"))
        if actor.kind == "talent":
            return self.filter(twin__talent_id=parse_ref(actor.party, "talent"))
        return self.all() if actor.kind == "staff" else self.none()

    def live(self) -> "OptionQuerySet":
        return self.filter(state__in=LIVE)

    def open(self) -> "OptionQuerySet":
        return self.filter(state__in=OPEN)

    def meeting(self, other: "Option") -> "OptionQuerySet":
        """Those on the same category × territory × window of the same twin."""
        return self.filter(
            twin=other.twin_id,
            category=other.category,
            window__overlap=other.window,
            territories__overlap=other.territories,
        ).exclude(pk=other.pk)

    def before(self, other: "Option") -> "OptionQuerySet":
        """Those that were granted earlier."""
        same_moment = Q(granted_at=other.granted_at, pk__lt=other.pk)
        return self.filter(Q(granted_at__lt=other.granted_at) | same_moment)

    def ranked(self) -> "OptionQuerySet":
        """Each with its `rank`, counted by the database in the same query. The rule itself is `ranks.rank`."""
        ahead = (
            self.model.objects.live()
            .filter(
                Q(granted_at__lt=OuterRef("granted_at")) | Q(granted_at=OuterRef("granted_at"), pk__lt=OuterRef("pk")),
                twin=OuterRef("twin"),
                category=OuterRef("category"),
                window__overlap=OuterRef("window"),
                territories__overlap=OuterRef("territories"),
            )
            .order_by()
            .values("twin")
            .annotate(n=Count("pk"))
            .values("n")
        )
        return self.annotate(rank=Coalesce(Subquery(ahead), Value(0)) + 1)

    def with_parties(self) -> "OptionQuerySet":
        return self.select_related("brand", "agency", "twin__talent__user", "challenger__brand")

    def newest_first(self) -> "OptionQuerySet":
        return self.order_by(F("granted_at").desc(nulls_first=True), "-created_at", "pk")
