"""What a brand is told: an agency chose twins for it."""

from django.urls import reverse

from apps.boards.models import Share
from apps.boards.policies import CURATES
from apps.common.wording import say
from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization
from apps.organizations.permissions import roles_with

BRAND = Organization.Kind.BRAND


def tell_package(share: Share) -> None:
    """The brand, and by mail those of it who choose twins. Its page opens without the secret of the link."""
    package = share.board
    if package.for_brand is None:
        raise ValueError(f"{package.ref} is for no brand")
    members = Membership.objects.filter(organization=package.for_brand, role__in=roles_with(BRAND, CURATES[BRAND]))
    notify(
        to=package.for_brand.party,
        what=say(
            "board.package", agency=package.organization.name, name=package.name, count=package.entries.count(),
            day=share.expires_at.date(),
        ),
        url=reverse("package", args=[package.pk]),
        people=[member.user for member in members.select_related("user")],
    )  # fmt: skip
