"""After delivery: the label before the download, where pictures ran, how a licence ends, renews and is objected to."""

import socket
from datetime import date, timedelta

import pytest
from django.utils import timezone

from apps.bookings import labels
from apps.bookings.models import Booking, Deliverable, LabelChoice, Licence, Placement, TakedownNotice
from apps.bookings.services import (
    answers,
    closing,
    countering,
    delivery,
    ending,
    labelling,
    objecting,
    payment,
    placing,
    renewing,
)
from apps.bookings.services.crew import add_credit, crew_of, may_credit
from apps.bookings.states import State
from apps.bookings.tasks import sweep_deadlines
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.consents.models import Consent, Purpose
from apps.consents.services import grant, withdraw
from apps.generation.models import Voucher
from apps.ledger.services import audit, balance
from apps.media.services import read
from apps.notifications.models import Notice
from apps.payments.models import Charge
from apps.portal.blast_radius import blast_radius
from apps.pricing.quote import Quote
from apps.provenance import xmp
from apps.provenance.jpeg import xmp_packets
from apps.twins.services import pause
from tests.factories import bookings as make
from tests.factories import licences, negotiations
from tests.factories.identity import staff_member
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def licence(world: World) -> Licence:
    return licences.running(world)


def today() -> date:
    return timezone.now().date()


class TestLabelKit:
    """Label chosen by territory and channel before download (product.md, what the law asks)."""

    def test_no_download_before_a_label_is_chosen(self, world, licence):
        picture = Deliverable.objects.get(licence=licence)
        with pytest.raises(Refused, match="Choose first") as refused:
            delivery.hand_over(by=world.producer.actor, deliverable=picture, address="")
        assert refused.value.code == "no_label"

    @pytest.mark.parametrize(
        ("territory", "channel", "altered", "code", "words"),
        [
            ("US", "paid_social", False, "ny:en", "Synthetic performer"),
            ("US", "own", False, "standard", "AI-made"),
            ("DE", "ecommerce", False, "eu:de", "KI-generiert"),
            ("FR", "own", False, "eu:fr", "Généré par IA"),
            ("FR", "own", True, "fr-body:fr", "Photographie retouchée"),
            ("DE", "own", True, "eu:de", "KI-generiert"),
            ("SE", "tv", False, "eu:en", "AI-generated"),
            ("JP", "tv", False, "standard", "AI-made"),
            ("CH", "tv", False, "standard:de", "KI-gemacht"),
        ],
    )
    def test_the_market_chooses_the_label(self, territory, channel, altered, code, words):
        label = labels.label_for(territory, channel, body_altered=altered)
        assert label.code == code
        assert label.text.startswith(words)
        assert labels.label_of(code) == label

    def test_every_row_names_its_source_of_law_and_has_words_in_each_of_its_languages(self):
        for label in labels.every_label():
            assert label.rule.source and label.text and "$url" in label.caption
            assert len(label.code) <= LabelChoice._meta.get_field("label").max_length
        assert {rule.code: rule.since for rule in labels.RULES if rule.code in ("ny", "eu")} == {
            "ny": date(2026, 6, 9), "eu": date(2026, 8, 2),
        }  # fmt: skip

    def test_one_file_per_picture_and_label_signed_anew(self, world, licence):
        choice = labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
        labelling.make_labelled(choice_id=choice.pk)
        labelling.make_labelled(choice_id=choice.pk)
        made = Deliverable.objects.get(licence=licence, label="eu:de")
        first = Deliverable.objects.get(licence=licence, label="standard")
        assert made.sha256 != first.sha256
        packet = xmp.read(xmp_packets(read(made.file))[0])
        assert packet["Iptc4xmpExt:DigImageGUID"] == f"urn:uuid:{made.pk}"
        assert delivery.hand_over(by=world.producer.actor, deliverable=made, address="192.0.2.1")
        with pytest.raises(Refused, match="Choose first"):
            delivery.hand_over(by=world.producer.actor, deliverable=first, address="")

    def test_choosing_twice_is_one_choice(self, world, licence):
        for _ in range(2):
            labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
        assert licence.label_choices.count() == 1

    @pytest.mark.parametrize(
        ("territory", "channel", "field"), [("FR", "ecommerce", "territory"), ("DE", "tv", "channel")]
    )
    def test_a_market_outside_the_licence_has_no_label(self, world, licence, territory, channel, field):
        with pytest.raises(InvalidInput) as refused:
            labelling.choose_label(by=world.producer.actor, licence=licence, territory=territory, channel=channel)
        assert refused.value.field == field


