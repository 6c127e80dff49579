"""Notices: one row for the party, one mail per address, after the commit and not before."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected
from unittest import mock

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from apps.accounts.models import User
from apps.common.wording import say
from apps.notifications import tasks
from apps.notifications.mailing import deliver, unsent
from apps.notifications.models import Mail, Notice
from apps.notifications.services import notify

ADA = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
NORTH = "org:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a003"

pytestmark = pytest.mark.django_db


def reader(name: str, language: str = "en-gb", **fields: object) -> User:
    return User.objects.create_user(f"{name}@example.com", name=name.title(), language=language, **fields)


@pytest.fixture
def ada() -> User:
    return reader("ada")


def tell_ada(*people: User) -> Notice:
    what = say("identity.refused", reason="Sol & Sea <saw> nothing.")
    return notify(to=ADA, what=what, url="/identity/", people=people)


class TestNotices:
    def test_only_the_party_sees_it(self) -> None:
        notice = tell_ada()
        assert list(Notice.objects.for_party(ADA)) == [notice]
        assert not Notice.objects.for_party(NORTH).exists()

    def test_unread_until_marked_read(self) -> None:
        tell_ada()
        tell_ada()
        assert Notice.objects.for_party(ADA).unread().count() == 2
        assert Notice.objects.for_party(ADA).mark_read() == 2
        assert Notice.objects.for_party(ADA).unread().count() == 0
        assert Notice.objects.for_party(ADA).mark_read() == 0

    def test_the_unread_count_of_every_page_reads_an_index_only(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        Notice.objects.bulk_create(
            Notice(to=party, kind="identity.approved", url="/", read_at=timezone.now())
            for party in (ADA, NORTH)
            for _ in range(3000)
        )
        tell_ada()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE notifications_notice")
        plan = Notice.objects.for_party(ADA).unread().only("pk").explain()
        assert "notice_unread" in plan
        with django_assert_num_queries(1):
            assert Notice.objects.for_party(ADA).unread().count() == 1


class TestMails:
    def test_go_out_after_the_commit_one_per_address(
        self, ada: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with mock.patch.object(tasks.send_mail, "delay") as delay:
            with django_capture_on_commit_callbacks(execute=True):
                notice = tell_ada(ada, ada, reader("agent"), reader("gone", is_active=False))
                assert not delay.called
            sent_to = {call.args[0] for call in delay.call_args_list}
        assert sent_to == {str(mail.pk) for mail in notice.mails.all()}
        written_to = set(notice.mails.values_list("address", flat=True))
        assert written_to == {"ada@example.com", "agent@example.com"}, "once each, and nobody whose account is closed"

    def test_disappear_with_the_transaction(self, ada: User) -> None:
        with pytest.raises(LookupError), transaction.atomic():
            tell_ada(ada)
            raise LookupError
        assert not Mail.objects.exists()

    def test_say_in_text_and_html_what_happened_and_where_to_decide(self, ada: User, settings: Settings) -> None:
        settings.SITE_URL = "https://double.example"
        assert deliver(tell_ada(ada).mails.get().pk)
        (message,) = outbox.outbox
        assert isinstance(message, EmailMultiAlternatives)
        assert message.to == ["ada@example.com"]
        assert message.subject == "We could not tell who you are"
        assert "https://double.example/identity/" in message.body
        assert "Sol & Sea <saw> nothing." in message.body
        html = str(message.alternatives[0][0])
        assert 'href="https://double.example/identity/"' in html
        assert "Sol &amp; Sea &lt;saw&gt; nothing." in html and "<saw>" not in html

    def test_a_repeated_message_sends_nothing_twice(self, ada: User) -> None:
        mail = tell_ada(ada).mails.get()
        assert deliver(mail.pk)
        assert not deliver(mail.pk)
        assert len(outbox.outbox) == 1

    def test_two_workers_with_the_same_message_send_once(self, ada: User) -> None:
        mail = tell_ada(ada).mails.get()
        Mail.objects.filter(pk=mail.pk).update(claimed_at=timezone.now())
        assert not deliver(mail.pk)
        assert outbox.outbox == []

    def test_a_refusal_of_the_mail_server_leaves_it_to_be_tried_again(self, ada: User) -> None:
        mail = tell_ada(ada).mails.get()
        broken = mock.patch.object(EmailMultiAlternatives, "send", side_effect=SMTPServerDisconnected("busy"))
        with broken, pytest.raises(SMTPServerDisconnected):
            deliver(mail.pk)
        assert deliver(mail.pk)

    def test_a_lost_message_and_a_dead_worker_are_found_by_the_sweep(self, ada: User) -> None:
        lost, died, fresh, old = (tell_ada(ada).mails.get() for _ in range(4))
        earlier = timezone.now() - timedelta(minutes=11)
        Mail.objects.filter(pk__in=[lost.pk, died.pk]).update(created_at=earlier)
        Mail.objects.filter(pk=died.pk).update(claimed_at=earlier)
        Mail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
        assert set(unsent()) == {lost, died}
        with mock.patch.object(tasks.send_mail, "delay", side_effect=tasks.send_mail):
            tasks.sweep()
        assert set(Mail.objects.filter(sent_at=None)) == {fresh, old}


@pytest.mark.django_db(databases=["default", "sandbox"])
def test_staff_find_a_notice_by_what_it_is_about_and_read_it_in_english(ada: User, client: Client) -> None:
    tell_ada(ada)
    notify(to=NORTH, what=say("twin.ready"), url="/")
    client.force_login(User.objects.create_superuser("staff@example.com"))
    found = client.get(reverse("admin:notifications_notice_changelist"), {"q": "Sol & Sea"}).content.decode()
    assert "We could not tell who you are" in found and "Your test sheet is ready" not in found
    mails = client.get(reverse("admin:notifications_mail_changelist"), {"q": "identity.refused"}).content.decode()
    assert "ada@example.com" in mails
