from apps.payments.models import Charge


def is_paid(ref: str) -> bool:
    """Whether the money for this reference ever arrived."""
    return Charge.objects.filter(ref=ref).exclude(state__in=Charge.UNPAID).exists()
