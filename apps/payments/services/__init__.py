"""The business acts of payments. Those that speak to Stripe hold no lock and no transaction while they do."""

from apps.payments.services.announcements import announce
from apps.payments.services.checkout import start_checkout
from apps.payments.services.inbox import process_event, store_notice
from apps.payments.services.outbox import run_op
from apps.payments.services.payouts import begin_payouts, came_back, refresh
from apps.payments.services.problems import resolve_problem
from apps.payments.services.refunds import refund
from apps.payments.services.settlement import settle

__all__ = [
    "announce",
    "begin_payouts",
    "came_back",
    "process_event",
    "refresh",
    "refund",
    "resolve_problem",
    "run_op",
    "settle",
    "start_checkout",
    "store_notice",
]