class TestPlacements:
    """Placement receipts: where it ran, compared with the licence; over-use becomes an invoice."""

    def test_within_the_licence_nothing_is_owed_and_the_model_is_told(self, world, licence):
        row = licences.place(world, licence)
        assert (row.beyond, row.price) == ([], None)
        assert Notice.objects.for_party(world.talent.party).filter(kind="placement.logged").exists()

    @pytest.mark.parametrize(
        ("fields", "beyond"),
        [
            ({"medium": "tv"}, ["medium"]),
            ({"territories": ["DE", "FR"]}, ["territory"]),
            ({"first_on": -3}, ["early"]),
            ({"medium": "tv", "territories": ["FR"]}, ["medium", "territory"]),
            ({"last_on": 500}, ["late"]),
        ],
    )
    def test_what_lies_beyond_is_named(self, world, licence, fields, beyond):
        days = {key: today() + timedelta(days=value) for key, value in fields.items() if isinstance(value, int)}
        row = licences.place(world, licence, **(fields | days))
        assert row.beyond == beyond

    def test_over_use_is_invoiced_at_twice_the_usage_fee_to_the_cent(self, world, licence):
        row = licences.place(world, licence, medium="tv")
        price = placing.price_of(row)
        # U = 1,500 × 2 (e-commerce) × 1 × 1 = 3,000.00; twice 6,000.00; service 20 %, platform 8 %, VAT 19 %
        assert (price.session_minor, price.usage_minor) == (0, 600_000)
        assert (price.service_minor, price.platform_minor) == (120_000, 48_000)
        assert (price.net_minor, price.vat_minor, price.total_minor) == (768_000, 145_920, 913_920)

    def test_the_payment_is_shared_out_at_once_and_only_once(self, world, licence):
        row = licences.place(world, licence, medium="tv")
        before = {party: balance(f"payable:{party}", "EUR") for party in licences.parties(world)}
        charge = licences.paid(placing.checkout_over_use(by=world.producer.actor, placement=row))
        placing.settle_over_use(placement=row, charge=charge)
        row.refresh_from_db()
        assert row.paid_at
        earned = {party: before[party] - balance(f"payable:{party}", "EUR") for party in before}
        assert earned == {
            world.talent.party: 480_000,
            world.agency.party: 120_000 + 60_000,
            world.mother.party: 60_000,
        }
        assert balance(f"held:{row.ref}", "EUR") == 0
        assert audit().balanced

    def test_an_address_is_kept_and_never_opened(self, world, licence, monkeypatch):
        asked = []
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: asked.append(host) or [])
        monkeypatch.setattr(socket.socket, "connect", lambda itself, address: asked.append(address))
        row = licences.place(world, licence, url="http://169.254.169.254/latest/meta-data")
        assert not [one for one in asked if "169.254" in str(one)]
        assert row.url == "http://169.254.169.254/latest/meta-data"

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "not an address"])
    def test_only_addresses_of_the_web_are_kept(self, world, licence, url):
        with pytest.raises(InvalidInput) as refused:
            licences.place(world, licence, url=url)
        assert refused.value.field == "url"
        assert not Placement.objects.exists()


