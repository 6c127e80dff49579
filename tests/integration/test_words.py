"""Each person reads the site's news in her own language, in the portal and in her mails."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail as outbox
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from apps.accounts import languages
from apps.accounts.models import User
from apps.accounts.tasks import sealed
from apps.common.money import Money
from apps.common.wording import Code, say, words_of
from apps.notifications.mailing import deliver
from apps.notifications.models import Mail, Notice
from apps.notifications.services import notify
from apps.organizations.services import invite
from apps.roster.mailing import send as send_invitation
from apps.roster.services.inviting import invite_model
from tests.factories.clients import signed_in
from tests.factories.joining import mailed_secret, newcomer
from tests.factories.people import Person, make_member, make_organization, make_talent

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture(autouse=True)
def _limits_start_anew() -> None:
    cache.clear()


END = date(2027, 3, 1)


def reads(person: Person, language: str) -> Person:
    User.objects.filter(pk=person.user.pk).update(language=language)
    person.user.refresh_from_db()
    return person


def words(person: Person) -> str:
    return signed_in(person).get(reverse("notices")).content.decode()


class TestOnePartyTwoLanguages:
    @pytest.fixture
    def people(self) -> tuple[Person, Person]:
        agency = make_organization("agency", "elan")
        return reads(make_member(agency, "owner", "claire"), "fr"), reads(make_member(agency, "booker", "otto"), "de")

    @pytest.fixture
    def told(self, people: tuple[Person, Person]) -> Notice:
        what = say("mandate.ends_for_agency", model="Maya <Okafor>", count=7, day=END)
        everybody = [person.user for person in people]
        return notify(to=people[0].actor.party, what=what, url="/mandates/", people=everybody)

    def test_get_two_mails_in_two_languages(self, told: Notice) -> None:
        for mail in Mail.objects.order_by("address"):
            assert deliver(mail.pk)
        hers, his = outbox.outbox
        assert hers.subject == "Le mandat avec Maya <Okafor> prend fin dans 7 jours"
        assert "Dernier jour\xa0: 1er mars 2027" in hers.body
        assert his.subject == "Das Mandat mit Maya <Okafor> endet in 7 Tagen"
        assert "der 1. März 2027" in his.body

    def test_the_frame_speaks_the_same_language_in_html_and_text(self, told: Notice) -> None:
        assert deliver(Mail.objects.get(language="de").pk)
        (mail,) = outbox.outbox
        html, kind = mail.alternatives[0]
        assert kind == "text/html" and '<html lang="de">' in html and "Seite öffnen" in html
        assert "Damit ist noch nichts entschieden" in mail.body and mail.extra_headers["Content-Language"] == "de"
        assert "Maya &lt;Okafor&gt;" in html and "<Okafor>" not in html

    def test_see_the_notice_each_in_her_own(self, people: tuple[Person, Person], told: Notice) -> None:
        claire, otto = people
        assert "prend fin dans 7 jours" in words(claire) and 'lang="fr"' in words(claire)
        assert "endet in 7 Tagen" in words(otto) and "prend fin" not in words(otto)

    def test_a_language_that_we_do_not_write_is_answered_in_english(
        self, people: tuple[Person, Person], told: Notice
    ) -> None:
        kai = reads(people[1], "sv")
        page = words(kai)
        assert "ends in 7 days" in page and '<div lang="en">' in page
        notify(to=kai.actor.party, what=told.saying, url="/", people=[kai.user])
        assert Mail.objects.latest("created_at").language == "en"

    def test_an_austrian_is_written_to_in_german(self, people: tuple[Person, Person], told: Notice) -> None:
        assert "endet in 7 Tagen" in words(reads(people[1], "de-at"))


class TestFacts:
    FACTS = {
        "code": "L-1", "brand": "Sol & Sea", "before": END, "day": date(2026, 12, 31), "refund": Money(123_450, "EUR"),
    }  # fmt: skip

    @pytest.mark.parametrize(
        ("language", "days", "refund"),
        [
            ("en", "instead of 1 March 2027 it ends on 31 December 2026.", "€1,234.50"),
            ("fr", "le 31 décembre 2026 au lieu du 1er mars 2027.", "1\u202f234,50\xa0€"),
            ("de", "Statt am 1. März 2027 endet sie am 31. Dezember 2026.", "1.234,50\xa0€"),
            ("it", "invece del 1 marzo 2027 termina il 31 dicembre 2026.", "1.234,50\xa0€"),
            ("es", "en lugar del 1 de marzo de 2027 termina el 31 de diciembre de 2026.", "1.234,50\xa0€"),
        ],
    )  # fmt: skip
    def test_dates_and_money_are_those_of_the_reader(self, language: str, days: str, refund: str) -> None:
        body = words_of(say("licence.cut", **self.FACTS), language).body
        assert days in body and f"{refund} " in body

    def test_no_french_line_begins_with_a_colon(self) -> None:
        told = words_of(say("consent.given", purpose=Code("purpose", "scan"), day=END), "fr")
        assert told.title == "Vous avez donné un consentement\xa0: numériser" and " :" not in told.body

    @pytest.mark.parametrize(
        ("language", "one", "many"),
        [("en", "in 1 day", "in 7 days"), ("fr", "dans 1 jour", "dans 7 jours"), ("de", "in 1 Tag", "in 7 Tagen"),
         ("it", "tra 1 giorno", "tra 7 giorni"), ("es", "dentro de 1 día", "dentro de 7 días")],
    )  # fmt: skip
    def test_one_is_not_many(self, language: str, one: str, many: str) -> None:
        titles = [words_of(say("mandate.ends", agency="Élan", count=n, day=END), language).title for n in (1, 7)]
        assert titles[0].endswith(one) and titles[1].endswith(many)

    def test_what_people_typed_stays_as_it_is_whatever_it_looks_like(self) -> None:
        reason = "2027-03-01: $name, 100 % {sure} {% now %}"
        assert words_of(say("identity.refused", reason=reason), "fr").body.startswith(reason + "\n")

    @pytest.mark.parametrize(
        "wrong", [{}, {"purpose": "scan"}, {"purpose": Code("purpose", "sell"), "day": END}, {"a": 1, "day": END}]
    )
    def test_facts_that_the_words_do_not_name_are_an_error_where_it_is_said(self, wrong: dict) -> None:
        with pytest.raises(LookupError):
            say("consent.given", **wrong)

    def test_a_kind_that_nobody_wrote_is_an_error(self) -> None:
        with pytest.raises(LookupError):
            say("consent.sold")


class TestWhoIsNotHereYet:
    @pytest.mark.parametrize(
        ("accepted", "begins"),
        [("fr-BE,fr;q=0.9,en;q=0.8", "fr"), ("sv,de-AT;q=0.7", "de"), ("en-US", "en-gb"), ("sv", "en-gb"),
         ("", "en-gb"), (";;,x;;,x;;", "en-gb")],
    )  # fmt: skip
    @pytest.mark.usefixtures("letters_go_out")
    def test_an_account_begins_in_the_language_of_the_browser(self, accepted: str, begins: str) -> None:
        told = {"email": "new@tests.example", "password1": "another long password 7"}
        Client(headers={"Accept-Language": accepted}).post(reverse("account_signup"), told)
        assert User.objects.get(email="new@tests.example").language == begins
        title = {"fr": "Confirmez votre adresse e-mail", "de": "Bestätige deine E-Mail-Adresse"}
        assert outbox.outbox[-1].subject == title.get(begins, "Confirm your e-mail address")

    @pytest.mark.usefixtures("letters_go_out")
    def test_and_in_that_of_the_invitation_through_which_she_came(self) -> None:
        agency = make_organization("agency", "elan")
        iris = {"email": "iris@tests.example", "first_name": "Iris", "last_name": "Vale", "birth_date": "1999-04-01",
                "country": "IT", "board": "women", "language": "it"}  # fmt: skip
        entry = invite_model(by=make_member(agency, "owner", "o").actor, agency=agency, person=iris)
        send_invitation(entry.invitations.get().pk)
        assert outbox.outbox[-1].subject == "Elan ti invita su Double"
        secret = outbox.outbox[-1].body.split("/join/")[1].split("/")[0]
        browser = Client(headers={"Accept-Language": "de"})
        assert browser.get(reverse("model_invitation", args=[secret])).status_code == 200
        browser.post(reverse("account_signup"), {"email": iris["email"], "password1": "another long password 7"})
        assert User.objects.get(email=iris["email"]).language == "it"

    def test_she_changes_it_on_her_account_page_and_is_written_to_in_it(self) -> None:
        talent, maya = make_talent("maya")
        page = signed_in(maya).get(reverse("account")).content.decode()
        assert all(f'value="{code}"' in page for code in languages.SPOKEN)
        told = {"name": "Maya", "language": "es", "time_zone": "Europe/Madrid"}
        assert signed_in(maya).post(reverse("account"), told).status_code == 302
        maya.user.refresh_from_db()
        notify(to=talent.party, what=say("twin.ready"), url="/", people=[maya.user])
        assert Mail.objects.get().language == "es"

    def test_a_language_that_we_do_not_write_cannot_be_chosen(self) -> None:
        told = {"name": "Maya", "language": "tlh", "time_zone": "Europe/Madrid"}
        assert signed_in(make_talent("maya")[1]).post(reverse("account"), told).status_code == 422

    def test_somebody_asked_into_a_team_is_written_to_in_hers_else_in_that_of_whoever_asks(self) -> None:
        brand = make_organization("brand", "halden")
        jonas = reads(make_member(brand, "owner", "jonas"), "de")
        mailed_secret(invite(by=jonas.actor, organization=brand, email="x@new.example", role="finance"), outbox.outbox)
        assert outbox.outbox[-1].subject == "Halden lädt dich ins Team ein"
        assert "Finanzen – bezahlt und liest die Zahlen" in outbox.outbox[-1].body
        vera = newcomer("vera")
        User.objects.filter(pk=vera.pk).update(language="fr")
        mailed_secret(invite(by=jonas.actor, organization=brand, email=vera.email, role="finance"), outbox.outbox)
        assert outbox.outbox[-1].subject == "Halden vous invite dans son équipe"


class TestMailsAboutAnAccount:
    @pytest.mark.usefixtures("letters_go_out")
    def test_go_out_in_the_language_of_the_account_not_of_the_browser_that_asks(self) -> None:
        vera = newcomer("vera")
        User.objects.filter(pk=vera.pk).update(language="it")
        Client(headers={"Accept-Language": "de"}).post(reverse("account_reset_password"), {"email": vera.email})
        assert outbox.outbox[-1].subject == "Una nuova password"
        assert '<html lang="it">' in outbox.outbox[-1].alternatives[0][0]

    @pytest.mark.usefixtures("letters_go_out")
    def test_to_an_unknown_address_in_that_of_the_browser(self) -> None:
        Client(headers={"Accept-Language": "fr"}).post(reverse("account_reset_password"), {"email": "a@no.example"})
        assert outbox.outbox[-1].subject == "Aucun compte n’a cette adresse"

    def test_wait_in_the_broker_where_nobody_reads_their_secret_link(self) -> None:
        message = sealed(say("account.new_password"), to="a@b.example", language="en", link="https://x/secret-link")
        assert "secret" not in message and "a@b.example" not in message

    def test_no_page_waits_for_the_mail_server(self, monkeypatch: pytest.MonkeyPatch) -> None:
        queued: list[str] = []
        monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
        monkeypatch.setattr("apps.accounts.tasks.send_letter.delay", queued.append)
        Client().post(reverse("account_reset_password"), {"email": newcomer("vera").email})
        assert len(queued) == 1 and outbox.outbox == []

    def test_without_a_request_there_is_english(self) -> None:
        assert languages.wished(None) == "en-gb"
        request = RequestFactory().get("/")
        request.session, request.user = {languages.SESSION_KEY: "sv"}, AnonymousUser()
        assert languages.wished(request) == "en-gb"
