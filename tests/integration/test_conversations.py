"""Messages of a booking: between brand and agency, and between agency and model; never past the agency."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from apps.accounts.actor import Actor
from apps.audit.models import Event
from apps.bookings.models import Booking
from apps.bookings.services import answers
from apps.common.errors import InvalidInput, NotAllowed, Refused, StaleState
from apps.conversations import services
from apps.conversations.models import Attachment, Between, Message, Thread
from apps.conversations.selectors import unread_by_booking, unread_of
from apps.conversations.services import Upload
from apps.conversations.services.digest import LONGEST, QUIET
from apps.media.services import read
from apps.notifications.mailing import deliver
from apps.notifications.models import Mail, Notice
from apps.talent.models import Mandate
from tests.factories.bookings import draft, submitted
from tests.factories.clients import signed_in
from tests.factories.counting import with_few_and_many
from tests.factories.people import World, make_member, make_world
from tests.factories.trying import everybody

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

A, M, B = Between.BRAND_AGENCY, Between.AGENCY_MODEL, Between.BRAND_MODEL


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def booking(world: World) -> Booking:
    return submitted(world)


def address(booking: Booking, between: str, name: str = "conversation") -> str:
    return reverse(name, args=[booking.pk, between])


def write(by: Actor, booking: Booking, between: str, text: str = "Could it be Thursday?", **more) -> Message:
    return services.write(by=by, booking=booking, between=between, text=text, **more)


BRAND = {"the brand's owner", "the brand's producer"}
AGENCY = {"the agency's owner", "the agency's booker"}


def tried(act, actors: dict[str, Actor]) -> set[str]:
    done = set()
    for who, actor in actors.items():
        try:
            act(actor)
        except NotAllowed:
            continue
        done.add(who)
    return done


class TestWhoWrites:
    @pytest.mark.parametrize(
        ("between", "may"), [(A, BRAND | AGENCY), (M, AGENCY | {"the model"}), (B, set())], ids=[str(A), str(M), str(B)]
    )
    def test_the_two_sides_and_nobody_else(self, world, booking, between, may):
        """The model and the brand never write to each other directly while an agency represents her."""
        assert tried(lambda by: write(by, booking, between), everybody(world)) == may

    def test_unrepresented_she_and_the_brand_write_to_each_other(self, world):
        Mandate.objects.all().delete()
        booking = submitted(world)
        assert booking.agency is None
        actors = everybody(world)
        assert tried(lambda by: write(by, booking, B), actors) == BRAND | {"the model"}
        assert tried(lambda by: write(by, booking, A), actors) == set()

    def test_a_draft_has_no_conversation(self, world):
        booking = draft(world)
        assert tried(lambda by: write(by, booking, A), everybody(world)) == set()

    @pytest.mark.parametrize(
        ("who", "between", "status"),
        [
            ("producer", A, 200), ("booker", A, 200), ("booker", M, 200), ("maya", M, 200),
            ("maya", A, 404), ("producer", M, 404), ("producer", B, 404), ("maya", B, 404),
            ("mother_booker", A, 404), ("mother_booker", M, 404),
            ("other_model", M, 404), ("other_booker", A, 404), ("rival_producer", A, 404),
        ],
    )  # fmt: skip
    def test_the_page_is_there_for_the_two_sides_alone(self, world, booking, who, between, status):
        write(world.booker.actor, booking, A)
        write(world.booker.actor, booking, M)
        client = signed_in(getattr(world, who))
        assert client.get(address(booking, between)).status_code == status
        assert client.get(address(booking, between, "conversation_news")).status_code == status
        assert client.post(address(booking, between), {"text": "x"}).status_code == (302 if status == 200 else 404)

    @pytest.mark.parametrize(
        ("role", "side", "reads", "writes"),
        [("viewer", "brand", 200, 403), ("finance", "brand", 200, 403), ("accountant", "agency", 403, 403)],
    )
    def test_an_insider_without_the_right_is_refused(self, world, booking, role, side, reads, writes):
        client = signed_in(make_member(getattr(world, side), role, "somebody"))
        assert client.get(address(booking, A)).status_code == reads
        assert client.post(address(booking, A), {"text": "x"}).status_code == writes
        assert not Message.objects.exists()


class TestWriting:
    def test_without_javascript_it_is_a_form_and_a_page(self, world, booking):
        client = signed_in(world.producer)
        assert b"Nothing written yet" in client.get(address(booking, A)).content
        answer = client.post(address(booking, A), {"text": "Could it be <b>Thursday</b>?"}, follow=True)
        assert answer.redirect_chain and b"Could it be &lt;b&gt;Thursday" in answer.content
        assert b"Thursday" in signed_in(world.booker).get(address(booking, A)).content

    def test_the_audit_chain_says_who_wrote_where_and_never_what(self, world, booking):
        message = write(world.producer.actor, booking, A, "a secret wish")
        event = Event.objects.get(kind="message.written")
        assert event.subject == booking.ref and str(message.pk) in event.payload.body
        assert "secret" not in event.payload.body + event.record

    @pytest.mark.parametrize("text", ["", "   \n ", "x" * 4_001, "nul\x00"])
    def test_what_cannot_be_written_comes_back_whole(self, world, booking, text):
        answer = signed_in(world.producer).post(address(booking, A), {"text": text})
        assert answer.status_code == 422 and b"errorlist" in answer.content
        if "x" in text:
            assert text.encode() in answer.content
        assert not Message.objects.exists()

    def test_a_program_is_slowed_down_and_the_text_stays(self, world, booking):
        for number in range(10):
            write(world.producer.actor, booking, A, f"{number}")
        answer = signed_in(world.producer).post(address(booking, A), {"text": "the eleventh"})
        assert answer.status_code == 422 and b"the eleventh" in answer.content and b"wait a little" in answer.content
        with pytest.raises(Refused) as caught:
            write(world.producer.actor, booking, A)
        assert caught.value.code == "pace"
        write(world.booker.actor, booking, A)
        Message.objects.filter(writer=world.producer.user).update(created_at=timezone.now() - timedelta(minutes=2))
        write(world.producer.actor, booking, A)

    def test_the_numbers_of_a_thread_have_no_gaps(self, world, booking):
        for by in (world.producer.actor, world.booker.actor, world.producer.actor):
            write(by, booking, A)
        assert list(Message.objects.values_list("number", flat=True)) == [1, 2, 3]

    def test_a_conversation_never_tells_an_answer(self, world, booking):
        """Sealed answers: the agency's page of the thread is the same before and after hers."""
        write(world.maya.actor, booking, M)
        client = signed_in(world.booker)
        client.get(address(booking, M))
        before = client.get(address(booking, M)).content
        answers.answer(by=world.maya.actor, booking=booking, version=1, answer="yes")
        after = client.get(address(booking, M)).content
        assert b"Answers stay sealed" in after
        assert len(before) == len(after)


