"""Setting up payouts in the browser, as the payee sees it, and the hosted page that stands for Stripe's."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.payments.models import PayoutAccount
from apps.portal.onboarding import onboarding
from apps.sandbox.models import AccountLink, ConnectedAccount, Fault
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.payouts import set_up
from tests.factories.people import make_member, make_organization, make_talent
from tests.fakes import stripe_site as site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
PAGE, BACK = "/earnings/payouts/", "/earnings/payouts/back/"


@pytest.fixture
def maya():
    return make_talent("maya")


def hosted(address: str) -> str:
    return urlsplit(address).path


def test_from_the_earnings_to_an_active_account(maya) -> None:
    client = signed_in(maya[1])
    assert f'href="{PAGE}"' in client.get(reverse("earnings")).content.decode()
    assert "Set up payouts" in client.get(PAGE).content.decode()

    led = client.post(PAGE)
    assert led.status_code == 302 and "/sandbox/onboarding/" in led["Location"]
    at_stripe = Client(enforce_csrf_checks=True)  # another site: no session of ours, no token of ours
    back = at_stripe.post(hosted(led["Location"]), {"outcome": "complete"})
    assert hosted(back["Location"]) == BACK

    shown = client.get(BACK, follow=True).content.decode()
    assert "<b>Active.</b>" in shown and "Active since" in shown and "does not send payouts yet" in shown
    assert client.get(PAGE)["Cache-Control"].startswith("max-age=0, no-cache, no-store")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [("missing", "Stripe needs more."), ("later", "Stripe checks it."), ("rejected", "Refused by Stripe.")],
)
def test_the_page_says_how_far_it_is(maya, outcome: str, words: str) -> None:
    set_up(maya[1].actor, outcome=outcome)

    page = signed_in(maya[1]).get(PAGE).content.decode()

    assert words in page
    assert ('<form class="form" method="post">' in page) == (outcome == "missing")


def test_an_old_sign_in_leads_through_a_fresh_one_and_back(maya) -> None:
    answer = signed_in(maya[1], fresh=False).post(PAGE)

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_reauthenticate")) and "payouts" in answer["Location"]
    assert not ConnectedAccount.objects.exists()


def test_while_stripe_is_silent_the_page_says_so_and_nothing_is_lost(maya) -> None:
    site.fault(Fault.Kind.LOST_ANSWER, "POST /v2/core/accounts")
    client = signed_in(maya[1])

    answer = client.post(PAGE)
    assert answer.status_code == 422 and "Nothing was changed" in answer.content.decode()
    assert client.post(PAGE).status_code == 302
    assert ConnectedAccount.objects.count() == 1

    site.fault(Fault.Kind.LOST_ANSWER, "GET /v2/core/accounts/")
    assert "shows how far it was before" in client.get(BACK, follow=True).content.decode()


def test_where_transfers_do_not_reach_there_is_no_press_but_words(maya) -> None:
    talent, person = maya
    talent.country = "BR"
    talent.save()
    client = signed_in(person)

    page = client.get(PAGE).content.decode()

    assert "does not reach Brazil" in page and "Set up payouts" not in page
    assert client.post(PAGE).status_code == 422


def test_a_link_works_once_and_for_some_minutes_and_then_leads_home(maya) -> None:
    client = signed_in(maya[1])
    address = hosted(client.post(PAGE)["Location"])
    assert "<strong>TEST</strong>" in client.get(address).content.decode()
    assert client.post(address, {"outcome": "nonsense"}).status_code == 422
    client.post(address, {"outcome": "missing"})
    for answer in (client.get(address), client.post(address, {"outcome": "complete"})):
        assert answer["Location"].endswith(f"{PAGE}?link=over")
    assert ConnectedAccount.objects.get().transfers == "restricted"
    assert "used or is too old" in client.get(f"{PAGE}?link=over").content.decode()

    late = hosted(client.post(PAGE)["Location"])
    AccountLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(late).status_code == 302
    assert client.get("/sandbox/onboarding/alu_test_none/").status_code == 404


def test_the_hosted_page_keeps_to_the_strict_policy(maya) -> None:
    answer = Client().get(hosted(signed_in(maya[1]).post(PAGE)["Location"]))

    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|https?://(?!testserver)", answer.content.decode())


def test_each_payee_sees_only_her_own_and_a_booker_nothing(maya) -> None:
    agency = make_organization("agency", "elan")
    set_up(make_member(agency, "owner", "claire").actor)
    booker = signed_in(make_member(agency, "booker", "axel"))

    assert "Set up payouts" in signed_in(maya[1]).get(PAGE).content.decode()
    assert "<b>Active.</b>" in signed_in(make_member(agency, "accountant", "yves")).get(PAGE).content.decode()
    assert booker.get(PAGE).status_code == 403 and booker.post(PAGE).status_code == 403
    assert booker.get(BACK).status_code == 403
    assert PAGE not in booker.get(reverse("earnings")).content.decode()


def test_it_is_the_last_step_of_hers_and_keeps_nobody_from_being_booked(maya) -> None:
    talent, person = maya
    before = onboarding(talent)
    assert before.steps[-1].key == "payouts" and before.steps[-1].optional
    assert "payouts" not in [step.key for step in before.needed]
    for outcome, state in (("missing", "open"), ("later", "waits"), ("complete", "done")):
        set_up(person.actor, outcome=outcome)
        after = onboarding(talent)
        assert after.steps[-1].state == state
        assert (after.done, after.next_step) == (before.done, before.next_step)
    assert "Optional" in signed_in(person).get(reverse("onboarding")).content.decode()


def test_back_without_an_account_is_just_the_page(maya) -> None:
    answer = signed_in(maya[1]).get(BACK)
    assert answer["Location"] == PAGE and not PayoutAccount.objects.exists()


def test_the_page_asks_little(maya) -> None:
    assert queries_of(signed_in(maya[1]), PAGE) <= 12
