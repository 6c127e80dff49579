from apps.common.errors import DomainError


class PaymentUnavailable(DomainError):
    """Stripe did not answer or is busy; nothing was charged, and the same act may be repeated. HTTP: 503."""


class NotSettledYet(Exception):
    """Stripe has not finished booking the payment: look again later."""


class Mismatch(Exception):
    """What Stripe holds is not what we asked for; nothing is posted, a person has to look."""
