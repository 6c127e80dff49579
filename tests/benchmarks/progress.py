"""`python -m tests.benchmarks.progress`: how long nothing moves on a brand's page while its pictures are being made.

Plays a booking on the running demonstration up to the payment, then reads the moving part of the page as often as the
page itself does. Beside it the floor of the same run: one answer of that page.
"""

import os
import re
import sys
import time
from collections.abc import Callable

import django
import httpx

from tests.benchmarks.pages import signed_in
from tests.screenshots import site

BRAND, TWIN = "halden-rye", "maya-okafor"
LOOKS, PICTURES = 2, 6
LONGEST_STILL = 5.0  # seconds, the design's
FIRST_PICTURE = 10.0  # seconds from the payment on two cores, the design's
ASKED_EVERY = 1.0  # seconds
PATIENCE = 180  # seconds
SHOWN = re.compile(r'<section id="moving".*?<details', re.DOTALL)


def still_times(read: Callable[[], str], over: Callable[[], bool]) -> list[float]:
    """Seconds between one change of what is shown and the next, until it is over."""
    times, shown, since = [], read(), time.monotonic()
    end = since + PATIENCE
    while not over() and time.monotonic() < end:
        time.sleep(ASKED_EVERY)
        now = read()
        if now != shown:
            times.append(time.monotonic() - since)
            shown, since = now, time.monotonic()
    return times


def moving_part(client: httpx.Client, path: str) -> str:
    answer = client.get(path)
    answer.raise_for_status()
    found = SHOWN.search(answer.text)
    if not found:
        raise ValueError("the page has no moving part")
    return found[0]


def main() -> int:
    """Exit code 1 when the page stands still, or the first picture takes, longer than the design allows."""
    with site.running() as address:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        django.setup()
        from apps.bookings.models import Review
        from apps.demonstration.booking import Plan, agree, pay
        from apps.organizations.models import Organization
        from apps.twins.models import Twin

        plan = Plan(
            brand=Organization.objects.get(slug=BRAND), twin=Twin.objects.get(talent__slug=TWIN), looks=LOOKS,
            pictures=PICTURES, title="Measured", say=lambda _: None,
        )  # fmt: skip
        booking = agree(plan)
        client = signed_in(address, BRAND)
        path = f"/bookings/{booking.pk}/progress/"
        pay(plan, booking)
        paid = time.monotonic()
        reviews = Review.objects.filter(booking=booking)
        first: list[float] = []

        def all_there() -> bool:
            there = reviews.count()
            if there and not first:
                first.append(time.monotonic() - paid)
            return there >= PICTURES

        times = still_times(lambda: moving_part(client, path), all_there)
        begin = time.perf_counter()
        moving_part(client, path)
        floor = time.perf_counter() - begin
    print(f"{len(times)} changes in {sum(times):.1f} s; one answer takes {floor * 1e3:.0f} ms")
    print(f"longest without a change: {max(times):.1f} s, {max(times) / floor:.0f} ×, at most {LONGEST_STILL} s")
    print(f"first picture after {first[0]:.1f} s, {first[0] / floor:.0f} ×, at most {FIRST_PICTURE} s")
    return 1 if max(times) > LONGEST_STILL or first[0] > FIRST_PICTURE else 0


if __name__ == "__main__":
    sys.exit(main())
