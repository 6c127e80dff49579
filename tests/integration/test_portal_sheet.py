"""The test sheet and the cover on the pages: who sees them, from when, until when."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.consents.models import Consent, Purpose
from apps.consents.services import withdraw
from apps.generation.models import Candidate
from apps.generation.services import choose_cover
from apps.portal.wall import covers
from apps.signatures.models import Signature
from apps.talent.models import Talent
from apps.twins.models import Twin, TwinVersion
from tests.factories.clients import signed_in
from tests.factories.counting import queries_of
from tests.factories.people import World, make_listed_twin, make_talent, make_world
from tests.factories.sheets import make_sheet_of, with_state

pytestmark = pytest.mark.django_db
MY_TWIN = "/home/model/twin/"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def sheet(world: World) -> list[Candidate]:
    """Of the version that Maya approved."""
    return make_sheet_of(world.twin)


@pytest.fixture
def maya(world: World) -> Client:
    return signed_in(world.maya)


@pytest.fixture
def producer(world: World) -> Client:
    return signed_in(world.producer)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def her_page(world: World) -> str:
    return reverse("twin", args=[world.talent.slug])


def pick(world: World, picture: Candidate) -> None:
    choose_cover(
        by=world.maya.actor,
        picture=Candidate.objects.select_related("job__version__twin__talent", "file").get(pk=picture.pk),
    )


def take_promote_back(world: World) -> None:
    withdraw(by=world.maya.actor, consent=Consent.objects.get(talent=world.talent, purpose=Purpose.PROMOTE))


def test_she_picks_the_cover_with_one_press(world, sheet, maya):
    assert "Pick one from your test sheet" in page(maya, MY_TWIN)
    answer = maya.post(reverse("twin_cover", args=[sheet[2].pk]))
    assert answer.headers["Location"] == reverse("my_twin")
    world.twin.refresh_from_db()
    assert world.twin.cover == sheet[2].file
    shown = page(maya, MY_TWIN)
    assert shown.count("Make it my cover") == 3
    maya.post(reverse("twin_act", args=["no-cover"]))
    world.twin.refresh_from_db()
    assert world.twin.cover is None


def test_a_picture_of_a_booking_is_no_cover(world, sheet, maya):
    """Only the sheet is hers to show: what a brand ordered is the brand's."""
    candidate = sheet[0]
    type(candidate.job).objects.filter(pk=candidate.job_id).update(kind="generate")
    assert maya.post(reverse("twin_cover", args=[candidate.pk])).status_code == 404


def test_a_brand_never_sees_a_sheet_before_she_approved_it(world, producer):
    TwinVersion.objects.update(state=TwinVersion.State.READY, approval=None)
    make_sheet_of(world.twin)
    assert "/files/" not in page(producer, her_page(world))


def test_a_brand_sees_the_sheet_of_the_version_in_use_and_not_of_the_one_that_waits(world, sheet, producer):
    before = page(producer, her_page(world)).count("See it large")
    with_state(world.twin, TwinVersion.State.READY)
    make_sheet_of(world.twin)
    assert before == 4
    assert page(producer, her_page(world)).count("See it large") == 4


def test_without_promote_no_page_shows_anything_of_her(world, sheet, producer, maya):
    Talent.objects.update(synthetic=True)
    pick(world, sheet[0])
    pages = [reverse("twins"), her_page(world), reverse("brand_home")]
    assert all("/files/" in page(producer, address) for address in pages[:2])
    assert len(covers()) == 1
    take_promote_back(world)
    assert producer.get(her_page(world)).status_code == 404
    assert "/files/" not in page(producer, reverse("twins"))
    assert "/files/" not in page(producer, reverse("brand_home"))
    assert "/files/" not in page(signed_in(world.booker), reverse("roster"))
    assert covers() == []
    own = page(maya, MY_TWIN)
    assert "you have not agreed to be shown to brands" in own
    assert "Only you see these pictures" in own
    assert "Make it my cover" not in own
    assert maya.post(reverse("twin_cover", args=[sheet[0].pk])).status_code == 422


def test_the_page_says_how_far_the_sheet_is_and_asks_again_by_itself(world, maya):
    with_state(world.twin, TwinVersion.State.TESTING)
    words = page(maya, MY_TWIN)
    assert "Your test sheet is being made" in words
    assert "0 of 4 pictures" in words
    part = maya.get(MY_TWIN, headers={"hx-request": "true"}).content.decode()
    assert "delay:2s" in part
    assert "<html" not in part


def test_a_sheet_that_stopped_says_why(world, maya):
    with_state(world.twin, TwinVersion.State.TESTING)
    Consent.objects.filter(talent=world.talent, purpose=Purpose.TRAIN).delete()
    assert "a consent to scan or to train is not in force" in page(maya, MY_TWIN)


class TestDeciding:
    @pytest.fixture
    def waiting(self, world: World) -> TwinVersion:
        version = with_state(world.twin, TwinVersion.State.READY)
        make_sheet_of(world.twin)
        return version

    def test_she_reads_what_she_signs(self, waiting, maya):
        words = page(maya, MY_TWIN)
        assert "Is this you?" in words
        assert words.count("See it large") == 4
        assert "have looked at the test sheet of my twin, version 2." in words
        assert "delay:2s" not in words

    def test_approving_needs_a_fresh_sign_in(self, world, waiting, maya):
        tired = signed_in(world.maya, fresh=False)
        answer = tired.post(reverse("twin_act", args=["approve"]))
        assert reverse("account_reauthenticate") in answer.headers["Location"]
        maya.post(reverse("twin_act", args=["approve"]))
        waiting.refresh_from_db()
        assert waiting.state == "approved"
        assert "version 2" in Signature.objects.get(version="twin-version/2").text

    def test_a_rejected_version_leaves_no_picture_and_the_earlier_one_in_use(self, waiting, maya):
        maya.post(reverse("twin_act", args=["reject"]))
        words = page(maya, MY_TWIN)
        assert "You rejected version 2. Its pictures are deleted" in words
        assert words.count("See it large") == 0
        assert Candidate.objects.filter(job__version=waiting, file__deleted_at=None).count() == 0

    def test_nobody_else_sees_the_sheet_that_waits(self, world, waiting, producer):
        for person in (world.booker, world.producer):
            assert signed_in(person).get(MY_TWIN).status_code in {403, 404}
        assert "/files/" not in page(producer, her_page(world))


def test_covers_cost_the_catalogue_no_further_query(world, sheet, producer):
    def listed(number: int) -> Twin:
        talent, person = make_talent(f"model-{number}", agency=world.agency)
        twin = make_listed_twin(talent, person)
        picture = make_sheet_of(twin)[0]
        choose_cover(
            by=person.actor, picture=Candidate.objects.select_related("job__version__twin__talent").get(pk=picture.pk)
        )
        return twin

    address = reverse("twins")
    pick(world, sheet[0])
    before = queries_of(producer, address)
    for number in range(4):
        listed(number)
    assert queries_of(producer, address) == before