class TestEnd:
    def test_notices_thirty_seven_and_one_days_before_once_each(self, world, licence):
        told = []
        for left in (31, 30, 29, 8, 7, 2, 1, 0):
            Licence.objects.filter(pk=licence.pk).update(ends_on=today() + timedelta(days=left))
            Notice.objects.all().delete()
            ending.sweep()
            ending.sweep()
            told.append((left, Notice.objects.filter(kind="licence.ends_soon").count()))
        # to the brand, the model and the agency
        assert told == [(31, 0), (30, 3), (29, 0), (8, 0), (7, 3), (2, 0), (1, 3), (0, 0)]

    def test_a_late_sweep_sends_the_nearest_notice_only(self, world, licence):
        Licence.objects.filter(pk=licence.pk).update(ends_on=today() + timedelta(days=5))
        ending.sweep()
        licence.refresh_from_db()
        assert licence.noticed_days == 7
        assert Notice.objects.filter(kind="licence.ends_soon").count() == 3

    def test_expiry_closes_downloads_and_asks_for_a_statement_per_placement(self, world, licence):
        row = licences.place(world, licence)
        licences.over(licence)
        ending.sweep()
        licence.refresh_from_db()
        assert licence.state == Licence.State.EXPIRED
        notice = Notice.objects.for_party(world.brand.party).get(kind="licence.expired")
        assert notice.values["count"] == 1
        with pytest.raises(Refused, match="runs from"):
            delivery.open_for_download(licence)
        assert list(ending.without_statement()) == [row]

    def test_reminders_come_weekly_until_it_is_stated(self, world, licence):
        row = licences.place(world, licence)
        licences.over(licence)
        ending.sweep()
        due = Notice.objects.filter(kind="licence.statement_due")
        ending.sweep()
        assert due.count() == 0
        for week in (1, 2):
            Placement.objects.update(reminded_at=timezone.now() - timedelta(days=7))
            ending.sweep()
            assert due.count() == week
        placing.state_take_down(
            by=world.producer.actor,
            placement=row,
            taken_down_on=licence.ends_on - timedelta(days=1),
            taken_down_by="Paul",
        )
        Placement.objects.update(reminded_at=timezone.now() - timedelta(days=7))
        ending.sweep()
        assert due.count() == 2

    def test_taken_down_after_the_end_it_was_over_use(self, world, licence):
        row = licences.place(world, licence)
        licences.over(licence)
        stated = placing.state_take_down(
            by=world.producer.actor, placement=row, taken_down_on=today(), taken_down_by="Paul"
        )
        assert stated.beyond == ["late"]
        assert placing.price_of(stated).usage_minor == 600_000

    def test_a_statement_is_given_once(self, world, licence):
        row = licences.place(world, licence)
        given = {"by": world.producer.actor, "placement": row, "taken_down_on": today(), "taken_down_by": "Paul"}
        placing.state_take_down(**given)
        with pytest.raises(StaleState):
            placing.state_take_down(**given)


