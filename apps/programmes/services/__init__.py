"""What is done with a programme, one function per act."""

from apps.programmes.services.answering import accept, decline, leave
from apps.programmes.services.asking import Asked, ask, take_back
from apps.programmes.services.earning import earn
from apps.programmes.services.ending import end, end_overdue
from apps.programmes.services.mandating import price_by_the_programme
from apps.programmes.services.paying import checkout, fund
from apps.programmes.services.starting import Plan, start

__all__ = [
    "Asked", "Plan", "accept", "ask", "checkout", "decline", "earn", "end", "end_overdue", "fund", "leave",
    "price_by_the_programme", "start", "take_back",
]  # fmt: skip
