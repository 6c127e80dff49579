"""`python -m tests.benchmarks.pages`: the server time of every page, as everybody, on the running demonstration.

Each time is the best of some, beside the floor of the same run: a file that the same server hands out without a view.
"""

import itertools
import os
import sys
import time

import django
import httpx

from tests.screenshots import site

FLOOR = "/static/img/favicon.svg"
TIMES = 4  # the first one fills caches
LIMIT = 0.2  # seconds, the design's
SHOWN = 25


def signed_in(address: str, account: str) -> httpx.Client:
    client = httpx.Client(base_url=address, timeout=30)
    if account:
        client.get("/")
        token = client.cookies["csrftoken"]
        data = {"account": account, "csrfmiddlewaretoken": token}
        client.post("/demonstration/enter/", data=data, headers={"Referer": address})
    return client


def seconds(client: httpx.Client, path: str) -> float:
    spent = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        client.get(path)
        spent.append(time.perf_counter() - begin)
    return min(spent)


def main() -> int:
    """Exit code 1 when a page takes longer than the design allows."""
    with site.running() as address:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        django.setup()
        from tests.screenshots import plan

        rows = []
        floor = seconds(signed_in(address, ""), FLOOR)
        ordered = sorted(plan.shots(), key=lambda shot: shot.account)
        for account, shots in itertools.groupby(ordered, key=lambda shot: shot.account):
            client = signed_in(address, account)
            rows += [(seconds(client, shot.path), shot) for shot in shots]
    rows.sort(key=lambda row: -row[0])
    print(f"{len(rows)} pages; the floor is {floor * 1e3:.1f} ms. The slowest:")
    for spent, shot in rows[:SHOWN]:
        print(f"  {spent * 1e3:6.0f} ms  {spent / floor:6.0f} ×  {shot.role:9} {shot.account:15} {shot.path}")
    print(f"half of them take at most {rows[len(rows) // 2][0] * 1e3:.0f} ms")
    return 1 if rows[0][0] > LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
