"""How long an option lasts. It binds nobody, so it ends by itself."""

from datetime import timedelta

LASTS = timedelta(days=7)
CHALLENGE_WINDOW = timedelta(hours=24)
MOST_RANKS = 5
