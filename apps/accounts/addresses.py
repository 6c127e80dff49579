"""Which addresses a person has proved to be hers. A typed address proves nothing."""

from allauth.account.models import EmailAddress

from apps.accounts.models import User


def verified_addresses(user: User) -> set[str]:
    """In lower case."""
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return {address.lower() for address in rows.values_list("email", flat=True)}