class TestDeleting:
    def test_who_wrote_it_within_ten_minutes_and_nobody_else(self, world, booking):
        message = write(world.producer.actor, booking, A, "wrong window")
        actors = everybody(world)
        assert tried(lambda by: services.delete_message(by=by, message=message), actors) == {"the brand's owner"}
        row = Message.objects.get()
        assert (row.body, row.number) == ("", 1) and row.deleted_at
        html = signed_in(world.booker).get(address(booking, A)).content.decode()
        assert "Deleted by the writer" in html and "wrong window" not in html
        assert Event.objects.get(kind="message.deleted").subject == booking.ref
        with pytest.raises(StaleState):
            services.delete_message(by=world.producer.actor, message=message)

    def test_after_ten_minutes_it_stays(self, world, booking):
        message = write(world.producer.actor, booking, A)
        Message.objects.update(created_at=timezone.now() - timedelta(minutes=10, seconds=1))
        answer = signed_in(world.producer).post(reverse("message_delete", args=[message.pk]))
        assert answer.status_code == 409 and b"ten minutes are over" in answer.content
        assert Message.objects.get().body

    def test_a_stranger_finds_none_and_a_colleague_is_refused(self, world, booking):
        message = write(world.producer.actor, booking, A)
        page = reverse("message_delete", args=[message.pk])
        assert signed_in(world.rival_producer).post(page).status_code == 404
        assert signed_in(world.maya).post(page).status_code == 404
        assert signed_in(make_member(world.brand, "producer", "paul")).post(page).status_code == 403


