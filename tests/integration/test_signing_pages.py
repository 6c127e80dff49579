"""The pages of mandates, certificates and withdrawals: who sees what, what is typed stays, what stands is true."""

import html
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bookings.models import Licence
from apps.bookings.services import delivery, review
from apps.consents.models import Consent, Purpose
from apps.notifications.models import Notice
from apps.portal.blast_radius import blast_radius
from apps.signatures.certificates import make as make_certificate
from apps.talent.models import Mandate, MandateProposal
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.mandates import propose_as, signed_mandate_of
from tests.factories.people import World, make_member, make_talent, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def proposal(world: World) -> MandateProposal:
    """By another agency that knows her: it would be her mother agency."""
    return propose_as(world.booker, world.agency, world.talent, kind="mother", covers_twins=True)


class TestProposing:
    def form(self, **fields) -> dict:
        day = timezone.now().date()
        days = {"starts_on": day.isoformat(), "ends_on": day.replace(year=day.year + 1).isoformat()}
        rates = {"commission": "15", "mother": "2.5"}
        return {"talent": "maya-okafor", "kind": "mother", "regions": ["benelux"]} | days | rates | fields

    def test_sends_her_what_was_typed(self, world) -> None:
        answer = signed_in(world.booker).post(reverse("mandate_new"), self.form())
        assert answer.status_code == 302
        made = MandateProposal.objects.get()
        assert (made.territories, made.commission_bp, made.mother_bp) == (["BE", "LU", "NL"], 1_500, 250)

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"commission": "21"}, "at most 20 %"),
            ({"mother": "16"}, "lies inside the commission"),
            ({"ends_on": "2035-01-01"}, "three years at most"),
            ({"regions": []}, "at least one region or country"),
            ({"talent": "kai-lindgren"}, "Select a valid choice"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, world, typed, said) -> None:
        answer = signed_in(world.booker).post(reverse("mandate_new"), self.form(**typed))
        page = html.unescape(answer.content.decode())
        assert answer.status_code == 422
        assert (said in page and 'value="2.5"' in page) or "mother" in typed
        assert not MandateProposal.objects.exists()

    def test_is_for_those_who_keep_the_roster(self, world) -> None:
        accountant = signed_in(make_member(world.agency, "accountant", "anne"))
        assert accountant.get(reverse("agency_mandates")).status_code == 200
        assert accountant.get(reverse("mandate_new")).status_code == 403
        assert accountant.post(reverse("mandate_new"), self.form()).status_code == 403

    def test_the_list_takes_the_same_number_of_queries_at_any_size(self, world) -> None:
        client = signed_in(world.booker)
        few = queries_of(client, reverse("agency_mandates"))
        for number in range(4):
            make_talent(f"model-{number}", agency=world.agency)
        assert queries_of(client, reverse("agency_mandates")) == few


class TestReadingAndSigning:
    def test_the_text_is_in_her_language_and_any_other(self, world, proposal) -> None:
        world.maya.user.language = "de-de"
        world.maya.user.save()
        client, page = signed_in(world.maya), reverse("proposal", args=[proposal.pk])
        assert "Dies ist keine Vollmacht" in client.get(page).content.decode()
        assert "pas une procuration" in client.get(page, {"language": "fr"}).content.decode()

    def test_the_mandate_then_her_twin_each_with_its_own_press(self, world, proposal) -> None:
        client, page = signed_in(world.maya), reverse("proposal", args=[proposal.pk])
        seen = client.get(page).context
        press = {"answer": "sign", "part": "mandate", "language": "en", "shown": seen["shown"]}
        assert client.post(page, press).status_code == 422, "nothing is ticked for her"
        assert client.post(page, press | {"agreed": "yes", "shown": "0" * 64}).status_code == 409
        assert not Mandate.objects.filter(kind="mother", agency=world.agency).exists()
        client.post(page, press | {"agreed": "yes"})
        made = Mandate.objects.get(kind="mother", agency=world.agency)
        assert not made.covers_twins
        seen = client.get(page).context
        assert seen["part"] == "twins"
        client.post(page, press | {"part": "twins", "shown": seen["shown"], "agreed": "yes"})
        made.refresh_from_db()
        assert made.covers_twins

    def test_signing_asks_for_a_fresh_proof_and_refusing_does_not(self, world, proposal) -> None:
        client, page = signed_in(world.maya, fresh=False), reverse("proposal", args=[proposal.pk])
        press = {"answer": "sign", "part": "mandate", "language": "en", "shown": client.get(page).context["shown"]}
        answer = client.post(page, press | {"agreed": "yes"})
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
        assert client.post(page, {"answer": "no", "part": "mandate"}).status_code == 302
        proposal.refresh_from_db()
        assert proposal.state == "refused"

    def test_ending_shows_what_it_touches_first(self, world) -> None:
        make.funded(world, title="Spring campaign")
        mandate = Mandate.objects.get(talent=world.talent, kind="local")
        for person, name in ((world.maya, "mandate_end"), (world.booker, "mandate_notice")):
            page = signed_in(person).get(reverse(name, args=[mandate.pk])).content.decode()
            assert "What this touches" in page and "Spring campaign" in page
        signed_in(world.maya).post(reverse("mandate_end", args=[mandate.pk]))
        mandate.refresh_from_db()
        assert not mandate.runs_on(timezone.now().date())