class TestWithdrawal:
    """Ending early only by withdrawing publish: 30 days' notice, unused U refunded pro rata and netted."""

    def withdraw(self, world):
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH))

    def test_running_licences_end_by_themselves_in_thirty_days(self, world, licence):
        self.withdraw(world)
        licence.refresh_from_db()
        assert licence.cut_on == today() + timedelta(days=30)
        assert licence.runs_on(licence.cut_on) and not licence.runs_on(licence.cut_on + timedelta(days=1))
        kinds = Notice.objects.filter(kind="licence.cut").values_list("to", flat=True)
        assert set(kinds) == {world.brand.party, world.talent.party, world.agency.party}

    def test_what_is_shown_before_is_what_happens_to_the_cent(self, world, licence):
        before = {party: balance(f"payable:{party}", "EUR") for party in licences.parties(world)}
        shown = blast_radius(Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)).licences[0]
        self.withdraw(world)
        ending.sweep()
        assert Licence.objects.get(pk=licence.pk).state == Licence.State.ACTIVE, "the notice is not over"
        Licence.objects.filter(pk=licence.pk).update(
            starts_on=licence.starts_on - timedelta(days=31), ends_on=licence.ends_on - timedelta(days=31),
            cut_on=today() - timedelta(days=1),
        )  # fmt: skip
        ending.sweep()
        ending.sweep()
        ended = Licence.objects.get(pk=licence.pk)
        assert (ended.state, ended.last_day) == (Licence.State.REVOKED, today() - timedelta(days=1))
        days = (licence.ends_on - licence.starts_on).days + 1
        expected = round(300_000 * shown.unused_days / days)
        assert shown.refund.amount_minor == expected
        charge = Charge.objects.get(ref=licence.booking.ref)
        assert charge.promised_minor == expected + round(expected * 0.19)
        lost = {party: balance(f"payable:{party}", "EUR") - before[party] for party in before}
        assert lost[world.talent.party] == shown.hers.amount_minor
        assert sum(lost.values()) == expected
        assert not licence.booking.rights.filter(released_at=None).exists()
        assert audit().balanced

    def test_other_consents_leave_licences_alone(self, world, licence):
        withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=Purpose.GENERATE))
        licence.refresh_from_db()
        assert licence.cut_on is None

    def test_a_licence_that_ends_within_the_notice_is_not_touched(self, world, licence):
        Licence.objects.filter(pk=licence.pk).update(ends_on=today() + timedelta(days=20))
        consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)
        assert blast_radius(consent).licences == []
        self.withdraw(world)
        licence.refresh_from_db()
        assert licence.cut_on is None

    def test_a_renewal_that_would_begin_after_the_notice_never_begins_and_all_of_u_goes_back(self, world, licence):
        new = licences.renewed(world, licence).licence
        paid = Charge.objects.get(ref=new.booking.ref).amount_minor
        shown = {row.licence: row for row in self.shown(world)}[new]
        self.withdraw(world)
        new.refresh_from_db()
        assert new.cut_on == new.starts_on - timedelta(days=1) == shown.ends_on
        ending.sweep()
        new.refresh_from_db()
        assert new.state == Licence.State.REVOKED
        charge = Charge.objects.get(ref=new.booking.ref)
        assert charge.promised_minor == 270_000 + 51_300, "U with its VAT; the fees were for the work of agreeing"
        assert charge.promised_minor < paid and shown.refund.amount_minor == 270_000
        assert not new.booking.rights.filter(released_at=None).exists()

    def test_a_renewal_that_begins_within_the_notice_ends_with_it(self, world, licence):
        Licence.objects.filter(pk=licence.pk).update(ends_on=today() + timedelta(days=9))
        licence.refresh_from_db()
        new = licences.renewed(world, licence).licence
        self.withdraw(world)
        new.refresh_from_db()
        assert (new.starts_on, new.cut_on) == (today() + timedelta(days=10), today() + timedelta(days=30))

    def shown(self, world):
        return blast_radius(Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)).licences

    def test_a_licence_under_notice_is_not_renewed(self, world, licence):
        self.withdraw(world)
        with pytest.raises(Refused, match="withdrew"):
            renewing.ask_renewal(by=world.producer.actor, licence=licence)


