"""`python -m tests.screenshots [words]`: photographs all pages, or those whose page, role or label has the words."""

import os
import shutil
import sys
import time

import django

from config.runtime import VAR_DIR
from tests.screenshots import site

FOLDER = VAR_DIR / "screenshots"
TOLD_EVERY = 5  # seconds


def main(words: list[str]) -> int:
    """Exit code 1 when a page did not answer as it should."""
    with site.running() as address:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
        django.setup()
        from tests.screenshots import camera, plan, wall

        shots = [s for s in plan.shots() if all(w in f"{s.page} {s.role} {s.account} {s.label}".lower() for w in words)]
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        print(f"{len(shots)} pages, each in 2 sizes and 2 colour schemes, from {address} …", flush=True)
        begin = told = time.monotonic()
        taken = []
        for one in camera.photograph(shots, site=address, folder=FOLDER):
            taken.append(one)
            for complaint in one.complaints:
                print(f"  {one.shot.role} {one.shot.account}: {one.shot.path} at {one.width} {complaint}", flush=True)
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                print(f"  {len(taken) * 2} of {len(shots) * 4} pictures", flush=True)
        index = wall.write(taken, FOLDER)
    print(f"{sum(len(one.files) for one in taken)} pictures in {time.monotonic() - begin:.0f} s: {index}")
    return 1 if any(one.complaints for one in taken) else 0


if __name__ == "__main__":
    sys.exit(main([word.lower() for word in sys.argv[1:]]))
