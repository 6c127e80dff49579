"""The crew's split (product.md, 14): given by the brand beside the fee, agreed like every term, paid and earned to the
cent, kept for whoever is named until she claims it."""

from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import Event
from apps.bookings.memo import changes
from apps.bookings.models import Booking, Review
from apps.bookings.services import answers, closing, compose, countering, crew, delivery, making, payment, review
from apps.bookings.services.renewing import ask_renewal, price_of_renewal
from apps.bookings.states import State
from apps.bookings.terms import facts_of_terms
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.crew.models import CrewMember
from apps.crew.services import claim, say_country
from apps.demonstration.composed import name_crew
from apps.demonstration.history.stories import STORIES, Ending
from apps.generation.models import Job
from apps.ledger.services import audit, balance
from apps.notifications.models import Mail, Notice
from apps.payments.models import Charge, PayoutAccount
from apps.royalties.models import Royalty, Split
from apps.royalties.statements import owed, statement
from apps.sandbox import payees
from apps.twins.services import pause
from tests.factories import bookings as make
from tests.factories import negotiations
from tests.factories.clients import signed_in
from tests.factories.payouts import link_of
from tests.factories.people import Person, World, make_user, make_world
from tests.fakes import stripe_site

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"], transaction=True)

GIVEN = 60_000
# Of F 4,500.00 for two pictures: 900.00 service, 360.00 platform, with 600.00 for the crew net 6,360.00, VAT 1,208.40.
PAID = 756_840


@pytest.fixture
def world() -> World:
    return make_world()


def member(email: str) -> CrewMember:
    return CrewMember.objects.get(email=email)


def waits_for(email: str) -> int:
    return owed(member(email).party, "EUR")


def reader_of(email: str, *, slug: str = "") -> Person:
    """Somebody with an ordinary account who has confirmed this address."""
    user = make_user(slug or email.partition("@")[0])
    EmailAddress.objects.update_or_create(email=email, defaults={"user": user, "verified": True})
    return Person(user, None)


def credit_of(booking: Booking, name: str):
    return booking.credits.get(name=name)


def passed(world: World, **fields) -> Booking:
    booking = make.in_review(world, **fields)
    for picture in booking.reviews.select_related("booking__twin__talent", "look"):
        review.decide(by=world.maya.actor, review=picture, passed=True)
    return make.fresh(booking)


def deliver(world: World, booking: Booking) -> Booking:
    review.finish(by=world.producer.actor, booking=booking)
    booking = make.fresh(delivery.release_selected(booking=make.fresh(booking)))
    assert booking.state == State.DELIVERED
    return booking


