"""The deal memo. New York Fashion Workers Act: deal memo before work in the model's language."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bookings import guards, memo
from apps.bookings import terms as terms_of
from apps.bookings.agreement import agreed_memo, read_memo
from apps.bookings.models import Booking
from apps.bookings.services import answers
from apps.bookings.states import State
from apps.common.canonical import sha256_hex
from apps.common.errors import StaleState
from apps.common.legal_texts import LANGUAGES, words
from apps.common.vocabulary import Category, Exclusivity, Medium
from apps.integrations.pdf.reader import examine
from apps.media.services import read
from apps.pricing.models import DayRate
from apps.signatures.certificates import make
from apps.signatures.models import Signature
from tests.factories.bookings import agreed, fresh, submitted
from tests.factories.clients import signed_in
from tests.factories.people import World, make_member, make_world

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

FIRST_LINE = {
    "en": "Deal memo",
    "fr": "Mémo de l’accord",
    "de": "Auftragsmemo",
    "it": "Memo dell’accordo",
    "es": "Memo del acuerdo",
}


@pytest.fixture
def world() -> World:
    return make_world()


def reads(world: World, language: str) -> None:
    world.maya.user.language = language
    world.maya.user.save(update_fields=["language"])


def pages(booking: Booking) -> dict[str, str]:
    return {name: reverse(name, args=[booking.pk]) for name in ("deal_memo", "deal_memo_pdf")}


class TestItsLanguage:
    """New York Fashion Workers Act: deal memo before work in the model's language."""

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_is_written_and_signed_in_hers(self, world, language):
        reads(world, language)
        terms = submitted(world, territories=["DE", "FR"]).current_terms
        assert terms.memo_language == language
        assert terms.memo_text.startswith(FIRST_LINE[language])
        assert sha256_hex(terms.memo_text.encode()) == terms.memo_sha256
        answers.answer(by=world.maya.actor, booking=terms.booking, version=1, answer="yes")
        signature = Signature.objects.get(kind="deal_memo")
        assert (signature.language, signature.text) == (language, terms.memo_text)

    def test_money_dates_countries_media_and_categories_are_in_it_too(self, world):
        reads(world, "de")
        text = submitted(
            world, pictures=40, territories=["DE", "FR"], starts_on=date(2027, 3, 5), category="footwear"
        ).current_terms.memo_text
        for said in ("11.424,00\N{NO-BREAK SPACE}€", "6.000,00\N{NO-BREAK SPACE}€", "dem 5. März 2027",
                     "Deutschland, Frankreich", "Onlinehandel", "Außenwerbung", "Schuhe"):  # fmt: skip
            assert said in text, said
        assert not re.search(r"e-commerce|Germany|footwear|March|They", text)

    def test_hers_at_submission_stays_whatever_she_reads_later(self, world):
        reads(world, "fr")
        booking = submitted(world)
        reads(world, "it")
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        assert Signature.objects.get(kind="deal_memo").language == "fr"

    def test_every_language_says_the_same_things(self):
        """Same keys, and the same values named in each."""

        def shape(said, at=""):
            if isinstance(said, str):
                return {at: frozenset(re.findall(r"\$\w+", said))}
            if set(said) == {"one", "other"}:
                return shape(said["other"], at)
            return {key: found for name, inner in said.items() for key, found in shape(inner, f"{at}.{name}").items()}

        english = shape(words(memo.FOLDER, "en"))
        for language in LANGUAGES:
            assert shape(words(memo.FOLDER, language)) == english, language
        assert set(words(memo.FOLDER, "en")["media"]) == set(Medium.values)
        assert set(words(memo.FOLDER, "en")["categories"]) == set(Category.values)
        assert {*Exclusivity.values, "label"} == set(words(memo.FOLDER, "en")["exclusivity"])
        assert {file.stem for file in Path(memo.FOLDER).iterdir()} == set(LANGUAGES)


class TestReadingItInAnother:
    def test_a_translation_says_so_and_does_not_bind(self, world):
        reads(world, "fr")
        terms = submitted(world).current_terms
        bound, translated = read_memo(terms, ""), read_memo(terms, "de-DE")
        assert (bound.binding, bound.text) == (True, terms.memo_text)
        assert not translated.binding and translated.text.startswith("Auftragsmemo")

    def test_where_it_could_say_something_else_there_is_only_what_binds(self, world):
        """The brand was renamed: a translation made today would name somebody who did not sign."""
        reads(world, "fr")
        booking = submitted(world)
        world.brand.name = "Halden"
        world.brand.save()
        terms = fresh(booking).current_terms
        found = read_memo(terms, "de")
        assert (found.binding, found.text, found.in_other_languages) == (True, terms.memo_text, ())

    def test_she_reads_hers_first_and_the_others_on_the_same_page(self, world):
        reads(world, "fr")
        booking = submitted(world)
        maya = signed_in(world.maya)
        html = maya.get(reverse("request", args=[booking.pk])).content.decode()
        assert "Ce que la marque peut faire" in html and "A translation for reading" not in html
        html = maya.get(reverse("request", args=[booking.pk]), {"language": "es"}).content.decode()
        assert "Lo que la marca puede hacer" in html and "A translation for reading" in html
        assert "Mémo de l’accord" in html, "what she signs stands in the dialog all the same"


def change(booking: Booking, **fields: object) -> None:
    for name, value in fields.items():
        setattr(booking, name, value)
    booking.save(update_fields=list(fields))