class TestRenewal:
    """Renewal: U again, 10 % less if agreed before the end; approved like a booking."""

    def test_before_the_end_it_costs_ten_percent_less_to_the_cent(self, world, licence):
        price = renewing.price_of_renewal(licence)
        assert (price.session_minor, price.usage_minor) == (0, 270_000)
        assert (price.service_minor, price.platform_minor, price.vat_minor) == (54_000, 21_600, 65_664)

    def test_after_the_end_the_usage_fee_again(self, world, licence):
        licences.over(licence)
        licence.refresh_from_db()
        assert renewing.price_of_renewal(licence).usage_minor == 300_000

    def test_it_is_asked_of_model_and_agency_blind_to_each_other(self, world, licence):
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        assert booking.state == State.SUBMITTED
        assert "again" in booking.current_terms.memo_text
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        assert make.fresh(booking).state == State.SUBMITTED

    def test_silence_ends_a_cheaper_renewal_with_the_licence(self, world, licence):
        Licence.objects.filter(pk=licence.pk).update(ends_on=today())
        licence.refresh_from_db()
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        assert booking.deadline_at.date() == today() + timedelta(days=1)
        assert booking.deadline_at <= timezone.now() + timedelta(days=1)

    def test_paid_it_runs_on_from_the_day_after_and_everybody_earns(self, world, licence):
        before = {party: balance(f"payable:{party}", "EUR") for party in licences.parties(world)}
        booking = licences.renewed(world, licence)
        new = booking.licence
        assert booking.state == State.DELIVERED
        assert (new.state, new.starts_on) == (Licence.State.ACTIVE, licence.ends_on + timedelta(days=1))
        earned = {party: before[party] - balance(f"payable:{party}", "EUR") for party in before}
        assert earned == {world.talent.party: 216_000, world.agency.party: 54_000 + 27_000, world.mother.party: 27_000}
        licences.over(licence)
        ending.sweep()
        licence.refresh_from_db()
        assert licence.state == Licence.State.RENEWED
        assert audit().balanced

    def agreed_and_paid_after(self, world, licence, event) -> Booking:
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        event()
        licences.paid(payment.checkout(by=world.producer.actor, booking=make.fresh(booking)))
        return renewing.start(booking=make.fresh(booking))

    def test_none_starts_after_publish_was_withdrawn_and_given_again_it_does(self, world, licence):
        """At once no new licence can start: also one that was agreed before and is paid only now."""
        consent = Consent.objects.get(talent=world.talent, purpose=Purpose.PUBLISH)
        booking = self.agreed_and_paid_after(world, licence, lambda: withdraw(by=world.maya.actor, consent=consent))
        assert booking.state == State.ON_HOLD and not Licence.objects.filter(booking=booking).exists()
        grant(
            by=world.maya.actor, talent=world.talent, purpose=Purpose.PUBLISH, scope="My face", rate_of_pay="As quoted",
            intended_uses=["Campaigns"], ends_at=timezone.now() + timedelta(days=1_000),
        )  # fmt: skip
        assert make.fresh(booking).state == State.FUNDED
        assert renewing.start(booking=make.fresh(booking)).state == State.DELIVERED
        assert not Voucher.objects.filter(subject=booking.ref).exists(), "a renewal makes no picture"

    def test_none_starts_while_the_twin_is_paused_and_after_fourteen_days_everything_goes_back(self, world, licence):
        booking = self.agreed_and_paid_after(world, licence, lambda: pause(by=world.maya.actor, twin=world.twin))
        assert booking.state == State.ON_HOLD
        Booking.objects.filter(pk=booking.pk).update(deadline_at=timezone.now())
        sweep_deadlines()
        assert make.fresh(booking).state == State.CANCELLED
        charge = Charge.objects.get(ref=booking.ref)
        assert charge.promised_minor == charge.amount_minor

    def test_it_is_negotiated_like_a_booking(self, world, licence):
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        booking = negotiations.counter(world, booking, window_months=6)
        assert (booking.state, booking.window_months) == (State.COUNTERED, 6)
        price = Quote.from_json(booking.current_terms.quote)
        assert (price.session_minor, price.usage_minor) == (0, 202_500), "six months, ten percent less"
        assert countering.accept_counter(by=world.producer.actor, booking=booking, version=2).state == State.AGREED

    def test_its_files_name_the_new_licence(self, world, licence):
        labelling.choose_label(by=world.producer.actor, licence=licence, territory="DE", channel="ecommerce")
        new = licences.renewed(world, licence).licence
        renewing.release_renewed(licence=new)
        made = Deliverable.objects.get(licence=new, label="eu:de")
        assert xmp.read(xmp_packets(read(made.file))[0])["plus:LicenseID"] == new.code

    def test_its_files_and_pages_name_the_crew_of_the_booking_that_made_its_pictures(self, world, licence):
        licence.booking.credits.create(role="photographer", name="Odile Marchetti", entered_by="test", position=1)
        booking = licences.renewed(world, licence)
        renewing.release_renewed(licence=booking.licence)
        made = Deliverable.objects.filter(licence=booking.licence).first()
        said = xmp.read(xmp_packets(read(made.file))[0])["dc:creator"]
        assert said == xmp.Items(("Odile Marchetti", "Double"), ordered=True)
        assert [credit.name for credit in crew_of(booking.licence)] == ["Odile Marchetti"]

    def test_nobody_is_named_on_a_renewal_itself(self, world, licence):
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        assert not may_credit(world.producer.actor, booking)
        with pytest.raises(Refused, match="makes no picture"):
            add_credit(by=world.producer.actor, booking=booking, role="hair", name="Ruth Okonjo")

    def test_only_one_at_a_time(self, world, licence):
        renewing.ask_renewal(by=world.producer.actor, licence=licence)
        with pytest.raises(StaleState, match="under way"):
            renewing.ask_renewal(by=world.producer.actor, licence=licence)

    def test_a_declined_one_makes_room_for_another(self, world, licence):
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        closing.cancel(by=world.producer.actor, booking=booking)
        assert renewing.ask_renewal(by=world.producer.actor, licence=licence).state == State.SUBMITTED

    def test_the_agency_of_now_earns_it(self, world, licence):
        """The agency at signing earns that licence, a new one the renewals."""
        licences.move_to_other_agency(world)
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        assert booking.agency == licences.other_agency(world)
        with pytest.raises(NotAllowed):
            answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")

    def test_an_extension_costs_the_difference(self, world, licence):
        price = renewing.price_of_extension(licence, media=["ecommerce", "own"], territories=["DE"], window_months=12)
        assert price.usage_minor == 150_000  # 1,500 × (3 − 2)

    def test_an_extension_of_nothing_is_refused(self, world, licence):
        with pytest.raises(InvalidInput):
            renewing.ask_extension(
                by=world.producer.actor, licence=licence, media=["ecommerce"], territories=["DE"], window_months=12
            )
        assert not Booking.objects.filter(renews=licence).exists()

    def test_an_extension_holds_from_the_payment_and_covers_what_was_beyond(self, world, licence):
        booking = renewing.ask_extension(
            by=world.producer.actor, licence=licence, media=["ecommerce", "tv"], territories=["DE"], window_months=24
        )
        new = licences.carried_out(world, booking).licence
        assert new.starts_on == today() and new.ends_on > licence.ends_on
        assert licences.place(world, licence, medium="tv").beyond == []

    def test_an_exclusive_licence_can_be_widened_by_its_own_brand(self, world):
        licence = licences.running(world, exclusivity="category")
        booking = renewing.ask_extension(
            by=world.producer.actor, licence=licence, media=["ecommerce"], territories=["DE", "FR"], window_months=24
        )
        licences.carried_out(world, booking)
        lanes = booking.rights.filter(released_at=None).values_list("territory", "window")
        starts = {territory: window.lower for territory, window in lanes}
        assert starts == {"DE": licence.ends_on + timedelta(days=1), "FR": today()}

    def test_an_exclusivity_agreed_meanwhile_stands_against_it(self, world, licence):
        booking = renewing.ask_renewal(by=world.producer.actor, licence=licence)
        licences.exclusive_for_somebody_else(world, after=licence.ends_on)
        answers.answer(by=world.booker.actor, booking=booking, version=1, answer="yes")
        with pytest.raises(Refused):
            answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")


