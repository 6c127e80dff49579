"""The states of an option."""

from django.db import models


class State(models.TextChoices):
    ASKED = "asked", "Asked for"
    HELD = "held", "Held"
    CHALLENGED = "challenged", "Challenged"
    USED = "used", "Turned into a booking"
    REFUSED = "refused", "Not available"
    WITHDRAWN = "withdrawn", "Taken back"
    EXPIRED = "expired", "Expired"
    FALLEN = "fallen", "Fell to a challenge"


LIVE = (State.HELD, State.CHALLENGED)  # these have a rank
OPEN = (State.ASKED, *LIVE)
