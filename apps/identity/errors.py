from apps.common.errors import DomainError


class Unavailable(DomainError):
    """Stripe did not answer or is busy; nothing was shown or decided, and the same act may be repeated. HTTP: 503."""


class Unreadable(Exception):
    """Stripe found a document good and does not give its date of birth: nobody is approved without it."""