class TestComposing:
    def test_it_stands_in_the_quote_and_nobodys_share_shrinks(self, world):
        plain = make.submitted(world, pictures=40).current_terms
        closing.cancel(by=world.producer.actor, booking=plain.booking)
        terms = make.submitted(world, pictures=40, crew=make.CREW).current_terms
        assert (plain.total_minor, terms.total_minor) == (799_680, 871_080)
        assert terms.quote["crew_minor"] == GIVEN and terms.fee_minor == plain.fee_minor
        given = [share for share in terms.split if share["kind"] == "crew"]
        assert [(share["party"], share["amount_minor"]) for share in given] == [
            (member("odile@crew.example").party, 40_000),
            (member("ruth@crew.example").party, 20_000),
        ]
        assert [share for share in terms.split if share["kind"] not in ("crew", "vat")] == [
            share for share in plain.split if share["kind"] != "vat"
        ]
        assert sum(share["amount_minor"] for share in terms.split) == terms.total_minor

    def test_a_draft_makes_nobody_a_payee_and_tells_nobody(self, world):
        booking = make.draft(world, crew=make.CREW)
        assert sum(booking.crew_split.values()) == GIVEN
        assert not CrewMember.objects.exists() and not Mail.objects.exists()

    def test_a_name_taken_off_a_draft_takes_its_share_along(self, world):
        booking = make.draft(world, pictures=40, crew=make.CREW)
        crew.remove_credit(by=world.producer.actor, credit=credit_of(booking, "Odile Marchetti"))
        terms = compose.submit(by=world.producer.actor, booking=booking).current_terms
        assert terms.quote["crew_minor"] == 20_000 and [row["name"] for row in terms.crew] == ["Ruth Okonjo"]

    def test_one_address_is_one_payee_however_often_it_is_named(self, world):
        twice = [*make.CREW[:1], ("stylist", "O. Marchetti", " Odile@Crew.example ", 5_000)]
        terms = make.submitted(world, crew=twice).current_terms
        assert CrewMember.objects.get().name == "Odile Marchetti"
        assert [share["amount_minor"] for share in terms.split if share["kind"] == "crew"] == [45_000]
        assert [row["amount_minor"] for row in terms.crew] == [40_000, 5_000]

    @pytest.mark.parametrize(
        ("email", "share", "field"),
        [
            ("", 40_000, "email"),
            ("nowhere", 40_000, "email"),
            ("odile@crew.example", 0, "share"),
            ("odile@crew.example", -1, "share"),
            ("odile@crew.example", 10_000_001, "share"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_named(self, world, email, share, field):
        booking = make.draft(world)
        with pytest.raises(InvalidInput) as refused:
            crew.add_credit(
                by=world.producer.actor, booking=booking, role="hair", name="Ruth", email=email, share_minor=share
            )
        assert refused.value.field == field
        assert not booking.credits.exists() and make.fresh(booking).crew_split == {}

    def test_the_whole_crew_has_one_limit(self, world):
        booking = make.draft(world, crew=[("hair", "Ruth", "ruth@crew.example", 9_999_999)])
        with pytest.raises(InvalidInput):
            crew.add_credit(
                by=world.producer.actor, booking=booking, role="hair", name="Ada", email="a@crew.example", share_minor=2
            )

    def test_who_gives_is_the_brand_alone_and_before_it_has_sent(self, world):
        booking = make.submitted(world, crew=make.CREW)
        share = {"role": "hair", "name": "Ada", "email": "ada@crew.example", "share_minor": 1_000}
        with pytest.raises(StaleState):
            crew.add_credit(by=world.producer.actor, booking=booking, **share)
        for who in ("booker", "maya", "rival_producer", "mother_booker"):
            with pytest.raises(NotAllowed):
                crew.add_credit(by=getattr(world, who).actor, booking=booking, **share)


class TestTerms:
    def test_the_memo_names_everybody_who_is_given_something(self, world):
        terms = make.submitted(world, crew=make.CREW).current_terms
        assert "Odile Marchetti (photographer)" in terms.memo_text and "400.00" in terms.memo_text.replace("\xa0", " ")
        assert "Tomás Varga" not in terms.memo_text
        assert "crew" not in make.submitted(world, brand="rival_producer").current_terms.memo_text

    def test_what_the_terms_give_cannot_lose_its_name(self, world):
        booking = make.submitted(world, crew=make.CREW)
        for who in (world.producer, world.booker):
            with pytest.raises(Refused, match="the name stays"):
                crew.remove_credit(by=who.actor, credit=credit_of(booking, "Odile Marchetti"))
        crew.remove_credit(by=world.booker.actor, credit=credit_of(booking, "Tomás Varga"))

    def test_a_joint_version_keeps_it(self, world):
        booking = negotiations.counter(world, make.submitted(world, crew=make.CREW))
        assert booking.current_terms.quote["crew_minor"] == GIVEN
        assert booking.crew_split == {row["credit"]: row["amount_minor"] for row in booking.current_terms.crew}

    def test_another_split_is_another_version_that_needs_another_yes(self, world):
        booking = negotiations.counter(world, make.submitted(world, crew=make.CREW))
        before = booking.current_terms
        odile, tomas = credit_of(booking, "Odile Marchetti"), credit_of(booking, "Tomás Varga")
        with pytest.raises(InvalidInput, match="no e-mail address"):
            self.own(world, booking, {str(tomas.pk): 1_000})
        booking = make.fresh(self.own(world, booking, {str(odile.pk): 55_000}))
        after = booking.current_terms
        assert booking.state == State.SUBMITTED and after.version == before.version + 1
        assert not after.approvals.exists() and after.memo_sha256 != before.memo_sha256
        before.booking = after.booking = booking
        told = {change.label: change for change in changes(facts_of_terms(before), facts_of_terms(after))}
        change = told["Given to the crew beside the fee"]
        assert "Ruth Okonjo" in change.before and "Ruth Okonjo" not in change.after and "550.00" in change.after
        crew.remove_credit(by=world.producer.actor, credit=credit_of(booking, "Ruth Okonjo"))
        assert member("ruth@crew.example"), "who was a payee once stays one"

    @pytest.mark.parametrize("amount", [0, -5, 10_000_001])
    def test_a_version_gives_nobody_nothing(self, world, amount):
        booking = negotiations.counter(world, make.submitted(world, crew=make.CREW))
        with pytest.raises(InvalidInput) as refused:
            self.own(world, booking, {str(credit_of(booking, "Odile Marchetti").pk): amount})
        assert refused.value.field == "crew_split"
        assert make.fresh(booking).state == State.COUNTERED

    def test_a_version_gives_only_people_of_this_booking(self, world):
        other = make.submitted(world, brand="rival_producer", crew=make.CREW)
        booking = negotiations.counter(world, make.submitted(world))
        with pytest.raises(InvalidInput):
            self.own(world, booking, {str(other.credits.first().pk): 1_000})

    def own(self, world, booking, split):
        terms = booking.current_terms
        return countering.resubmit(
            by=world.producer.actor, booking=make.fresh(booking), version=terms.version, pictures=terms.pictures,
            media=["ecommerce"], crew_split=split,
        )  # fmt: skip


class TestBlind:
    def test_nobody_of_the_crew_hears_of_it_before_she_has_earned(self, world):
        """A mail would tell of a request whose answers are sealed, or that is never agreed."""
        booking = make.agreed(world, crew=make.CREW)
        assert not Mail.objects.filter(address__endswith="crew.example").exists()
        answers.take_back(by=world.maya.actor, booking=booking)
        closing.cancel(by=world.producer.actor, booking=make.fresh(booking))
        assert not Notice.objects.filter(to__startswith="crew:").exists()
        assert not Royalty.objects.exists() and waits_for("odile@crew.example") == 0


class TestMoney:
    def test_paid_it_is_held_and_delivered_it_is_earned(self, world):
        booking = make.chosen(world, crew=make.CREW)
        charge = Charge.objects.get(ref=booking.ref)
        assert (charge.amount_minor, charge.held_minor, charge.vat_minor) == (PAID, 636_000, 120_840)
        assert balance(f"held:{booking.ref}", "EUR") == -636_000 and waits_for("odile@crew.example") == 0
        assert Split.objects.get(charge_ref=booking.ref).crew_minor == GIVEN
        deliver(world, booking)
        assert balance(f"held:{booking.ref}", "EUR") == 0
        assert (waits_for("odile@crew.example"), waits_for("ruth@crew.example")) == (40_000, 20_000)
        assert owed(world.talent.party, "EUR") == 360_000, "her own part is what it would be without a crew"
        assert owed(world.agency.party, "EUR") == 90_000 + 45_000 and owed(world.mother.party, "EUR") == 45_000
        assert balance("platform:fees", "EUR") == -36_000 and balance("vat:DE", "EUR") == -120_840
        assert audit().balanced

    def test_delivered_with_fewer_pictures_the_missing_share_goes_back(self, world):
        """One of two: F 2,250.00, service 450.00, platform 180.00, crew 300.00, VAT of 3,180.00 604.20."""
        booking = make.in_review(world, crew=make.CREW)
        first, second = booking.reviews.select_related("booking__twin__talent", "look")
        review.decide(by=world.maya.actor, review=first, passed=True)
        review.decide(by=world.maya.actor, review=second, passed=False)
        while open_jobs := list(Job.objects.of_booking(booking.ref).open()):
            making.receive_candidate(candidate=make.make_candidate(open_jobs[0]))
            waiting = Review.objects.select_related("booking__twin__talent", "look").get(decision="waiting")
            review.decide(by=world.maya.actor, review=waiting, passed=False)
        first.refresh_from_db()
        review.select(by=world.producer.actor, review=first, chosen=True)
        deliver(world, make.fresh(booking))
        charge = Charge.objects.get(ref=booking.ref)
        assert charge.promised_minor == PAID // 2
        assert (waits_for("odile@crew.example"), waits_for("ruth@crew.example")) == (20_000, 10_000)
        stripe_site.work()
        assert balance(f"held:{booking.ref}", "EUR") == 0 and balance("vat:DE", "EUR") == -60_420
        assert audit().balanced

    @pytest.mark.parametrize(
        ("stands", "stays", "kept"),
        [
            # a quarter of S is 375.00 of 4,500.00: of 600.00 50.00; net 530.00, VAT 100.70
            (make.funded, 63_070, {"odile@crew.example": 3_333, "ruth@crew.example": 1_667}),
            (make.generating, 63_070, {"odile@crew.example": 3_333, "ruth@crew.example": 1_667}),
            # S is 1,500.00 of 4,500.00: of 600.00 200.00; net 2,120.00, VAT 402.80
            (passed, 252_280, {"odile@crew.example": 13_333, "ruth@crew.example": 6_667}),
            (make.chosen, PAID, {"odile@crew.example": 40_000, "ruth@crew.example": 20_000}),
        ],
    )
    def test_cancelled_by_the_brand_the_crew_keeps_what_stays_of_the_fee(self, world, stands, stays, kept):
        booking = stands(world, crew=make.CREW)
        closing.cancel(by=world.producer.actor, booking=booking)
        charge = Charge.objects.get(ref=booking.ref)
        assert charge.amount_minor - charge.promised_minor == stays
        assert {email: waits_for(email) for email in kept} == kept
        assert set(Mail.objects.filter(notice__kind="crew.earned").values_list("address", flat=True)) == set(kept)
        stripe_site.work()
        assert balance(f"held:{booking.ref}", "EUR") == 0 and audit().balanced

    @pytest.mark.parametrize("stands", [make.draft, make.submitted, make.agreed])
    def test_cancelled_before_the_payment_nothing_is_owed(self, world, stands):
        closing.cancel(by=world.producer.actor, booking=stands(world, crew=make.CREW))
        assert not Charge.objects.exists() and not Royalty.objects.exists()

    def test_on_hold_for_too_long_everything_goes_back_the_crews_part_too(self, world):
        booking = make.funded(world, crew=make.CREW)
        pause(by=world.maya.actor, twin=world.twin)
        making.hold_all_of(twin=world.twin)
        Booking.objects.update(deadline_at=timezone.now())
        closing.cancel_held(booking=make.fresh(booking))
        assert Charge.objects.get().promised_minor == PAID and waits_for("odile@crew.example") == 0
        assert set(Royalty.objects.filter(kind="crew").values_list("state", flat=True)) == {"lapsed"}
        assert not Notice.objects.filter(kind="crew.earned").exists(), "nobody is told of nothing"

    def test_a_renewal_carries_no_crew_split(self, world):
        booking = deliver(world, make.chosen(world, crew=make.CREW))
        licence = booking.licence
        licence.refresh_from_db()
        assert price_of_renewal(licence).crew_minor == 0
        again = ask_renewal(by=world.producer.actor, licence=licence)
        assert again.crew_split == {} and again.current_terms.crew == []
        assert "crew_minor" not in again.current_terms.quote

    def test_paying_twice_for_the_same_agreement_freezes_it_once(self, world):
        booking = make.funded(world, crew=make.CREW)
        payment.fund(booking=booking, charge=Charge.objects.get())
        assert Royalty.objects.filter(kind="crew").count() == 2


class TestStatement:
    def test_her_month_lists_her_own_shares_and_nothing_of_anybody_else(self, world):
        booking = deliver(world, make.chosen(world, crew=make.CREW))
        today = timezone.now().date()
        party = member("odile@crew.example").party
        sheet = statement(party, today.year, today.month)
        assert [(line.label, line.amount_minor, line.ref) for line in sheet.lines] == [
            ("Share of the crew", 40_000, booking.ref)
        ]
        assert sheet.closing_minor == 40_000
        assert [(part.party, part.amount_minor) for charge in sheet.charges for part in charge.parts] == [
            (party, 40_000)
        ]
        assert [charge.fee_minor for charge in sheet.charges] == [0], "what the model earned is not hers to read"

    @pytest.mark.parametrize("who", ["maya", "booker", "mother_booker"])
    def test_the_parties_months_name_the_crew_beside_their_own(self, world, who):
        deliver(world, make.chosen(world, crew=make.CREW))
        today = timezone.now().date()
        person = getattr(world, who)
        html = signed_in(person).get(reverse("statement", args=[today.year, today.month])).content.decode()
        assert ("share of the crew" in html) == (who != "mother_booker"), "she sees the fee and her own part"
        assert ("Double, platform fee" in html) == (who != "mother_booker"), "no part is left out"


class TestDemonstration:
    def test_one_story_gives_its_crew_something(self, world):
        """The brand of the demonstration that is called like this one's rival."""
        story = next(story for story in STORIES if story.given)
        assert story.short and story.ending == Ending.DELIVERED and story.brand == world.rival.slug
        booking = make.draft(world, brand="rival_producer")
        for _ in range(2):
            name_crew(by=world.rival_producer.actor, booking=make.fresh(booking), given=dict(story.given))
        booking = make.fresh(booking)
        assert sum(booking.crew_split.values()) == 84_000 and booking.credits.count() == 3
        assert {credit.email for credit in booking.credits.all()} == {
            "odile-marchetti@double.example", "tomas-varga@double.example", "",
        }  # fmt: skip


class TestClaiming:
    """She has no dashboards: a mail, a link, one page."""

    @pytest.fixture
    def delivered(self, world) -> Booking:
        return deliver(world, make.chosen(world, crew=make.CREW))

    @pytest.fixture
    def odile(self) -> Person:
        return reader_of("odile@crew.example")

    def link(self) -> str:
        return Notice.objects.get(to=member("odile@crew.example").party).url

    def test_the_mail_tells_who_gave_how_much_and_nothing_else(self, delivered, world):
        mail = Mail.objects.select_related("notice").get(address="odile@crew.example")
        words = mail.notice.words("en")
        assert world.brand.name in words.title and "400.00" in words.title
        assert world.talent.stage_name not in words.title + words.body.replace(delivered.title, "")

    def test_a_stranger_reads_that_something_is_kept_and_is_asked_to_sign_in(self, delivered, client):
        page = client.get(self.link())
        assert page.status_code == 200 and "odile@crew.example" in page.content.decode()
        assert reverse("account_login") in page.content.decode() and "400.00" not in page.content.decode()
        assert client.post(self.link()).status_code == 200 and not member("odile@crew.example").claimed_at

    def test_whoever_has_the_address_claims_it_and_meets_her_page(self, delivered, odile, world):
        client = signed_in(odile)
        shown = client.post(self.link(), follow=True).content.decode()
        assert member("odile@crew.example").user == odile.user
        assert delivered.title in shown and world.brand.name in shown and "Photographer" in shown and "400.00" in shown
        assert "200.00" not in shown and world.talent.stage_name not in shown.replace(delivered.title, "")
        assert client.get(self.link()).headers["Location"] == reverse("crew_page")
        assert client.get(reverse("landing")).headers["Location"] == reverse("crew_page")
        assert client.get(reverse("earnings")).status_code == 403, "she has no dashboards"
        assert Event.objects.filter(kind="crew.claimed").count() == 1

    def test_nobody_with_another_address_does(self, delivered, world):
        client = signed_in(reader_of("ruth@crew.example"))
        assert client.post(self.link()).status_code == 422
        assert not member("odile@crew.example").claimed_at
        unconfirmed = make_user("odile2")
        EmailAddress.objects.create(user=unconfirmed, email="odile@crew.example", verified=False)
        with pytest.raises(NotAllowed):
            claim(user=unconfirmed, member=member("odile@crew.example"))

    def test_what_is_claimed_is_nobody_elses(self, delivered, odile):
        claim(user=odile.user, member=member("odile@crew.example"))
        claim(user=odile.user, member=member("odile@crew.example"))
        other = make_user("odile3")
        EmailAddress.objects.filter(user=odile.user).update(user=other)
        with pytest.raises(StaleState):
            claim(user=other, member=member("odile@crew.example"))
        assert Event.objects.filter(kind="crew.claimed").count() == 1

    def test_a_link_that_was_made_up_is_none(self, client):
        for token in ("nothing", signing.dumps(str(uuid4()), salt="crew.claim"), signing.dumps("x", salt="other")):
            assert client.get(reverse("crew_claim", args=[token])).status_code == 404

    def test_what_is_earned_later_is_told_with_her_own_page(self, delivered, odile, world):
        claim(user=odile.user, member=member("odile@crew.example"))
        closing.cancel(by=world.producer.actor, booking=make.funded(world, crew=make.CREW))
        later = Notice.objects.filter(to=member("odile@crew.example").party).first()
        assert later.url == reverse("crew_page") and later.mails.get().address == odile.user.email
        assert waits_for("odile@crew.example") == 40_000 + 3_333

    def test_an_account_that_is_closed_loses_nothing(self, delivered, odile):
        claim(user=odile.user, member=member("odile@crew.example"))
        odile.user.delete()
        assert waits_for("odile@crew.example") == 40_000
        again = reader_of("odile@crew.example", slug="odile4")
        assert claim(user=again.user, member=member("odile@crew.example")).user == again.user


class TestPayouts:
    @pytest.fixture
    def client(self, world):
        deliver(world, make.chosen(world, crew=make.CREW))
        odile = reader_of("odile@crew.example")
        claim(user=odile.user, member=member("odile@crew.example"))
        return signed_in(odile)

    def press(self, client, **typed):
        return client.post(reverse("crew_payouts", args=[member("odile@crew.example").pk]), typed)

    def test_a_press_leads_to_stripe_and_back_to_an_active_account(self, client):
        led = self.press(client, country="FR")
        assert led.status_code == 302 and "/sandbox/onboarding/" in led["Location"]
        payees.fill_in(link_of(led["Location"]), outcome="complete")
        back = reverse("crew_payouts_back", args=[member("odile@crew.example").pk])
        assert "<b>Active.</b>" in client.get(back, follow=True).content.decode()
        account = PayoutAccount.objects.get()
        assert (account.party, account.country, account.state) == (member("odile@crew.example").party, "FR", "active")
        assert Notice.objects.get(to=account.party, kind="payout.active").url == reverse("crew_page")

    @pytest.mark.parametrize(("typed", "words"), [({}, "Choose the country"), ({"country": "XX"}, "valid choice")])
    def test_a_wrong_country_is_told_beside_its_field(self, client, typed, words):
        answer = self.press(client, **typed)
        assert answer.status_code == 422 and words in answer.content.decode() and not PayoutAccount.objects.exists()

    def test_where_stripe_does_not_reach_the_money_stays_hers(self, client):
        answer = self.press(client, country="BR")
        assert answer.status_code == 422 and "Stripe does not reach Brazil" in answer.content.decode()
        assert waits_for("odile@crew.example") == 40_000

    def test_an_old_sign_in_leads_through_a_fresh_one(self, client):
        odile = Person(member("odile@crew.example").user, None)
        answer = self.press(signed_in(odile, fresh=False), country="FR")
        assert answer["Location"].startswith(reverse("account_reauthenticate"))

    def test_nobody_elses_is_there(self, client, world):
        ruth = reverse("crew_payouts", args=[member("ruth@crew.example").pk])
        assert client.post(ruth, {"country": "FR"}).status_code == 404
        assert client.get(reverse("crew_payouts_back", args=[member("ruth@crew.example").pk])).status_code == 404
        with pytest.raises(NotAllowed):
            say_country(user=world.maya.user, member=member("odile@crew.example"), country="FR")


class TestTyping:
    """Beside the composer, and in the brand's own version."""

    TYPED = {
        "role": "photographer", "role_text": "", "name": "Odile Marchetti", "contact": "",
        "email": "odile@crew.example", "share": "400.00",
    }  # fmt: skip

    def add(self, world, booking, headers=None, who="producer", **typed):
        client = signed_in(getattr(world, who))
        return client.post(reverse("credit_add", args=[booking.pk]), self.TYPED | typed, headers=headers)

    def test_a_share_is_typed_beside_the_composer_and_the_price_follows(self, world):
        booking = make.draft(world, pictures=40)
        answer = self.add(world, booking, headers={"HX-Request": "true"})
        html = answer.content.decode()
        assert answer.headers["HX-Trigger"] == "crew-changed" and "<html" not in html
        assert "400.00 beside the fee" in html and "odile@crew.example" in html
        assert sum(make.fresh(booking).crew_split.values()) == 40_000
        page = signed_in(world.producer).get(reverse("booking_compose", args=[booking.pk])).content.decode()
        assert "crew-changed from:body" in page and "<dt>Crew</dt>" in page
        assert "8,472.80" in page, "7,120.00 and 19 % of it"

    def test_without_a_script_it_leads_back_to_the_composer(self, world):
        booking = make.draft(world)
        assert self.add(world, booking).headers["Location"] == reverse("booking", args=[booking.pk])
        client = signed_in(world.producer)
        client.post(reverse("credit_remove", args=[booking.credits.get().pk]))
        assert make.fresh(booking).crew_split == {}

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"email": ""}, "Where is her share told of?"),
            ({"email": "nowhere"}, "valid email"),
            ({"share": "0"}, "More than nothing"),
            ({"share": "-3"}, "More than nothing"),
            ({"share": "lots"}, "An amount like"),
            ({"share": "100000.01"}, "at most 100,000"),
        ],
    )
    @pytest.mark.parametrize("headers", [None, {"HX-Request": "true"}])
    def test_wrong_input_is_told_beside_its_field_and_nothing_typed_is_lost(self, world, typed, words, headers):
        booking = make.draft(world)
        answer = self.add(world, booking, headers=headers, **typed)
        html = answer.content.decode()
        assert answer.status_code == 422 and words in html and "Odile Marchetti" in html
        assert not booking.credits.exists()

    @pytest.mark.parametrize("who", ["producer", "booker"])
    def test_once_sent_nobody_is_offered_a_share(self, world, who):
        booking = make.submitted(world, crew=make.CREW)
        name = "booking" if who == "producer" else "request"
        html = signed_in(getattr(world, who)).get(reverse(name, args=[booking.pk])).content.decode()
        assert 'name="share"' not in html and "400.00 beside the fee" in html
        assert ("odile@crew.example" in html) == (who == "producer"), "an address is for whoever pays at it"
        self.add(world, booking, who=who, name="Ada Lind", share="400.00")
        assert make.fresh(booking).crew_split == booking.crew_split

    def test_the_parties_read_it_in_the_split_and_it_is_off_nobodys_part(self, world):
        booking = make.submitted(world, crew=make.CREW)
        html = signed_in(world.maya).get(reverse("request", args=[booking.pk])).content.decode()
        assert "Odile Marchetti, crew, beside the fee" in html and "odile@crew.example" not in html

    def own(self, world, booking, **typed):
        client = signed_in(world.producer)
        fields = {
            "version": booking.version, "pictures": 4, "medium": "ecommerce", "countries": ["DE"], "window_months": 6,
            "exclusivity": "none", "category": "fashion", "fee": "", "starts_on": "", "further_country": "",
        }  # fmt: skip
        return client.post(reverse("counter_own", args=[booking.pk]), fields | typed)

    def test_the_brands_own_version_changes_it(self, world):
        booking = negotiations.counter(world, make.submitted(world, pictures=4, crew=make.CREW))
        odile, ruth = credit_of(booking, "Odile Marchetti"), credit_of(booking, "Ruth Okonjo")
        page = signed_in(world.producer).get(reverse("counter_own", args=[booking.pk])).content.decode()
        assert f'name="crew-{odile.pk}" value="400' in page and "Tomás Varga" not in page
        wrong = self.own(world, booking, **{f"crew-{odile.pk}": "-1"})
        assert wrong.status_code == 422 and "More than nothing" in wrong.content.decode()
        assert self.own(world, booking, **{f"crew-{odile.pk}": "550.00"}).status_code == 302
        booking = make.fresh(booking)
        assert booking.crew_split == {str(odile.pk): 55_000} and str(ruth.pk) not in booking.crew_split
        assert booking.current_terms.quote["crew_minor"] == 55_000
