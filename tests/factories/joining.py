"""People who have proved their address, and what they say of their agency or brand."""

from allauth.account.models import EmailAddress

from apps.accounts.models import User
from apps.organizations.mailing import send
from apps.organizations.models import TeamInvitation
from apps.organizations.services import Details
from tests.factories.people import make_user

ABOUT_A_BRAND = {
    "name": "Halden & Rye",
    "legal_name": "Halden & Rye GmbH",
    "registration_number": "HRB 123456 B",
    "country": "DE",
    "vat_number": "DE 136 695 976",
    "contact_email": "office@halden.example",
    "contact_phone": "+49 30 1234567",
    "currency": "EUR",
    "category": "fashion",
    "competitor_group": "premium",
    "about": "",
}
ABOUT_AN_AGENCY = {
    name: value for name, value in ABOUT_A_BRAND.items() if name not in {"category", "competitor_group", "vat_number"}
} | {"name": "Élan Models", "legal_name": "Élan Models SAS", "country": "FR", "vat_number": ""}


def brand_details(**changes: str) -> Details:
    return Details(**(ABOUT_A_BRAND | changes))


def agency_details(**changes: str) -> Details:
    return Details(**(ABOUT_AN_AGENCY | changes))


def verified(user: User, *addresses: str) -> User:
    """Her account's address, and these, are proved to be hers."""
    for address in {user.email, *addresses}:
        EmailAddress.objects.update_or_create(
            user=user, email=address, defaults={"verified": True, "primary": address == user.email}
        )
    return user


def newcomer(slug: str = "vera", name: str = "") -> User:
    """Signed up, address confirmed, acts for nobody yet."""
    return verified(make_user(slug, name))


def mailed_secret(invitation: TeamInvitation, outbox: list) -> str:
    """Send its mail now; the secret out of the link in it."""
    assert send(invitation.pk)
    body = str(outbox[-1].body)
    return body.split("/joining/")[1].split("/")[0]
