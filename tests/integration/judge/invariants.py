"""What holds after every act of anybody."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from hypothesis.stateful import invariant

from apps.audit.models import Event
from apps.bookings.calendar import countries_of, wish_of
from apps.bookings.models import (
    Approval,
    Booking,
    Deliverable,
    Licence,
    Placement,
    Review,
    RightsSlot,
    TakedownNotice,
    Wish,
)
from apps.bookings.states import HOLDS_RIGHTS, TERMINAL, State
from apps.common.vocabulary import Category, Exclusivity
from apps.generation.models import Candidate, Voucher
from apps.ledger.auditing import audit
from apps.ledger.services import balance
from apps.payments.models import Charge, Refund
from apps.royalties.models import Royalty
from tests.integration.judge.stage import PAID, Stage

CLOSED = TERMINAL - {State.DELIVERED}
DAY = timedelta(days=1)


class Invariants(Stage):
    checked: object = None

    @invariant()
    def what_always_holds(self) -> None:
        """Looked at again whenever something was done (every act leaves its audit event) or a day is over."""
        mark = Event.objects.values_list("seq", flat=True).first(), self.today
        if mark == self.checked:
            return
        self.checked = mark
        self.look()
        self.nobody_pays_without_an_agreement_that_she_signed()
        self.no_voucher_before_the_payment_and_none_after_the_end()
        self.nothing_is_shown_or_released_that_she_has_not_passed()
        self.no_rights_overlap_an_exclusivity()
        self.no_licence_overlaps_an_exclusivity()
        self.what_is_agreed_or_licensed_is_held_and_nothing_else()
        self.every_licence_stands_on_a_delivery()
        self.no_licence_begins_while_publish_is_withdrawn()
        self.after_a_withdrawal_nothing_runs_longer_than_thirty_days()
        self.no_objection_is_overlooked()
        self.what_was_paid_is_earned_or_goes_back_to_the_cent()
        self.nothing_stands_still()

    # ---- her yes ----

    def nobody_pays_without_an_agreement_that_she_signed(self) -> None:
        """A payment that stays, also in part, and rights that are taken: both said yes to exactly that version."""
        kept = Charge.objects.filter(ref__startswith="booking:").exclude(promised_minor=F("amount_minor"))
        paid = {UUID(ref.removeprefix("booking:")): amount for ref, amount in kept.values_list("ref", "amount_minor")}
        for booking in Booking.objects.filter(Q(state__in=HOLDS_RIGHTS) | Q(pk__in=paid)):
            terms = booking.current_terms
            given = {row.side: row for row in Approval.objects.filter(terms=terms, taken_back_at=None)}
            assert {row.answer for row in given.values()} == {"yes"} and len(given) == 2
            hers = given["talent"].signature
            assert hers.text_sha256 == terms.memo_sha256 and hers.signer == self.world.maya.user.pk
            if booking.state in PAID | {State.DELIVERED} or booking.pk in paid:
                assert Charge.objects.get(ref=booking.ref).amount_minor == terms.total_minor

    def no_voucher_before_the_payment_and_none_after_the_end(self) -> None:
        for voucher in Voucher.objects.filter(revoked_at=None):
            booking = Booking.objects.get(pk=voucher.subject.removeprefix("booking:"))
            assert booking.state in PAID and booking.renews_id is None, f"a voucher while {booking.state}"
        assert not Candidate.objects.filter(job__voucher=None).exists(), "a picture without a voucher"
        for voucher in Voucher.objects.all():
            made = Candidate.objects.filter(job__voucher=voucher).count()
            assert made <= voucher.candidates, "more pictures than the voucher says"

    def nothing_is_shown_or_released_that_she_has_not_passed(self) -> None:
        hers = self.world.maya.user.pk
        shown = Review.objects.filter(Q(selected_at__isnull=False) | Q(deliverables__isnull=False))
        assert not shown.exclude(decision="passed", decided_by=hers).exists()
        assert not Review.objects.filter(decision="passed").exclude(decided_by=hers).exists()
        assert not Review.objects.filter(decision="passed").filter(pins__side="brand", decided_at=None).exists()
        assert not Wish.objects.filter(state="granted").exclude(decided_by=hers).exists()

    # ---- the calendar ----

    def no_rights_overlap_an_exclusivity(self) -> None:
        """Whatever was agreed, moved, renewed or widened; a licence and what renews it are one brand's own."""
        root = families()
        places: dict[tuple[str, str], list[RightsSlot]] = defaultdict(list)
        for slot in RightsSlot.objects.filter(released_at=None):
            places[slot.category, slot.territory].append(slot)
        for slots in places.values():
            for one, other in combinations(slots, 2):
                if root[one.booking_id] == root[other.booking_id] or (_plain(one) and _plain(other)):
                    continue
                assert not (one.window.lower < other.window.upper and other.window.lower < one.window.upper)

    def no_licence_overlaps_an_exclusivity(self) -> None:
        root = families()
        running = list(Licence.objects.filter(state=Licence.State.ACTIVE))
        for one, other in combinations(running, 2):
            if root[one.booking_id] == root[other.booking_id]:
                continue
            if Exclusivity.NONE == one.exclusivity == other.exclusivity or not _categories(one) & _categories(other):
                continue
            if not set(countries_of(one.territories)) & set(countries_of(other.territories)):
                continue
            assert one.last_day < other.starts_on or other.last_day < one.starts_on, f"{one} and {other} overlap"

    def what_is_agreed_or_licensed_is_held_and_nothing_else(self) -> None:
        root = families()
        held: dict[tuple[UUID, str, str], list[RightsSlot]] = defaultdict(list)
        for slot in RightsSlot.objects.filter(released_at=None).select_related("booking"):
            held[root[slot.booking_id], slot.category, slot.territory].append(slot)
            assert slot.booking.state in HOLDS_RIGHTS, f"rights are taken while {slot.booking.state}"
        today = self.today
        for licence in Licence.objects.filter(state=Licence.State.ACTIVE, ends_on__gte=today):
            for category in _categories(licence):
                for country in countries_of(licence.territories):
                    slots = held[root[licence.booking_id], category, country]
                    assert _cover(slots, max(licence.starts_on, today), licence.last_day), f"{licence} is not held"
        for booking in Booking.objects.with_parties().filter(state__in=HOLDS_RIGHTS - {State.DELIVERED}):
            wish = wish_of(booking)
            for category in wish.categories:
                for country in countries_of(wish.territories):
                    assert held[root[booking.pk], category, country], f"{booking} holds nothing in {country}"

    # ---- the licence ----

    def every_licence_stands_on_a_delivery(self) -> None:
        for licence in Licence.objects.exclude(state=Licence.State.PENDING).select_related("booking"):
            assert licence.booking.state == State.DELIVERED, f"a licence of a booking that is {licence.booking.state}"
        assert not Booking.objects.filter(state=State.DELIVERED, licence=None).exists()
        stamped = Deliverable.objects.filter(licence__state=Licence.State.PENDING, downloads__isnull=False)
        assert not stamped.exists(), "a download before delivery"

    def no_licence_begins_while_publish_is_withdrawn(self) -> None:
        """A withdrawal ends what runs in thirty days and starts nothing."""
        for licence in Licence.objects.exclude(state=Licence.State.PENDING).select_related("booking"):
            begun = licence.booking.delivered_at
            assert self.published_at(begun), "a licence that began without her consent to publish"

    def published_at(self, moment: object) -> bool:
        given = self.world.talent.consents.filter(purpose="publish", granted_at__lte=moment)
        return given.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=moment)).exists()

    def after_a_withdrawal_nothing_runs_longer_than_thirty_days(self) -> None:
        last = self.world.talent.consents.filter(purpose="publish").exclude(withdrawn_at=None)
        for withdrawn in last.values_list("withdrawn_at", flat=True):
            before = Licence.objects.exclude(state=Licence.State.PENDING).filter(booking__delivered_at__lt=withdrawn)
            limit = withdrawn.date() + 30 * DAY
            assert not [row for row in before if row.starts_on <= row.last_day and row.last_day > limit]

    def no_objection_is_overlooked(self) -> None:
        """Looked at by the sweep that runs whenever time passes."""
        waiting = TakedownNotice.objects.filter(state=TakedownNotice.State.OPEN, suspended_at=None)
        assert not waiting.filter(due_at__lte=timezone.now() - DAY).exists(), "the 48 hours are over"

    # ---- the money ----

    def the_ledger_is_balanced(self) -> None:
        """At the end of a run: no posting that does not balance can be written at all."""
        found = audit()
        assert found.balanced and not found.differences, found.differences

    def what_was_paid_is_earned_or_goes_back_to_the_cent(self) -> None:
        """held:<booking> holds nothing for nobody once a booking is closed: shares + refunds + VAT of both = paid."""
        refunds = list(Refund.objects.select_related("charge"))
        for charge in Charge.objects.all():
            back = [row for row in refunds if row.charge_id == charge.pk]
            held = -balance(f"held:{charge.ref}", charge.currency)
            unsent = sum(row.held_minor for row in back if row.state == Refund.State.ASKED)
            assert sum(row.amount_minor for row in back) == charge.promised_minor <= charge.amount_minor
            if self.is_closed(charge):
                assert held == unsent, f"{held - unsent} cents are held for nobody"
                shares = sum(row.earned_minor for row in Royalty.objects.filter(charge_ref=charge.ref))
                taken_back = sum(row.held_minor for row in back if "publish was withdrawn" in row.reason)
                returned = sum(row.held_minor for row in back)
                assert shares + returned - taken_back == charge.held_minor, "not everything is anybody's"
            else:
                assert held == charge.held_minor, "somebody earned before delivery or closing"

    def is_closed(self, charge: Charge) -> bool:
        if charge.ref.startswith("placement:"):
            return Placement.objects.filter(pk=charge.ref.removeprefix("placement:"), paid_at__isnull=False).exists()
        return Booking.objects.filter(pk=charge.ref.removeprefix("booking:"), state__in=TERMINAL).exists()

    # ---- no dead end ----

    def nothing_stands_still(self) -> None:
        """Every state that is not closed has a way out: by somebody, by the clock, or by work that is under way."""
        for booking in Booking.objects.exclude(state__in=TERMINAL):
            clock = booking.deadline_at is not None
            somebody = booking.state == State.DRAFT or booking.state in PAID - {State.ON_HOLD}  # the brand may leave
            assert clock or somebody, f"nobody and nothing ends {booking.state}"
        closed = Booking.objects.filter(state__in=CLOSED)
        assert not Licence.objects.filter(booking__in=closed, state=Licence.State.ACTIVE).exists()


def families() -> dict[UUID, UUID]:
    """Each booking's first one: a renewal belongs to what it renews."""
    before = dict(Booking.objects.values_list("pk", "renews__booking"))

    def first(pk: UUID) -> UUID:
        while before[pk]:
            pk = before[pk]
        return pk

    return {pk: first(pk) for pk in before}


def _plain(slot: RightsSlot) -> bool:
    return slot.lane.upper is not None


def _categories(licence: Licence) -> set[str]:
    return set(Category.values) if licence.exclusivity == Exclusivity.FULL else {licence.category}


def _cover(slots: Iterable[RightsSlot], first: date, last: date) -> bool:
    """Whether these windows together leave no day of it free."""
    day = first
    for slot in sorted(slots, key=lambda slot: slot.window.lower):
        if slot.window.lower <= day:
            day = max(day, slot.window.upper)
    return day > last