class TestCertificates:
    def test_says_that_it_is_being_made_and_then_hands_it_out(self, world) -> None:
        signature = signed_mandate_of(world.talent).proposal.signature
        page, file = (reverse(name, args=[signature.pk]) for name in ("certificate", "certificate_pdf"))
        client = signed_in(world.maya)
        assert "being made" in client.get(page).content.decode()
        assert client.get(file).status_code == 404
        make_certificate(signature_id=signature.pk)
        assert "being made" not in client.get(page).content.decode()
        answer = client.get(client.get(file)["Location"])
        assert answer.content.startswith(b"%PDF") and "attachment" in answer["Content-Disposition"]

    def test_the_agency_gets_its_own_mandates_and_never_a_consent(self, world) -> None:
        mandate = signed_mandate_of(world.talent).proposal.signature
        consent = Consent.objects.filter(talent=world.talent).first().signature
        assert signed_in(world.booker).get(reverse("certificate", args=[mandate.pk])).status_code == 200
        assert signed_in(world.booker).get(reverse("certificate", args=[consent.pk])).status_code == 404
        for stranger in (world.other_booker, world.mother_booker, world.other_model):
            assert signed_in(stranger).get(reverse("certificate", args=[mandate.pk])).status_code == 404
        assert signed_in(world.producer).get(reverse("certificate", args=[mandate.pk])).status_code == 403


class TestBlastRadius:
    @pytest.fixture
    def licence(self, world) -> Licence:
        booking = make.chosen(world, pictures=1)
        review.finish(by=world.producer.actor, booking=booking)
        return delivery.release_selected(booking=make.fresh(booking)).licence

    def test_of_publish_is_the_unused_usage_after_thirty_days_to_the_cent(self, world, licence) -> None:
        """A running licence ends early only by withdrawing publish: 30 days' notice, unused U refunded pro rata."""
        consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)
        row = blast_radius(consent).licences[0]
        terms = licence.booking.current_terms
        days = (licence.ends_on - licence.starts_on).days + 1
        unused = days - 31  # today, and thirty days more
        assert row.unused_days == unused
        usage = terms.quote["usage_minor"]
        assert row.refund.amount_minor == (2 * usage * unused + days) // (2 * days)
        received = sum(share["amount_minor"] for share in terms.split if share["party"] == world.talent.party)
        assert row.hers.amount_minor == (2 * row.refund.amount_minor * received + terms.fee_minor) // (
            2 * terms.fee_minor
        )
        assert 0 < row.hers.amount_minor < row.refund.amount_minor < usage

    def test_is_on_the_page_and_her_yes_ends_the_licence_by_itself(self, world, licence) -> None:
        consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)
        client, page = signed_in(world.maya), reverse("withdraw_consent", args=[consent.pk])
        shown = client.get(page).content.decode()
        assert world.brand.name in shown and "€" in shown
        client.post(page)
        consent.refresh_from_db()
        licence.refresh_from_db()
        assert consent.withdrawn_at and licence.cut_on == licence.starts_on + timedelta(days=30)
        told = Notice.objects.for_party(world.brand.party).latest("created_at").words("en")
        assert licence.code in told.title

    def test_of_promote_touches_no_licence(self, world, licence) -> None:
        assert blast_radius(Consent.objects.get(talent=world.talent, purpose=Purpose.PROMOTE)).touches_nothing
