"""The judge of issue 5: anybody does anything to several bookings of one twin, and what must never be, never is.

`stage` holds the people, the clock and how an act is tried; `asking`, `making` and `licences` are the acts from the
request to the end of a licence; `invariants` is what holds after every one of them; `ending` lets time pass until all
is over. The whole machine is put together in tests/integration/test_booking_judge.py.
"""
