"""What the people of a party are told, in the portal and by mail."""

from django.urls import reverse

from apps.accounts.models import User
from apps.common.money import Money
from apps.common.wording import Code, Saying, say
from apps.notifications.services import notify
from apps.organizations.models import Membership, Organization, OrganizationCheck, TeamInvitation
from apps.organizations.permissions import OWNER

Decision = OrganizationCheck.Decision


def owners_of(organization: Organization) -> list[User]:
    rows = User.objects.filter(memberships__organization=organization, memberships__role=OWNER)
    return list(rows.order_by("email"))


def tell_about_registering(organization: Organization) -> None:
    what = say("organization.registered", name=organization.name)
    notify(to=organization.party, what=what, url=reverse("organization"), people=owners_of(organization))


def tell_about_check(organization: Organization, step: OrganizationCheck) -> None:
    """The owners read the reason, and what it means for an agency or for a brand."""
    name, reason = organization.name, step.reason
    after = Code("after_check", f"{organization.kind}_{step.decision}")
    match Decision(step.decision):
        case Decision.APPROVED:
            what = say("organization.check_approved", name=name, reason=reason, after=after)
        case Decision.REFUSED:
            what = say("organization.check_refused", name=name, reason=reason, after=after)
        case _:
            what = say("organization.check_withdrawn", name=name, reason=reason, after=after)
    notify(to=organization.party, what=what, url=reverse("organization"), people=owners_of(organization))


def tell_about_credit(organization: Organization, reason: str) -> None:
    name, limit = organization.name, Money(organization.credit_limit_minor, organization.currency)
    if limit.amount_minor:
        what = say("organization.credit", name=name, amount=limit, reason=reason)
    else:
        what = say("organization.no_credit", name=name, reason=reason)
    notify(to=organization.party, what=what, url=reverse("organization"), people=owners_of(organization))


def tell_about_member(member: Membership, what: Saying) -> None:
    """A notice for the team, and a mail to the person it is about."""
    notify(to=member.organization.party, what=what, url=reverse("team"), people=[member.user])


def tell_about_joining(member: Membership, invitation: TeamInvitation) -> None:
    """A notice for the team, and a mail to whoever invited."""
    what = say("team.joined", person=str(member.user), role=role_of(member.organization, member.role))
    people = [invitation.invited_by] if invitation.invited_by else []
    notify(to=member.organization.party, what=what, url=reverse("team"), people=people)


def role_of(organization: Organization, role: str) -> Code:
    """How a role is called; what it may do is the same code of the group "may"."""
    return Code("role", f"{organization.kind}_{role}")