def png(**more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 80), "teal").save(out, "PNG", **more)
    return out.getvalue()


def pdf(*, script: bool = False) -> bytes:
    """One empty page; with a script that would run when it is opened."""
    writer, number = PdfFileWriter(), generic.NumberObject
    box = generic.ArrayObject([number(0), number(0), number(200), number(200)])
    contents = writer.add_object(generic.StreamObject(stream_data=b"0 0 m"))
    writer.insert_page(PageObject(contents=contents, media_box=box))
    if script:
        action = {"/S": generic.NameObject("/JavaScript"), "/JS": generic.pdf_string("app.alert(1)")}
        writer.root["/OpenAction"] = generic.DictionaryObject(
            {generic.NameObject(key): value for key, value in action.items()}
        )
        writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


class TestAttaching:
    def attached(self, world, booking, name, data) -> Attachment:
        message = write(world.producer.actor, booking, A, "", uploads=[Upload(name, data)])
        row = message.attachments.get()
        assert row.state == "waiting" and row.upload.encrypted, "nobody decoded it in the request"
        services.look_at(attachment_id=row.pk)
        services.look_at(attachment_id=row.pk)
        row.refresh_from_db()
        assert row.upload.deleted_at, "what came is deleted either way"
        return row

    def test_a_picture_becomes_a_clean_encrypted_one_of_ours(self, world, booking):
        told = PngInfo()
        told.add_text("Location", "48.85, 2.35")
        row = self.attached(world, booking, "board.png", png(pnginfo=told))
        assert (row.state, row.name, row.file.content_type) == ("kept", "board.jpg", "image/jpeg")
        assert b"48.85" not in read(row.file)
        assert row.file.encrypted and row.file.twin_ref == world.twin.ref

    def test_a_pdf_that_only_shows_pages_is_kept_as_a_download(self, world, booking):
        row = self.attached(world, booking, "brief.pdf", pdf())
        assert row.state == "kept"
        answer = signed_in(world.booker).get(reverse("attachment", args=[row.pk]))
        served = Client().get(answer.headers["Location"])
        assert served.headers["Content-Disposition"].startswith("attachment") and served.content == read(row.file)

    @pytest.mark.parametrize(
        ("name", "data", "reason"),
        [
            ("brief.pdf", pdf(script=True), "carries a program"),
            ("brief.pdf", b"%PDF-1.7 nothing more", "damaged"),
            ("board.png", b"MZ a program", "not a JPEG"),
            ("board.pdf", b"<svg onload=alert(1)>", "not a JPEG"),
            ("board.jpg", png()[:120], "damaged"),
        ],
        ids=["script", "no pages", "program", "svg", "cut off"],
    )
    def test_what_is_not_on_the_list_is_refused_with_the_reason_on_the_page(self, world, booking, name, data, reason):
        row = self.attached(world, booking, name, data)
        assert row.state == "refused" and reason in row.reason and row.file is None
        assert reason in signed_in(world.producer).get(address(booking, A)).content.decode()
        assert signed_in(world.producer).get(reverse("attachment", args=[row.pk])).status_code == 404

    @pytest.mark.parametrize(
        "files",
        [[("virus.exe", b"x")], [("empty.png", b"")], [(f"{n}.png", b"x") for n in range(6)],
         [("large.png", b"x" * (10 * 1024 * 1024 + 1))]],
        ids=["exe", "empty", "six", "large"],
    )  # fmt: skip
    def test_what_is_wrong_at_once_says_so_beside_the_field_and_keeps_the_text(self, world, booking, files):
        with pytest.raises(InvalidInput) as caught:
            write(world.producer.actor, booking, A, "hello", uploads=[Upload(*each) for each in files])
        assert caught.value.field == "uploads"
        sent = [SimpleUploadedFile(*each) for each in files]
        answer = signed_in(world.producer).post(address(booking, A), {"text": "my words", "uploads": sent})
        assert answer.status_code == 422 and b"my words" in answer.content
        assert not Message.objects.exists()

    @pytest.mark.parametrize(
        ("who", "status"),
        [("producer", 302), ("booker", 302), ("maya", 404), ("mother_booker", 404), ("other_booker", 404),
         ("rival_producer", 404)],
    )  # fmt: skip
    def test_only_the_two_sides_get_the_file(self, world, booking, who, status):
        row = self.attached(world, booking, "board.png", png())
        assert signed_in(getattr(world, who)).get(reverse("attachment", args=[row.pk])).status_code == status

    def test_deleted_with_its_message(self, world, booking):
        row = self.attached(world, booking, "board.png", png())
        services.delete_message(by=world.producer.actor, message=row.message)
        row.file.refresh_from_db()
        assert row.file.deleted_at
        assert signed_in(world.booker).get(reverse("attachment", args=[row.pk])).status_code == 404


