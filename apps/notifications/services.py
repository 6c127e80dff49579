"""Telling a party something. Knows no domain: the caller hands over the words and the page."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from apps.notifications import tasks
from apps.notifications.models import Mail, Notice


@transaction.atomic
def notify(*, to: str, kind: str, title: str, body: str, url: str, emails: Sequence[str] = ()) -> Notice:
    """One notice for a party, in the caller's transaction, and after the commit a mail to each address.

    `url` is a path on this site; a mail's link lands there and never decides anything by itself.
    """
    notice = Notice.objects.create(to=to, kind=kind, title=title, body=body, url=url)
    addresses = sorted({address.strip().lower() for address in emails})
    for mail in Mail.objects.bulk_create([Mail(notice=notice, address=address) for address in addresses]):
        transaction.on_commit(partial(tasks.send_mail.delay, str(mail.pk)))
    return notice
