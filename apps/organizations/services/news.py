"""What the owners of a party are told, in the portal and by mail."""

from django.urls import reverse

from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization, OrganizationCheck
from apps.organizations.permissions import OWNER

Decision = OrganizationCheck.Decision
_TITLES = {
    Decision.APPROVED: "{name} is checked",
    Decision.REFUSED: "{name} could not be checked",
    Decision.WITHDRAWN: "The check of {name} was taken back",
}
_NEXT = {
    ("agency", Decision.APPROVED): "You can answer requests from now on.",
    ("brand", Decision.APPROVED): "You can send booking requests and pay for them from now on.",
    ("agency", Decision.REFUSED): "Correct the details and we look again. Roster and team stay as they are.",
    ("brand", Decision.REFUSED): "Correct the details and we look again. Drafts and team stay as they are.",
    ("agency", Decision.WITHDRAWN): "Requests wait until it is given again. What is agreed and paid goes on.",
    ("brand", Decision.WITHDRAWN): "Sending and paying wait until it is given again. What is paid goes on.",
}


def owners_of(organization: Organization) -> list[str]:
    """The addresses of the owners."""
    rows = Membership.objects.filter(organization=organization, role=OWNER, user__is_active=True)
    return list(rows.values_list("user__email", flat=True))


def tell_about_check(organization: Organization, step: OrganizationCheck) -> None:
    decision = Decision(step.decision)
    notify(
        to=organization.party,
        kind=f"organization.check_{decision}",
        title=_TITLES[decision].format(name=organization.name),
        body=f"{step.reason}\n{_NEXT[organization.kind, decision]}",
        url=reverse("organization"),
        emails=owners_of(organization),
    )


def tell_about_role(member: Membership, title: str, body: str) -> None:
    """A notice for the team, and a mail to the person it is about."""
    notify(
        to=member.organization.party,
        kind="team.changed",
        title=title,
        body=body,
        url=reverse("team"),
        emails=[member.user.email],
    )
