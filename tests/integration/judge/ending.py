"""Nobody ever acts again: time and the workers close everything, and every licence ends."""

import sys

from django.db import transaction

from apps.bookings.models import Booking, Licence, RightsSlot, TakedownNotice, Transition
from apps.bookings.states import TERMINAL, State
from apps.generation.models import Job, Voucher
from tests.integration.judge.invariants import Invariants
from tests.integration.judge.making import Making
from tests.integration.judge.stage import SEEN

OVER = {Licence.State.EXPIRED, Licence.State.RENEWED, Licence.State.REVOKED}


class Ending(Making, Invariants):
    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:  # else something is wrong already, and that is what is to be read
                SEEN.update(Transition.objects.values_list("action", flat=True))
                self.everything_comes_to_an_end()
        finally:
            self.time.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.open.__exit__(None, None, None)

    def everything_comes_to_an_end(self) -> None:
        for _ in range(5):
            self.workers_go_on()
            self.wait(days=8)
            self.sweeps()
        left = Booking.objects.exclude(state__in=TERMINAL).values_list("state", flat=True)
        assert not left, f"nothing ends {list(left)}"
        assert not Voucher.objects.filter(revoked_at=None).exists()
        self.every_licence_ends()
        self.what_was_paid_is_earned_or_goes_back_to_the_cent()
        self.the_ledger_is_balanced()

    def workers_go_on(self) -> None:
        """The engine brings what it may, the release goes on."""
        self.the_workers_work()
        for job in Job.objects.open().order_by("created_at"):
            self.comes(job)

    def every_licence_ends(self) -> None:
        self.wait(days=4 * 366)
        for _ in range(2):
            self.sweeps()
        delivered = Licence.objects.filter(booking__state=State.DELIVERED)
        assert set(delivered.values_list("state", flat=True)) <= OVER, "a licence that never ends"
        assert not Licence.objects.exclude(booking__state=State.DELIVERED).exclude(state="pending").exists()
        today = self.today
        later = RightsSlot.objects.filter(released_at=None, window__contains=today)
        assert not later.exists(), "rights are held for a licence that is over"
        waiting = TakedownNotice.objects.filter(state=TakedownNotice.State.OPEN, suspended_at=None)
        assert not waiting.exists(), "an objection that nobody decides closes the downloads"
