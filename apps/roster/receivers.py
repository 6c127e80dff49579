"""News from the apps below: an agency was checked, and what it prepared can be mailed."""

from typing import Any

from django.db import transaction
from django.dispatch import receiver

from apps.organizations.events import organization_checked
from apps.organizations.models import Organization
from apps.roster.tasks import send_pending


@receiver(organization_checked, dispatch_uid="roster.organization_checked")
def mail_what_waited(sender: type[Organization], organization: Organization, **news: Any) -> None:
    if organization.kind == Organization.Kind.AGENCY:
        transaction.on_commit(send_pending.delay)
