"""An approval holds for a year: she is told in time, twice, and without a new one nobody books her twin."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.services import verify_chain
from apps.notifications.models import Mail, Notice
from apps.signatures.models import Signature
from apps.twins.models import Twin
from apps.twins.services import pause, remind
from tests.factories.clients import signed_in
from tests.factories.people import World, make_world

pytestmark = pytest.mark.django_db
MY_TWIN = "/home/model/twin/"
KIND = "twin.best_before"


@pytest.fixture
def world() -> World:
    return make_world()


def ends_in(days: int) -> date:
    end = timezone.now().date() + timedelta(days=days)
    Twin.objects.update(best_before=end)
    return end


def told() -> list[str]:
    rows = Notice.objects.filter(kind=KIND).order_by("created_at")
    return [row.words("en").title for row in rows]


def test_she_is_told_30_and_7_days_before_and_on_the_day_after_nothing_twice(world: World) -> None:
    today = timezone.now().date()
    end = ends_in(40)
    days = [end - timedelta(days=left) for left in (40, 31, 30, 29, 12, 7, 6, 1)]
    assert [remind(today=day) for day in days] == [0, 0, 1, 0, 0, 1, 0, 0]
    assert days[0] == today and told() == ["Approve your twin again"] * 2
    assert {notice.to for notice in Notice.objects.filter(kind=KIND)} == {world.talent.party}
    assert Mail.objects.filter(notice__kind=KIND, address=world.maya.user.email).count() == 2


def test_days_on_which_nothing_ran_are_made_up_for_once(world: World) -> None:
    end = ends_in(3)
    assert remind(today=timezone.now().date()) == 1
    assert remind(today=end) == 0


@pytest.mark.parametrize("left", [400, 31])
def test_nobody_is_told_too_early_and_the_page_does_not_ask(world: World, left: int) -> None:
    ends_in(left)
    assert remind(today=timezone.now().date()) == 0
    assert "Is this still you?" not in signed_in(world.maya).get(MY_TWIN).content.decode()


def test_a_paused_twin_is_reminded_as_well(world: World) -> None:
    pause(by=world.maya.actor, twin=world.twin)
    ends_in(20)
    assert remind(today=timezone.now().date()) == 1


def test_past_the_day_nobody_finds_her_twin_until_she_signs_again(world: World) -> None:
    ends_in(-1)
    brand = signed_in(world.producer)
    address = reverse("twin", args=[world.talent.slug])
    before = Signature.objects.count()
    hers = signed_in(world.maya)
    words = hers.get(MY_TWIN).content.decode()
    assert "Is this still you?" in words and "have looked at the test sheet of my twin, version 1." in words
    assert world.talent.stage_name not in brand.get(reverse("twins")).content.decode()

    assert hers.post(reverse("twin_act", args=["renew"])).status_code == 302
    world.twin.refresh_from_db()
    assert world.twin.best_before == timezone.now().date() + timedelta(days=365)
    assert Signature.objects.count() == before + 1
    assert world.talent.stage_name in brand.get(reverse("twins")).content.decode()
    assert brand.get(address).status_code == 200
    assert verify_chain().ok


def test_approving_again_needs_a_fresh_sign_in(world: World) -> None:
    end = ends_in(5)
    answer = signed_in(world.maya, fresh=False).post(reverse("twin_act", args=["renew"]))
    assert reverse("account_reauthenticate") in answer["Location"]
    world.twin.refresh_from_db()
    assert world.twin.best_before == end


def test_the_next_year_she_is_told_again(world: World) -> None:
    ends_in(5)
    remind(today=timezone.now().date())
    signed_in(world.maya).post(reverse("twin_act", args=["renew"]))
    end = Twin.objects.get(pk=world.twin.pk).best_before
    assert end and remind(today=end - timedelta(days=30)) == 1
