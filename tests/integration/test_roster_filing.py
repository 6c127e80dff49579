"""What a booker does with several models at once, and how long it can be taken back."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.audit.models import Event
from apps.common.errors import InvalidInput, NotAllowed, StaleState
from apps.notifications.models import Mail, Notice
from apps.roster.models import BulkAct, RosterPlace
from apps.roster.services.filing import act, due_reminders, send_reminder, undo
from apps.roster.tasks import send_reminders
from apps.talent.models import Talent
from tests.factories.clients import signed_in
from tests.factories.people import World, make_member, make_talent, make_world

pytestmark = pytest.mark.django_db

ROSTER = "/home/agency/roster/"


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def ada(world: World) -> Talent:
    return make_talent("ada", agency=world.agency)[0]


def do(world: World, what: str, *talents: Talent, board: str = "") -> BulkAct:
    models = {talent.pk for talent in talents}
    return act(by=world.booker.actor, agency=world.agency, models=models, what=what, board=board)


def place(world: World, talent: Talent) -> tuple[str, bool]:
    row = RosterPlace.objects.filter(agency=world.agency, talent=talent).first()
    return (row.board, row.set_aside_at is not None) if row else ("", False)


def later(done: BulkAct, **ago: int) -> None:
    BulkAct.objects.filter(pk=done.pk).update(created_at=timezone.now() - timedelta(**ago))


class TestFiling:
    def test_a_board_of_the_agency_is_its_own_and_her_profile_stays(self, world: World, ada: Talent) -> None:
        do(world, "board", world.talent, ada, board="open")
        assert place(world, ada) == place(world, world.talent) == ("open", False)
        ada.refresh_from_db()
        assert ada.board == "women"

    def test_undone_it_is_as_it_was_for_each_of_them(self, world: World, ada: Talent) -> None:
        do(world, "board", ada, board="men")
        done = do(world, "board", world.talent, ada, board="open")
        undo(by=world.booker.actor, done=done)
        assert (place(world, ada), place(world, world.talent)) == (("men", False), ("", False))

    def test_set_aside_and_brought_back(self, world: World, ada: Talent) -> None:
        do(world, "board", ada, board="open")
        do(world, "aside", ada)
        assert place(world, ada) == ("open", True)
        back = do(world, "back", ada)
        assert place(world, ada) == ("open", False)
        undo(by=world.booker.actor, done=back)
        assert place(world, ada) == ("open", True)

    def test_an_undo_leaves_alone_what_somebody_did_since(self, world: World, ada: Talent) -> None:
        first = do(world, "aside", world.talent, ada)
        do(world, "back", ada)
        do(world, "board", ada, board="men")
        undo(by=world.booker.actor, done=first)
        assert (place(world, ada), place(world, world.talent)) == (("men", False), ("", False))

    def test_each_act_and_each_undo_stands_in_the_audit_chain(self, world: World, ada: Talent) -> None:
        undo(by=world.booker.actor, done=do(world, "aside", ada))
        kinds = Event.objects.filter(subject=world.agency.party).values_list("kind", flat=True)
        assert list(kinds[:2]) == ["roster.undone", "roster.filed"]


class TestUndoing:
    def test_after_ten_minutes_it_stays(self, world: World, ada: Talent) -> None:
        done = do(world, "aside", ada)
        later(done, minutes=10)
        with pytest.raises(StaleState):
            undo(by=world.booker.actor, done=done)
        assert place(world, ada) == ("", True)

    def test_a_second_press_is_told_so(self, world: World, ada: Talent) -> None:
        done = do(world, "aside", ada)
        undo(by=world.booker.actor, done=done)
        with pytest.raises(StaleState):
            undo(by=world.booker.actor, done=done)

    def test_another_agency_cannot(self, world: World, ada: Talent) -> None:
        with pytest.raises(NotAllowed):
            undo(by=world.other_booker.actor, done=do(world, "aside", ada))


class TestReminding:
    def test_nobody_is_told_for_ten_minutes_and_then_everybody_once(self, world: World, ada: Talent) -> None:
        done = do(world, "remind", world.talent, ada)
        send_reminders()
        assert due_reminders() == [] and not told()
        later(done, minutes=10)
        send_reminders()
        assert told() == {world.talent.party, ada.party}
        assert set(Mail.objects.values_list("address", flat=True)) == {world.maya.user.email, ada.user.email}
        send_reminders()
        assert send_reminder(done.pk) == 0
        assert Notice.objects.filter(kind="roster.reminder").count() == 2

    def test_taken_back_nobody_is_told_ever(self, world: World, ada: Talent) -> None:
        done = do(world, "remind", ada)
        undo(by=world.booker.actor, done=done)
        later(done, minutes=10)
        send_reminders()
        assert not told()

    def test_sent_it_cannot_be_taken_back(self, world: World, ada: Talent) -> None:
        done = do(world, "remind", ada)
        send_reminder(done.pk)
        with pytest.raises(StaleState):
            undo(by=world.booker.actor, done=done)

    def test_who_ended_her_mandate_meanwhile_is_not_told(self, world: World, ada: Talent) -> None:
        done = do(world, "remind", ada)
        ada.mandates.update(ended_on=timezone.now().date())
        assert send_reminder(done.pk) == 0

    def test_an_agency_that_is_not_checked_reminds_nobody(self, world: World, ada: Talent) -> None:
        world.agency.checked_at = None
        with pytest.raises(InvalidInput):
            do(world, "remind", ada)


class TestWho:
    @pytest.mark.parametrize("who", ["other_booker", "producer", "maya"])
    def test_nobody_else_files_this_roster(self, world: World, who: str) -> None:
        with pytest.raises(NotAllowed):
            act(by=getattr(world, who).actor, agency=world.agency, models={world.talent.pk}, what="aside")

    def test_an_accountant_looks_and_files_nothing(self, world: World) -> None:
        accountant = signed_in(make_member(world.agency, "accountant", "anne"))
        words = accountant.get(ROSTER).content.decode()
        assert "Maya Okafor" in words and "Do it" not in words
        posted = accountant.post(f"{ROSTER}bulk/", {"model": [str(world.talent.pk)], "what": "aside"})
        assert posted.status_code == 403

    def test_somebody_elses_model_spoils_it_for_all(self, world: World, ada: Talent) -> None:
        stranger = Talent.objects.get(slug="kai-lindgren")
        with pytest.raises(InvalidInput):
            do(world, "aside", ada, stranger)
        assert place(world, ada) == ("", False)


class TestThePage:
    @pytest.fixture
    def booker(self, world: World) -> Client:
        return signed_in(world.booker)

    def test_ticked_done_and_undone_in_the_same_view(self, world: World, ada: Talent, booker: Client) -> None:
        posted = booker.post(f"{ROSTER}bulk/?view=quiet", {"model": [str(ada.pk)], "what": "board:men"})
        assert posted["Location"] == f"{ROSTER}?view=quiet"
        words = booker.get(ROSTER).content.decode()
        assert "it can be undone" in words and "1 model moved to men." in words
        done = BulkAct.objects.get()
        assert booker.post(f"{ROSTER}bulk/{done.pk}/undo/").status_code == 302
        assert place(world, ada) == ("", False)
        assert "it can be undone" not in booker.get(ROSTER).content.decode()

    def test_a_colleague_is_not_offered_to_undo_it(self, world: World, ada: Talent) -> None:
        do(world, "aside", ada)
        colleague = signed_in(make_member(world.agency, "owner", "olga"))
        assert "it can be undone" not in colleague.get(ROSTER).content.decode()

    @pytest.mark.parametrize(
        ("posted", "words"),
        [
            ({"what": "aside"}, "Tick at least one model."),
            ({"what": "", "model": "ada"}, "Choose what to do with them."),
            ({"what": "board:happiness", "model": "ada"}, "Choose a board."),
            ({"what": "aside", "model": "no-id"}, "not on your roster any more"),
        ],
    )
    def test_what_cannot_be_done_is_said_and_the_ticks_stay(
        self, booker: Client, ada: Talent, posted: dict, words: str
    ) -> None:
        sent = posted | ({"model": str(ada.pk)} if posted.get("model") == "ada" else {})
        answer = booker.post(f"{ROSTER}bulk/", sent)
        shown = answer.content.decode()
        assert (answer.status_code, words in shown) == (422, True)
        ticked = f'value="{ada.pk}" checked>' in shown
        assert ticked == (sent.get("model") == str(ada.pk))


def told() -> set[str]:
    return set(Notice.objects.filter(kind="roster.reminder").values_list("to", flat=True))
