"""How long an archive of any kind lasts, and how a worker holds one while it packs it."""

from datetime import timedelta

LASTS = timedelta(days=7)
LEASE = timedelta(minutes=5)  # for one file of the archive; a worker that says nothing for so long was killed
GRACE = timedelta(seconds=30)  # before a message is taken for lost
MOST_TRIES = 5
DOWNLOAD_SECONDS = 300


class Overtaken(Exception):
    """Another worker has it, or it was deleted meanwhile: this one stops."""
