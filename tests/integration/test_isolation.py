"""Another party's ids in every address: an outsider gets 404, an insider without the right 403."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.archives.models import Archive
from apps.boards.models import Board, SavedFilter, Share
from apps.bookings.models import Booking, BookingTemplate, Deliverable, Licence, Look, Review
from apps.bookings.services import delivery, review
from apps.consents.models import Consent
from apps.conversations.models import Attachment, Message, Thread
from apps.media.services import store
from apps.options.models import Option
from apps.organizations.models import Absence, Organization, TeamInvitation
from apps.programmes.models import Place, Programme
from apps.roster.models import BulkAct, RosterEntry, RosterUpload
from apps.talent.models import OutsideCommitment, Talent
from apps.twins.models import CaptureSet, CaptureUpload, Twin
from tests.architecture.access import AGENCY, BRAND, KINDS, TALENT
from tests.architecture.urls import addresses
from tests.factories import bookings as make
from tests.factories.clients import signed_in
from tests.factories.mandates import signed_mandate_of
from tests.factories.people import Person, World, make_member, make_user, make_world
from tests.factories.sheets import make_sheet_of

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])

# For each address with an id: how to find the object in the delivered booking of Halden & Rye with Maya and Élan.
OBJECTS: dict[str, Callable[[Booking], object]] = {
    **dict.fromkeys(
        [
            "booking", "booking_progress", "booking_cancel", "booking_compose", "booking_quote", "checkout",
            "checkout_return", "select", "select_finish", "request", "request_answer", "request_take_back",
            "picture_check", "deal_memo", "deal_memo_pdf", "request_booker",
            "booking_again", "booking_autosave", "counter", "counter_accept", "counter_own", "counter_own_price",
            "credit_add", "picture_advice", "pictures_waiting", "pictures_pass", "request_conditions",
            "request_version", "request_version_price", "select_several",
        ],
        lambda booking: booking.pk,
    ),
    **dict.fromkeys(["conversation", "conversation_news"], lambda booking: (booking.pk, "brand-agency")),
    "message_delete": lambda booking: written_about(booking).message.pk,
    "attachment": lambda booking: written_about(booking).pk,
    "team_away_end": lambda booking: away_from(booking.agency),
    **dict.fromkeys(
        ["select_choose", "picture_decide", "picture_ask_agency", "picture_open", "pin_add"],
        lambda booking: booking.reviews.first().pk,
    ),
    "pin_settle": lambda booking: pinned_to(booking.reviews.first()),
    "wish_answer": lambda booking: wished_for(booking.looks.first()),
    "credit_remove": lambda booking: credited_on(booking),
    **dict.fromkeys(["template_rename", "template_delete"], lambda booking: template_of(booking.brand)),
    "rule_remove": lambda booking: never_again_of(booking.twin.talent),
    **dict.fromkeys(
        ["board", "board_add", "board_delete", "board_share"], lambda booking: board_of(booking.brand).pk
    ),
    **dict.fromkeys(
        ["entry_note", "entry_remove"],
        lambda booking: board_of(booking.brand).entries.get_or_create(twin=booking.twin)[0].pk,
    ),
    "share_revoke": lambda booking: open_to_all(board_of(booking.brand)),
    "filter_remove": lambda booking: filter_of(booking.brand),
    **dict.fromkeys(["package", "package_take"], lambda booking: sent_to(booking.brand, booking.agency)),
    "option_act": lambda booking: (option_of(booking).pk, "withdraw"),
    "option_challenge": lambda booking: option_of(booking).pk,
    "select_another": lambda booking: booking.looks.first().pk,
    **dict.fromkeys(
        [
            "own_licence", "label_choose", "placement_log", "licence_renew", "licence_extend", "licence_pack",
            "licence_packs",
        ],
        lambda booking: booking.licence.pk,
    ),
    **dict.fromkeys(["placement_taken_down", "placement_pay"], lambda booking: placed(booking.licence)),
    "licence_pack_download": lambda booking: booking.licence.packs.get_or_create(label="x", state="failed")[0].pk,
    "download": lambda booking: Deliverable.objects.filter(licence__booking=booking).first().pk,
    "twin_cover": lambda booking: make_sheet_of(booking.twin)[0].pk,
    "capture_remove": lambda booking: sent_for(booking.twin),
    "proposal": lambda booking: signed_mandate_of(booking.twin.talent).proposal.pk,
    "proposal_take_back": lambda booking: signed_mandate_of(booking.twin.talent).proposal.pk,
    "mandate_end": lambda booking: signed_mandate_of(booking.twin.talent).pk,
    "mandate_notice": lambda booking: signed_mandate_of(booking.twin.talent).pk,
    "certificate": lambda booking: signed_mandate_of(booking.twin.talent).proposal.signature_id,
    "certificate_pdf": lambda booking: signed_mandate_of(booking.twin.talent).proposal.signature_id,
    "withdraw_consent": lambda booking: Consent.objects.filter(talent=booking.twin.talent).first().pk,
    **dict.fromkeys(["team_role", "team_remove"], lambda booking: booking.brand.memberships.first().pk),
    **dict.fromkeys(["team_invitation_again", "team_invitation_withdraw"], lambda booking: invited_to(booking.brand)),
    "roster_send_again": lambda booking: on_the_roster_of(booking.agency),
    "roster_bulk_undo": lambda booking: BulkAct.objects.create(agency=booking.agency, what="aside").pk,
    "commitment_remove": lambda booking: bound_elsewhere(booking.twin.talent),
    "roster_upload": lambda booking: file_of(booking.agency),
    **dict.fromkeys(["roster_upload_take", "roster_upload_forget"], lambda booking: file_of(booking.agency)),
    **dict.fromkeys(
        ["programme", "programme_ask", "programme_pay", "programme_end"], lambda booking: programme_of(booking.brand)
    ),
    "programme_take_back": lambda booking: place_of(booking.brand),
    "archive_download": lambda b: archive_of(b.twin),
    "archive_remove": lambda b: archive_of(b.twin),
    "lineage_booking": lambda b: (b.twin.versions.get().pk, b.pk),
}  # fmt: skip


def board_of(brand: Organization) -> Board:
    return Board.objects.get_or_create(organization=brand, kind="board", name="Linen")[0]


def open_to_all(board: Board) -> object:
    told = {"secret_sha256": uuid4().hex * 2, "expires_at": timezone.now() + timedelta(days=3)}
    return Share.objects.get_or_create(board=board, defaults=told)[0].pk


def sent_to(brand: Organization, agency: Organization) -> object:
    package, _ = Board.objects.get_or_create(organization=agency, kind="package", name="Knits", for_brand=brand)
    open_to_all(package)
    return package.pk


def filter_of(brand: Organization) -> object:
    user = brand.memberships.first().user
    return SavedFilter.objects.get_or_create(organization=brand, user=user, name="Tall", query="hmin=175")[0].pk


def option_of(booking: Booking) -> Option:
    told = {"category": "fashion", "territories": ["DE"], "window": (date(2026, 1, 1), date(2027, 1, 1))}
    told |= {"window_months": 12, "expires_at": timezone.now() + timedelta(days=7)}
    return Option.objects.get_or_create(brand=booking.brand, twin=booking.twin, agency=booking.agency, defaults=told)[0]


def template_of(brand: Organization) -> object:
    return BookingTemplate.objects.get_or_create(brand=brand, name="Autumn", defaults={"usage": {}, "looks": []})[0].pk


def credited_on(booking: Booking) -> object:
    told = {"role": "hair", "name": "Ada", "entered_by": booking.brand.party}
    return booking.credits.get_or_create(position=1, defaults=told)[0].pk


def never_again_of(talent: Talent) -> object:
    return talent.boundaries.never_again.get_or_create(kind="scene", value="block")[0].pk


def pinned_to(picture: Review) -> object:
    return picture.pins.get_or_create(side="brand", x=1, y=1, text="x", party=picture.booking.brand.party)[0].pk


def wished_for(look: Look) -> object:
    told = {"asked_by": uuid4(), "deadline_at": timezone.now()}
    return look.wishes.get_or_create(note="x", defaults=told)[0].pk


def programme_of(brand: Organization) -> object:
    told = {"day_rate_minor": 100_000, "currency": "EUR", "ends_on": date(2030, 1, 1)}
    programme, _ = Programme.objects.get_or_create(organization=brand, name="Twins", defaults=told)
    return programme.pk


def place_of(brand: Organization) -> object:
    place, _ = Place.objects.get_or_create(programme_id=programme_of(brand), email="new@tests.example")
    return place.pk


def placed(licence: Licence) -> object:
    told = {"medium": "own", "territories": ["DE"], "first_on": licence.starts_on, "logged_by": uuid4()}
    return licence.placements.get_or_create(where="the window", defaults=told)[0].pk


def written_about(booking: Booking) -> Attachment:
    thread, _ = Thread.objects.get_or_create(booking=booking, between="brand-agency", defaults={"last_number": 1})
    message, _ = Message.objects.get_or_create(thread=thread, number=1, party=booking.brand.party, body="x")
    told = {"file": store(data=b"x", kind="message", owner=booking.brand.party, content_type="application/pdf")}
    return Attachment.objects.get_or_create(message=message, name="x.pdf", state="kept", defaults=told)[0]


def away_from(agency: Organization) -> object:
    first, second = make_user(f"first-{uuid4()}"), make_user(f"second-{uuid4()}")
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2030, 1, 1)}
    return Absence.objects.create(organization=agency, user=first, deputy=second, **days).pk


def sent_for(twin: Twin) -> object:
    captures = CaptureSet.objects.create(twin=twin, taken_on=date(2026, 6, 1))
    file = store(data=b"raw", kind="capture-upload", owner=twin.talent.party, content_type="application/octet-stream")
    return CaptureUpload.objects.create(capture_set=captures, shot="front", file=file).pk


def archive_of(twin: Twin) -> object:
    archive, _ = Archive.objects.get_or_create(twin=twin, language="en")
    return archive.pk


def on_the_roster_of(agency: Organization) -> object:
    told = {"first_name": "A", "last_name": "B", "birth_date": date(2000, 1, 1), "country": "FR", "language": "en"}
    entry, _ = RosterEntry.objects.get_or_create(agency=agency, email="new@tests.example", defaults=told)
    return entry.pk


def bound_elsewhere(talent: Talent) -> object:
    days = (date(2026, 1, 1), date(2030, 1, 1))
    told = {"entered_by": talent.party, "category": "denim", "territories": ["FR"], "window": days}
    return OutsideCommitment.objects.create(talent=talent, **told).pk


def file_of(agency: Organization) -> object:
    file = store(data=b"email", kind="roster_upload", owner=agency.party, content_type="text/csv")
    return RosterUpload.objects.create(agency=agency, file=file, name="roster.csv").pk


def invited_to(brand: Organization) -> object:
    asked, _ = TeamInvitation.objects.get_or_create(organization=brand, email="new@tests.example", role="viewer")
    return asked.pk


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def booking(world: World) -> Booking:
    booking = make.chosen(world, pictures=1)
    review.finish(by=world.producer.actor, booking=booking)
    return make.fresh(delivery.release_selected(booking=make.fresh(booking)))


def outsiders(world: World) -> dict[str, Person]:
    return {BRAND: world.rival_producer, TALENT: world.other_model, AGENCY: world.other_booker}


def with_ids() -> list[str]:
    """Every address of the table that names an object by its id."""
    return sorted(address.name for address in addresses() if "0000" in address.path and address.name in KINDS)


def both(client: Client, path: str) -> list[int]:
    codes = [client.get(path).status_code, client.post(path).status_code]
    return [code for code in codes if code != 405]


def test_every_address_with_an_id_is_in_the_matrix() -> None:
    assert with_ids() == sorted(OBJECTS)


def test_an_outsider_gets_404_for_a_foreign_object_and_the_same_for_none(world: World, booking: Booking) -> None:
    for name, find in OBJECTS.items():
        for kind, person in outsiders(world).items():
            if kind not in KINDS[name]:
                continue
            client = signed_in(person)
            found = find(booking)
            ids = found if isinstance(found, tuple) else (found,)
            foreign, missing = reverse(name, args=ids), reverse(name, args=[uuid4() for _ in ids])
            assert set(both(client, foreign)) == {404}, f"{name} shows a {kind} what is not hers"
            assert both(client, foreign) == both(client, missing), f"{name} tells a {kind} that it exists"


def test_a_viewer_of_the_brand_sees_and_may_not_act(world: World, booking: Booking) -> None:
    viewer = signed_in(make_member(world.brand, "viewer", "vera"))
    assert viewer.get(reverse("booking", args=[booking.pk])).status_code == 200
    for name in (
        "booking_cancel",
        "checkout",
        "select_finish",
        "select_choose",
        "select_another",
        "download",
        "label_choose",
        "placement_log",
        "licence_renew",
        "licence_pack",
    ):
        path = reverse(name, args=[OBJECTS[name](booking)])
        assert viewer.post(path).status_code == 403, name
    assert viewer.post(reverse("booking_new", args=["maya-okafor"])).status_code == 403


def test_an_accountant_of_the_agency_sees_and_may_not_answer(world: World) -> None:
    booking = make.submitted(world)
    accountant = signed_in(make_member(world.agency, "accountant", "anne"))
    assert accountant.get(reverse("request", args=[booking.pk])).status_code == 200
    answer = accountant.post(reverse("request_answer", args=[booking.pk]), {"version": 1, "answer": "yes"})
    assert answer.status_code == 403


def test_the_mother_agency_is_informed_and_has_no_vote(world: World) -> None:
    booking = make.submitted(world)
    mother = signed_in(world.mother_booker)
    assert mother.get(reverse("request", args=[booking.pk])).status_code == 200
    answer = mother.post(reverse("request_answer", args=[booking.pk]), {"version": 1, "answer": "yes"})
    assert answer.status_code == 403


def test_the_model_does_not_see_a_draft(world: World) -> None:
    booking = make.draft(world)
    assert signed_in(world.maya).get(reverse("request", args=[booking.pk])).status_code == 404


def test_the_brand_never_sees_a_picture_that_she_has_not_passed(world: World) -> None:
    booking = make.in_review(world, pictures=1)
    page = signed_in(world.producer).get(reverse("select", args=[booking.pk])).content.decode()
    assert "/files/" not in page
    review.decide(
        by=world.maya.actor,
        review=Review.objects.select_related("booking__twin__talent", "look").get(booking=booking),
        passed=True,
    )
    assert "/files/" in signed_in(world.producer).get(reverse("select", args=[booking.pk])).content.decode()


def test_a_right_revoked_in_mid_session_is_gone_with_the_next_request(world: World, booking: Booking) -> None:
    client = signed_in(world.producer)
    assert client.get(reverse("booking", args=[booking.pk])).status_code == 200
    world.producer.user.memberships.all().delete()
    assert client.get(reverse("booking", args=[booking.pk])).status_code in {302, 403, 404}
