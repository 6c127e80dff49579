"""A model joins by her agency's invitation: asked in her language, hers alone to accept, once; nothing is signed."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent
from apps.notifications.models import Notice
from apps.organizations.models import Organization
from apps.roster.mailing import pending, send
from apps.roster.models import Invitation, RosterEntry
from apps.roster.services.importing import import_roster
from apps.roster.services.inviting import accept, invite_model, open_invitation, send_again
from apps.talent.joining import AboutHer
from apps.talent.models import Mandate, Talent
from tests.factories.clients import signed_in
from tests.factories.joining import newcomer, verified
from tests.factories.people import Person, acting, make_member, make_organization, make_talent, make_user
from tests.factories.racing import at_once

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

IRIS = {
    "email": "Iris@Tests.Example",
    "first_name": "Iris",
    "last_name": "Vale",
    "birth_date": "2001-03-14",
    "country": "FR",
    "board": "women",
    "language": "fr",
}
ABOUT = AboutHer("Iris Vale", date(2001, 3, 14), "FR", "women")


@pytest.fixture
def agency() -> Organization:
    return make_organization("agency", "elan", country="FR")


@pytest.fixture
def booker(agency: Organization) -> Person:
    return make_member(agency, "booker", "claire")


@pytest.fixture
def entry(agency: Organization, booker: Person) -> RosterEntry:
    return invite_model(by=booker.actor, agency=agency, person=IRIS)


def mailed(entry: RosterEntry, outbox: list) -> str:
    """Send its mail now; the secret out of the link in it."""
    assert send(entry.invitations.get().pk)
    return str(outbox[-1].body).split("/join/")[1].split("/")[0]


class TestInviting:
    def test_one_by_one_with_a_mail_in_her_language(self, entry, mailoutbox):
        assert (entry.email, entry.invitations.get().state) == ("iris@tests.example", "pending")
        secret = mailed(entry, mailoutbox)
        assert mailoutbox[0].subject == "Elan vous invite sur Double"
        assert "sans votre propre oui" in mailoutbox[0].body and "/join/" in mailoutbox[0].alternatives[0][0]
        invitation = entry.invitations.get()
        assert invitation.state == "sent" and secret not in str(invitation.secret_sha256)
        assert send(invitation.pk) is False and len(mailoutbox) == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [("email", "nobody"), ("birth_date", "2015-01-01"), ("country", "XX"), ("board", ""), ("language", "xx-nope")],
    )
    def test_what_is_wrong_is_said_at_its_field(self, agency, booker, field, value):
        with pytest.raises(InvalidInput) as refusal:
            invite_model(by=booker.actor, agency=agency, person=IRIS | {field: value})
        assert refusal.value.field == field and not RosterEntry.objects.exists()

    def test_an_address_stands_on_a_roster_once(self, agency, booker, entry):
        with pytest.raises(InvalidInput, match="already"):
            invite_model(by=booker.actor, agency=agency, person=IRIS)

    def test_only_bookers_of_this_agency_invite(self, agency):
        rival = make_member(make_organization("agency", "northlight"), "owner", "axel")
        accountant = make_member(agency, "accountant", "paul")
        brand = make_member(make_organization("brand", "orsay"), "owner", "jonas")
        for person in (rival, accountant, brand, make_talent("maya")[1]):
            with pytest.raises(NotAllowed):
                invite_model(by=person.actor, agency=agency, person=IRIS)

    def test_an_unchecked_agency_prepares_and_its_mails_wait(self, mailoutbox):
        new = make_organization("agency", "new", checked=False)
        invite_model(by=make_member(new, "owner", "nina").actor, agency=new, person=IRIS)
        assert not pending().exists()
        Organization.objects.filter(pk=new.pk).update(checked_at=timezone.now())
        assert pending().count() == 1

    def test_an_import_sends_nothing_itself(self, agency, booker, mailoutbox):
        rows = "email,first_name,last_name,birth_date,country,board,language\na@x.example,A,B,2000-01-01,FR,men,de\n"
        import_roster(by=booker.actor, agency=agency, file=ContentFile(rows.encode()))
        assert mailoutbox == [] and pending().count() == 1

    def test_a_second_mail_ends_the_first_link(self, booker, entry, mailoutbox):
        first = mailed(entry, mailoutbox)
        send_again(by=booker.actor, entry=entry)
        assert open_invitation(first) is None
        assert open_invitation(mailed(entry, mailoutbox)) is not None


class TestAccepting:
    def test_she_becomes_a_model_on_this_roster_and_signs_nothing(self, agency, entry, mailoutbox):
        talent = accept(by=newcomer("iris"), secret=mailed(entry, mailoutbox), about=ABOUT)
        entry.refresh_from_db()
        assert entry.talent == talent and entry.invitations.get().state == "accepted"
        assert (talent.stage_name, talent.slug, talent.board) == ("Iris Vale", "iris-vale", "women")
        assert not Mandate.objects.exists() and not Consent.objects.exists() and not hasattr(talent, "boundaries")
        assert Notice.objects.get(to=agency.party).words("en").title == "Iris Vale has joined"

    def test_a_model_with_a_twin_keeps_what_she_is(self, entry, mailoutbox):
        talent, maya = make_talent("maya")
        verified(maya.user, "iris@tests.example")
        assert accept(by=maya.user, secret=mailed(entry, mailoutbox), about=None) == talent
        assert Talent.objects.count() == 1

    def test_only_the_invited_address_accepts(self, entry, mailoutbox):
        secret = mailed(entry, mailoutbox)
        unproved = make_user("iris")
        for somebody in (newcomer("otto"), unproved):
            with pytest.raises(Refused, match="This invitation is for iris"):
                accept(by=somebody, secret=secret, about=ABOUT)

    def test_not_twice_and_not_after_thirty_days(self, entry, mailoutbox):
        secret = mailed(entry, mailoutbox)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        iris = newcomer("iris")
        with pytest.raises(StaleState):
            accept(by=iris, secret=secret, about=ABOUT)
        Invitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
        accept(by=iris, secret=secret, about=ABOUT)
        with pytest.raises(StaleState):
            accept(by=iris, secret=secret, about=ABOUT)

    def test_nobody_under_18_joins(self, entry, mailoutbox):
        today = timezone.now().date()
        young = AboutHer("Iris Vale", today.replace(year=today.year - 18) + timedelta(days=1), "FR", "women")
        with pytest.raises(InvalidInput, match="adults") as refusal:
            accept(by=newcomer("iris"), secret=mailed(entry, mailoutbox), about=young)
        assert refusal.value.field == "birth_date"
        assert entry.invitations.get().state == "sent"


@pytest.mark.django_db(transaction=True, databases=["default", "sandbox"])
def test_two_presses_at_the_same_moment_make_one_model(agency, booker, mailoutbox):
    entry = invite_model(by=booker.actor, agency=agency, person=IRIS)
    secret, iris = mailed(entry, mailoutbox), newcomer("iris")
    outcomes = at_once(*[lambda: accept(by=iris, secret=secret, about=ABOUT)] * 2)
    assert sorted(outcomes) == ["StaleState", "done"]
    assert Talent.objects.count() == 1


class TestThePages:
    def test_opening_the_link_decides_nothing_and_a_press_does(self, entry, mailoutbox):
        page = reverse("model_invitation", args=[mailed(entry, mailoutbox)])
        shown = Client().get(page).content.decode()
        assert "Join Elan on Double?" in shown and "You sign no mandate and no consent" in shown
        iris = newcomer("iris")
        client = signed_in(Person(iris, acting(iris, "", "", frozenset())))
        assert 'value="2001-03-14"' in client.get(page).content.decode()
        wrong = client.post(page, {"stage_name": "", "birth_date": "2001-03-14", "country": "FR", "board": "women"})
        assert wrong.status_code == 422 and "stage_name" in wrong.context["form"].errors
        told = {"stage_name": "Iris", "birth_date": "2001-03-14", "country": "FR", "board": "women"}
        answer = client.post(page, told, follow=True)
        assert "Step by step, Iris" in answer.content.decode()
        assert client.get(page).status_code == 404

    def test_alone_and_then_step_by_step(self):
        vera = newcomer("vera")
        client = signed_in(Person(vera, acting(vera, "", "", frozenset())))
        young = client.post(
            reverse("join"), {"stage_name": "V", "birth_date": "2020-01-01", "country": "FR", "board": "open"}
        )
        assert young.status_code == 422 and "adults" in str(young.context["form"].errors["birth_date"])
        told = {"stage_name": "Vera Lux", "birth_date": "1999-01-01", "country": "FR", "board": "open"}
        page = client.post(reverse("join"), told, follow=True).context["page"]
        assert [(step.key, step.state) for step in page.steps] == [
            ("identity", "open"), ("profile", "open"), ("rules", "open"), ("rate", "open"), ("consents", "open"),
            ("capture", "open"), ("twin", "waits"), ("shown", "open"), ("payouts", "open"),
        ]  # fmt: skip
        profile = {"stage_name": "Vera Lux", "country": "FR", "board": "open", "height_cm": "900", "hair": "Red"}
        assert client.post(reverse("profile"), profile).status_code == 422
        client.post(reverse("profile"), profile | {"height_cm": "178", "eyes": "Green", "languages": ["fr", "en"]})
        talent = Talent.objects.get()
        assert (talent.height_cm, talent.languages, talent.eyes) == (178, ["fr", "en"], "Green")
        assert client.get(reverse("onboarding")).context["page"].done == 1
        assert client.get(reverse("join")).headers["Location"] == reverse("onboarding")