class TestObjections:
    """A notice form with a 48-hour clock (TAKE IT DOWN)."""

    def objected(self, licence) -> TakedownNotice:
        return objecting.object_to(licence=licence, name="Ada", email="ada@tests.example", words="That is me.")

    def test_anybody_may_and_staff_have_48_hours(self, licence):
        notice = self.objected(licence)
        assert timedelta(hours=47) < notice.due_at - timezone.now() <= timedelta(hours=48)
        assert Notice.objects.filter(kind="takedown.received").count() == 1
        assert delivery.open_for_download(licence)

    def test_silence_closes_the_downloads(self, licence):
        notice = self.objected(licence)
        objecting.close_overdue(notice=notice)
        assert delivery.open_for_download(licence)
        TakedownNotice.objects.update(due_at=timezone.now())
        assert list(objecting.overdue()) == [notice]
        objecting.close_overdue(notice=notice)
        with pytest.raises(Refused) as refused:
            delivery.open_for_download(licence)
        assert refused.value.code == "licence_suspended"

    @pytest.mark.parametrize("upheld", [True, False])
    def test_staff_decide_with_a_reason_and_the_trail_keeps_it(self, licence, upheld):
        notice = self.objected(licence)
        objecting.suspend(by=staff_member(), notice=notice)
        with pytest.raises(InvalidInput):
            objecting.decide(by=staff_member(), notice=notice, upheld=upheld, reason=" ")
        decided = objecting.decide(by=staff_member(), notice=notice, upheld=upheld, reason="The consent is there.")
        assert decided.decided_by == staff_member()
        assert TakedownNotice.objects.suspending().exists() is upheld
        with pytest.raises(StaleState):
            objecting.decide(by=staff_member(), notice=notice, upheld=upheld, reason="Again")

    def test_nobody_else_decides(self, world, licence):
        with pytest.raises(NotAllowed):
            objecting.decide(by=world.maya.user, notice=self.objected(licence), upheld=True, reason="Mine")
