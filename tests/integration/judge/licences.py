"""After delivery: label before download, placements and over-use, renewal and extension, objections, the end."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from apps.bookings.models import Deliverable, LabelChoice, Licence, Placement, TakedownNotice
from apps.bookings.services import delivery, labelling, objecting, placing, renewing
from apps.bookings.services.placing import price_of
from apps.consents.models import Purpose
from apps.consents.services import has
from apps.pricing.quote import Quote
from tests.integration.judge.asking import MOST_BOOKINGS
from tests.integration.judge.stage import MARKED, SEEN, Stage, brand, charged, there_is, whoever

MOST_RENEWALS = 3
there_is_one = there_is("licences")


class Licences(Stage):
    # ---- label, download ----

    @there_is_one
    @rule(data=st.data(), who=brand, territory=st.sampled_from(["DE", "DE", "FR", "US"]),
          channel=st.sampled_from(["ecommerce", "ecommerce", "ecommerce", "tv"]))  # fmt: skip
    def choose_a_label(self, data: st.DataObject, who: str, territory: str, channel: str) -> None:
        if licence := self.any_licence(data):
            who = self.who(who, licence.booking)
            done = self.did(
                "label",
                lambda: labelling.choose_label(by=self.by(who), licence=licence, territory=territory, channel=channel),
            )
            assert not done or (self.is_of(who, licence.booking) and channel in licence.media), MARKED
            for choice in LabelChoice.objects.without_files():
                labelling.make_labelled(choice_id=choice.pk)

    @there_is_one
    @rule(data=st.data(), who=brand, labelled=st.sampled_from([True, True, False]))
    def download(self, data: st.DataObject, who: str, labelled: bool) -> None:
        """Mostly one whose label was chosen, sometimes any."""
        rows = Deliverable.objects.select_related(
            "licence__booking__brand", "licence__twin__talent", "review__look", "file"
        )
        if labelled:
            rows = rows.filter(licence__label_choices__label=F("label")).distinct()
        if not (found := list(rows.order_by("created_at"))):
            return
        row = data.draw(st.sampled_from(found))
        who = self.who(who, row.licence.booking)
        if self.did("download", lambda: delivery.hand_over(by=self.by(who), deliverable=row, address="")):
            self.a_download_was_allowed(who, row)

    def a_download_was_allowed(self, who: str, row: Deliverable) -> None:
        licence = Licence.objects.get(pk=row.licence_id)
        assert self.is_of(who, licence.booking), MARKED
        assert licence.state == Licence.State.ACTIVE, f"a download of a licence that is {licence.state}"
        assert licence.starts_on <= self.today <= licence.last_day, "a download outside the licence's days"
        assert licence.cut_on is None or self.today <= licence.cut_on, "a download after her thirty days' notice"
        assert licence.label_choices.filter(label=row.label).exists(), "a download before its label was chosen"
        closed = licence.takedowns.exclude(suspended_at=None).exclude(state=TakedownNotice.State.REFUSED)
        assert not closed.exists(), "a download while somebody's objection keeps it closed"

    # ---- where it ran ----

    @there_is_one
    @rule(data=st.data(), who=brand, medium=st.sampled_from(["ecommerce", "ecommerce", "tv"]),
          territory=st.sampled_from(["DE", "US"]), ago=st.sampled_from([0, 5]),
          lasts=st.sampled_from([None, 10, 700]))  # fmt: skip
    def place(self, data: st.DataObject, who: str, **where: Any) -> None:
        if licence := self.any_licence(data):
            who = self.who(who, licence.booking)
            first = self.today - timedelta(days=where["ago"])
            done = self.did(
                "place",
                lambda: placing.log_placement(
                    by=self.by(who), licence=licence, medium=where["medium"], territories=[where["territory"]],
                    first_on=first, last_on=where["lasts"] and first + timedelta(days=where["lasts"]), where="A wall",
                ),
            )  # fmt: skip
            assert not done or self.is_of(who, licence.booking), MARKED

    @there_is("over-use")
    @rule()
    def over_use_is_paid(self) -> None:
        for row in Placement.objects.exclude(price=None).filter(paid_at=None).select_related("licence__booking__brand"):
            price = price_of(row)
            charge = charged(
                row.ref, row.licence.booking, net=price.net_minor, vat=price.vat_minor, currency=price.currency
            )
            placing.settle_over_use(placement=row, charge=charge)
            SEEN["over-use"] += 1
            if row.licence.booking.renews_id is None:
                paid = Quote.from_json(row.licence.booking.current_terms.quote).usage_minor
                assert abs(price.usage_minor - 2 * paid) <= 1, "over-use costs twice the usage fee, rounded once"

    @there_is("to state")
    @rule(data=st.data(), who=brand)
    def state_that_it_is_down(self, data: st.DataObject, who: str) -> None:
        if rows := list(Placement.objects.select_related("licence__booking__brand").order_by("created_at")):
            row = data.draw(st.sampled_from(rows))
            who = self.who(who, row.licence.booking)
            done = self.did(
                "taken down",
                lambda: placing.state_take_down(
                    by=self.by(who), placement=row, taken_down_on=self.today, taken_down_by="Paul"
                ),
            )
            assert not done or self.is_of(who, row.licence.booking), MARKED

    # ---- going on, widening, objecting ----

    @precondition(lambda self: 0 < self.stand["licences"] < MOST_BOOKINGS + MOST_RENEWALS)
    @rule(data=st.data(), who=brand, wider=st.sampled_from([None, None, ["DE", "FR"], ["DE", "FR", "SE"]]))
    def renew_or_widen(self, data: st.DataObject, who: str, wider: list[str] | None) -> None:
        licence = self.any_licence(data)
        if licence is None:
            return
        who = self.who(who, licence.booking)
        if wider is None:
            done = self.did("ask renewal", lambda: renewing.ask_renewal(by=self.by(who), licence=licence))
        else:
            asked: dict[str, Any] = {"media": ["ecommerce", "own"], "territories": wider, "window_months": 12}
            done = self.did(
                "ask extension", lambda: renewing.ask_extension(by=self.by(who), licence=licence, **asked)
            )  # fmt: skip
        assert not done or self.is_of(who, licence.booking), MARKED
        assert not done or has(self.world.talent, Purpose.PUBLISH), "a renewal while publish is withdrawn"

    @there_is_one
    @rule(data=st.data(), surely=st.integers(0, 2))
    def somebody_objects(self, data: st.DataObject, surely: int) -> None:
        licence = self.any_licence(data)
        if licence and not surely:
            asked = {"name": "Ada", "email": "ada@tests.example", "words": "That is me"}
            self.did("object", lambda: objecting.object_to(licence=licence, **asked))

    @there_is("notices")
    @rule(data=st.data(), who=st.one_of(st.just("staff"), whoever), upheld=st.sampled_from([False, False, True, None]))
    def staff_look_at_it(self, data: st.DataObject, who: str, upheld: bool | None) -> None:
        """Closes the downloads while one looks (None), or decides."""
        notice = data.draw(st.sampled_from(list(TakedownNotice.objects.order_by("created_at"))))
        user = self.people[who].user
        act = (
            (lambda: objecting.suspend(by=user, notice=notice))
            if upheld is None
            else lambda: objecting.decide(by=user, notice=notice, upheld=upheld, reason="Looked at")
        )
        done = self.did("decide notice", act)
        assert not done or who == "staff", MARKED
