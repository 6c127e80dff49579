"""Telling a party something. Knows no domain: the caller hands over a kind with its facts, the page, and the people.

    notify(
        to=booking.brand.party,
        what=say("booking.agreed", model=talent.stage_name, count=7),
        url=reverse("booking", args=[booking.pk]),
        people=[owner],
    )

A new kind is three lines of words in each of the five files `apps/<app>/notices/<language>.toml` (common.wording tells
of dates, money, codes and plurals) and one call of `say` with the kind spelled out: tests/architecture/test_words.py
reads the calls and the files and names what is missing. To convert a call with English words: `title=…, body=…` becomes
`what=say("app.kind", name=value, …)`, and `emails=[user.email]` becomes `people=[user]` (a model: `talent.people`).
`notice.plain` is for rows of before; no code says it.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from apps.accounts.models import User
from apps.common.legal_texts import language_of
from apps.common.wording import Saying
from apps.notifications import tasks
from apps.notifications.models import Mail, Notice


@transaction.atomic
def notify(
    *, to: str, what: Saying, url: str, people: Iterable[User] = (), strangers: Mapping[str, str] | None = None
) -> Notice:
    """One notice for a party, in the caller's transaction, and after the commit a mail to each of these people, in her
    own language. Nobody is mailed to a closed account. `strangers` are addresses without an account, each with the
    language it is written to in.

    `url` is a path on this site; a mail's link lands there and never decides anything by itself.
    """
    notice = Notice.objects.create(to=to, kind=what.kind, values=what.values, url=url)
    readers = {user.email.strip().lower(): language_of(user.language) for user in people if user.is_active}
    readers |= strangers or {}
    mails = [Mail(notice=notice, address=address, language=readers[address]) for address in sorted(readers)]
    for mail in Mail.objects.bulk_create(mails):
        transaction.on_commit(partial(tasks.send_mail.delay, str(mail.pk)))
    return notice