class TestReading:
    def test_opening_it_reads_it_and_the_writer_sees_when(self, world, booking):
        write(world.producer.actor, booking, A)
        claire, jonas = signed_in(world.booker), signed_in(world.producer)
        assert unread_by_booking(world.booker.actor, [booking.pk]) == {booking.pk: 1}
        assert unread_by_booking(world.producer.actor, [booking.pk]) == {}, "one's own are read"
        assert b">Read " not in jonas.get(address(booking, A)).content
        claire.get(address(booking, A))
        assert unread_by_booking(world.booker.actor, [booking.pk]) == {}
        assert b">Read " in jonas.get(address(booking, A)).content

    def test_each_person_reads_for_herself(self, world, booking):
        colette = make_member(world.agency, "owner", "colette")
        write(world.producer.actor, booking, A)
        signed_in(world.booker).get(address(booking, A))
        assert unread_of(colette.actor).count() == 1

    @pytest.mark.parametrize("who", ["mother_booker", "other_booker", "rival_producer", "maya", "other_model"])
    def test_what_goes_on_between_others_counts_for_nobody_else(self, world, booking, who):
        write(world.producer.actor, booking, A)
        assert not unread_of(getattr(world, who).actor).exists()

    @pytest.mark.parametrize(("who", "page"), [("producer", "bookings"), ("booker", "agency_desk")])
    def test_lists_count_what_is_unread(self, world, booking, who, page):
        client = signed_in(getattr(world, who))
        by = world.booker.actor if who == "producer" else world.producer.actor
        assert b"unread message" not in client.get(reverse(page)).content
        write(by, booking, A)
        write(by, booking, A)
        assert b"2 unread messages" in client.get(reverse(page)).content

    def test_while_open_the_page_asks_and_is_answered_only_when_something_is_new(self, world, booking):
        write(world.producer.actor, booking, A)
        claire = signed_in(world.booker)
        mark = claire.get(address(booking, A)).context["talk"].mark
        news = address(booking, A, "conversation_news")
        assert claire.get(news, {"mark": mark}).status_code == 204
        message = write(world.producer.actor, booking, A, "and in red")
        answer = claire.get(news, {"mark": mark})
        assert answer.status_code == 200 and b"and in red" in answer.content and b"<html" not in answer.content
        assert not unread_of(world.booker.actor).exists()
        mark = re.search(r"mark=([\d.]+)", answer.content.decode())[1]
        assert claire.get(news, {"mark": mark}).status_code == 204
        services.delete_message(by=world.producer.actor, message=message)
        assert claire.get(news, {"mark": mark}).status_code == 200

    @pytest.mark.parametrize("page", ["conversation", "conversations", "bookings"])
    def test_the_questions_to_the_database_do_not_grow(self, world, page):
        bookings = [submitted(world) for _ in range(1)]

        def add(number: int) -> None:
            if page != "conversation":
                bookings.append(submitted(world))
            Message.objects.update(created_at=timezone.now() - timedelta(days=1))
            write(world.booker.actor, bookings[-1], A, uploads=[Upload("a.png", png())])

        to = address(bookings[0], A) if page == "conversation" else reverse(page)
        few, many = with_few_and_many(signed_in(world.producer), to, add)
        assert few == many