FIELDS = {
    "media": lambda b: change(b, media=["ecommerce", "tv"]),
    "territories": lambda b: change(b, territories=["DE", "AT"]),
    "window": lambda b: change(b, window_months=6),
    "start": lambda b: change(b, starts_on=timezone.now().date() + timedelta(days=60)),
    "exclusivity": lambda b: change(b, exclusivity="category"),
    "category": lambda b: change(b, category="denim"),
    "pictures": lambda b: b.looks.update(pictures=3),
    "looks": lambda b: b.looks.update(title="At the sea"),
    "fee": lambda b: DayRate.objects.filter(talent_ref=b.twin.talent.party).update(amount_minor=190_000),
}


@pytest.mark.parametrize("field", FIELDS)
def test_any_changed_field_is_a_new_text_and_needs_a_new_yes(world, field):
    """New York Fashion Workers Act: separate written consent with scope, purpose, rate of pay, duration."""
    booking = submitted(world)
    answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
    first = booking.current_terms
    assert guards.memo_is_signed(booking) is None
    FIELDS[field](booking)
    second = terms_of.write(booking=fresh(booking), author=world.brand.party)
    Booking.objects.filter(pk=booking.pk).update(version=second.version)

    def body(terms):
        return terms.memo_text.split("\n", 1)[1]

    assert body(first) != body(second), "more than the version's number changed"
    assert first.memo_sha256 != second.memo_sha256
    now = fresh(booking)
    assert guards.memo_is_signed(now) is not None and guards.all_said_yes(now) is not None
    answers.answer(by=world.booker.actor, booking=now, version=2, answer="yes")
    assert fresh(booking).state == State.SUBMITTED, "her old yes does not count"
    with pytest.raises(StaleState):
        answers.answer(by=world.maya.actor, booking=now, version=1, answer="yes")
    answers.answer(by=world.maya.actor, booking=now, version=2, answer="yes", shown_sha256=second.memo_sha256)
    assert fresh(booking).state == State.AGREED


class TestSigning:
    def test_a_hash_of_other_words_signs_nothing(self, world):
        booking = submitted(world)
        with pytest.raises(StaleState, match="changed since you read it"):
            answers.answer(
                by=world.maya.actor, booking=booking, version=1, answer="yes", shown_sha256=sha256_hex(b"other words")
            )
        assert not Signature.objects.filter(kind="deal_memo").exists()

    def test_her_page_carries_the_hash_and_a_press_without_it_signs_nothing(self, world):
        booking = submitted(world)
        maya = signed_in(world.maya)
        html = maya.get(reverse("request", args=[booking.pk])).content.decode()
        assert f'name="shown" value="{booking.current_terms.memo_sha256}"' in html
        answer = maya.post(reverse("request_answer", args=[booking.pk]), {"version": 1, "answer": "yes"})
        assert answer.status_code == 409
        assert not Signature.objects.filter(kind="deal_memo").exists()


class TestThePdf:
    def test_it_is_signed_and_holds_her_text_in_her_language(self, world):
        reads(world, "de")
        booking = agreed(world)
        signature = agreed_memo(booking)
        made = make(signature_id=signature.pk)
        pdf = read(made.file)
        assert examine(pdf).stamped_at == made.stamped_at
        assert signature.text_sha256 == booking.current_terms.memo_sha256

    @pytest.mark.parametrize("who", ["maya", "booker", "producer", "mother_booker"])
    def test_each_party_opens_it_once_it_is_agreed(self, world, who):
        booking = agreed(world)
        make(signature_id=agreed_memo(booking).pk)
        client = signed_in(getattr(world, who))
        html = client.get(pages(booking)["deal_memo"]).content.decode()
        assert pages(booking)["deal_memo_pdf"] in html
        answer = client.get(pages(booking)["deal_memo_pdf"])
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/files/")

    @pytest.mark.parametrize("who", ["other_model", "other_booker", "rival_producer"])
    def test_to_an_outsider_there_is_none(self, world, who):
        booking = agreed(world)
        make(signature_id=agreed_memo(booking).pk)
        client = signed_in(getattr(world, who))
        assert [client.get(page).status_code for page in pages(booking).values()] == [404, 404]

    @pytest.mark.parametrize("who", ["booker", "producer", "mother_booker"])
    def test_before_the_agreement_it_would_tell_her_answer(self, world, who):
        """Sealed answers: her yes is in and her certificate made, and nobody else can tell."""
        booking = submitted(world)
        client = signed_in(getattr(world, who))
        before = client.get(pages(booking)["deal_memo"]).content
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        make(signature_id=Signature.objects.get(kind="deal_memo").pk)
        after = client.get(pages(booking)["deal_memo"])
        assert b"Not agreed yet" in after.content and len(after.content) == len(before)
        assert client.get(pages(booking)["deal_memo_pdf"]).status_code == 404

    def test_taken_back_it_is_nobodys_any_more(self, world):
        booking = agreed(world)
        answers.take_back(by=world.booker.actor, booking=booking)
        assert agreed_memo(fresh(booking)) is None
        assert signed_in(world.producer).get(pages(booking)["deal_memo_pdf"]).status_code == 404

    def test_the_brand_reads_its_own_language_with_what_binds_beside_it(self, world):
        reads(world, "fr")
        booking = agreed(world)
        reader = make_member(world.brand, "viewer", "greta")
        reader.user.language = "de"
        reader.user.save(update_fields=["language"])
        html = signed_in(reader).get(pages(booking)["deal_memo"]).content.decode()
        assert "Was die Marke darf" in html and "Mémo de l’accord" in html and "translation for reading" in html