class TestTelling:
    """One mail for each thread and quiet period, by beat; never one for each message."""

    def rest(self, span: timedelta) -> None:
        for message in Message.objects.all():
            Message.objects.filter(pk=message.pk).update(created_at=message.created_at - span)

    def test_a_thread_that_rests_is_told_once_whatever_was_written(self, world, booking):
        Notice.objects.all().delete()
        for text in ("one", "two", "three secrets"):
            write(world.producer.actor, booking, A, text)
        services.tell_due()
        assert not Notice.objects.exists(), "not while somebody may still be typing"
        self.rest(QUIET)
        services.tell_due()
        services.tell_due()
        notice = Notice.objects.get()
        assert (notice.to, notice.kind, notice.values["count"]) == (world.agency.party, "message.waiting", 3)
        assert notice.url == address(booking, A)
        assert Mail.objects.get(notice=notice).address == world.booker.user.email

    def test_the_mail_holds_no_word_of_it_and_is_in_the_readers_language(self, world, booking):
        Notice.objects.all().delete()
        world.booker.user.language = "fr"
        world.booker.user.save(update_fields=["language"])
        write(world.producer.actor, booking, A, "three secrets")
        self.rest(QUIET)
        services.tell_due()
        deliver(Mail.objects.get().pk)
        sent = mail.outbox[-1]
        assert "vous a écrit" in sent.subject and "1 nouveau message" in sent.body
        assert "secrets" not in sent.subject + sent.body

    def test_a_talk_without_a_pause_is_told_every_half_hour(self, world, booking):
        Notice.objects.all().delete()
        first = write(world.producer.actor, booking, A)
        Message.objects.filter(pk=first.pk).update(created_at=timezone.now() - LONGEST)
        write(world.producer.actor, booking, A)
        services.tell_due()
        assert Notice.objects.get().values["count"] == 2

    def test_whoever_has_read_it_is_not_written_to(self, world, booking):
        Notice.objects.all().delete()
        make_member(world.agency, "owner", "colette")
        write(world.producer.actor, booking, A)
        signed_in(world.booker).get(address(booking, A))
        self.rest(QUIET)
        services.tell_due()
        assert [row.address for row in Mail.objects.all()] == ["colette@tests.example"]
        assert Message.objects.get().told_at

    def test_of_a_deleted_message_nobody_is_told(self, world, booking):
        Notice.objects.all().delete()
        services.delete_message(by=world.producer.actor, message=write(world.producer.actor, booking, A))
        self.rest(QUIET)
        services.tell_due()
        assert not Notice.objects.exists()

    def test_the_model_is_told_of_hers(self, world, booking):
        Notice.objects.all().delete()
        write(world.booker.actor, booking, M)
        self.rest(QUIET)
        services.tell_due()
        assert Notice.objects.get().to == world.talent.party
        assert Thread.objects.get().between == M
