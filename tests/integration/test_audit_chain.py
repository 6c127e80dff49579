"""The audit chain: nothing that was recorded can be changed unseen, and erasure is not a change."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from apps.audit.chain import leaf_hash
from apps.audit.models import Event, Payload
from apps.audit.services import ERASED, erase_payloads, record, verify_chain
from apps.common.canonical import canonical_json

ADA = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a001"
BO = "talent:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a002"
STAFF = "user:8f6f3e52-53f0-4c8f-8f0e-0c1df6f0a009 for platform"


def tell(count: int, subject: str = ADA) -> list[Event]:
    return [
        record(kind="consent.granted", subject=subject, by="system", payload={"purpose": "generate", "turn": turn})
        for turn in range(count)
    ]


def tamper(*statements: str) -> None:
    """What somebody who owns the database can do: switch the triggers off and write."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_event", "audit_payload"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("audit_event", "audit_payload"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def rewritten(event: Event, **changes: object) -> str:
    return canonical_json({**json.loads(event.record), **changes}).decode()


@pytest.mark.django_db
class TestRecording:
    def test_events_are_numbered_and_chained_without_a_gap(self) -> None:
        first, second, third = tell(3)
        assert [first.seq, second.seq, third.seq] == [1, 2, 3]
        assert json.loads(second.record)["prev"] == first.hash
        assert json.loads(third.record)["prev"] == second.hash
        report = verify_chain()
        assert (report.ok, report.events, report.erased, report.problem) == (True, 3, 0, "")

    def test_an_empty_chain_is_whole(self) -> None:
        assert verify_chain().ok

    def test_kind_and_subject_can_be_searched(self) -> None:
        tell(2, ADA)
        tell(1, BO)
        assert Event.objects.filter(subject=BO, kind="consent.granted").count() == 1

    def test_the_payload_tells_who_and_what(self) -> None:
        event = record(kind="twin.paused", subject=ADA, by=STAFF, payload={"reason": "après-midi ☼"})
        assert Event.objects.get(pk=event.pk).body == {"by": STAFF, "data": {"reason": "après-midi ☼"}}

    def test_no_two_events_share_a_salt_so_equal_payloads_look_different(self) -> None:
        one, two = (record(kind="k", subject=ADA, by="system", payload={"same": True}) for _ in range(2))
        assert json.loads(one.record)["commit"] != json.loads(two.record)["commit"]

    def test_an_event_disappears_with_the_transaction_that_it_tells_of(self) -> None:
        tell(1)
        with pytest.raises(RuntimeError), transaction.atomic():
            record(kind="booking.agreed", subject=ADA, by="system", payload={})
            raise RuntimeError("the booking could not be agreed after all")
        assert Event.objects.count() == 1
        assert tell(1)[0].seq == 2
        assert verify_chain().ok

    def test_a_payload_that_json_cannot_say_is_refused(self) -> None:
        with pytest.raises(TypeError), transaction.atomic():
            record(kind="k", subject=ADA, by="system", payload={"bad": object()})  # type: ignore[dict-item]
        assert not Event.objects.exists()


@pytest.mark.django_db
class TestAppendOnly:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_event SET record = record WHERE seq = 1",
            "DELETE FROM audit_event WHERE seq = 2",
            "TRUNCATE audit_event CASCADE",
            "TRUNCATE audit_payload",
            "UPDATE audit_payload SET body = '{}' WHERE seq = 1",
            "DELETE FROM audit_payload WHERE seq = 1",
        ],
    )
    def test_the_database_refuses(self, statement: str) -> None:
        tell(2)
        with pytest.raises(IntegrityError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL double.allow_truncate = 'off'")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
        assert caught.value.__cause__.sqlstate == "23514"  # type: ignore[union-attr]
        assert verify_chain().ok

    def test_searchable_columns_cannot_disagree_with_the_record(self) -> None:
        tell(1)
        with pytest.raises(Exception, match="kind"), transaction.atomic():
            tamper("UPDATE audit_event SET kind = 'something.else' WHERE seq = 1")


@pytest.mark.django_db
class TestTampering:
    """The triggers are off: only the arithmetic is left to tell."""

    def test_an_edited_event(self) -> None:
        events = tell(4)
        tamper(f"UPDATE audit_event SET record = '{rewritten(events[1], kind='consent.withdrawn')}' WHERE seq = 2")
        assert verify_chain().problem == "event 2 was changed: its hash does not match its record"

    def test_an_edited_event_with_a_new_hash(self) -> None:
        events = tell(4)
        text = rewritten(events[1], kind="consent.withdrawn")
        tamper(f"UPDATE audit_event SET record = '{text}', hash = '{leaf_hash(text)}' WHERE seq = 2")
        assert verify_chain().problem == "event 3 does not follow event 2: the chain is broken between them"

    def test_a_backdated_event_rechained_to_the_end(self) -> None:
        events = tell(3)
        text = rewritten(events[2], ts="2020-01-01T00:00:00.000000Z")
        tamper(f"UPDATE audit_event SET record = '{text}', hash = '{leaf_hash(text)}' WHERE seq = 3")
        assert verify_chain().problem == "event 3 is dated before event 2"

    def test_a_deleted_event(self) -> None:
        tell(4)
        tamper("DELETE FROM audit_payload WHERE seq = 2", "DELETE FROM audit_event WHERE seq = 2")
        assert verify_chain().problem == "event 2 is missing: the next one found is 3"

    def test_a_deleted_event_with_the_rest_renumbered(self) -> None:
        tell(3)
        tamper(
            "DELETE FROM audit_payload WHERE seq >= 2",
            "DELETE FROM audit_event WHERE seq = 2",
            "UPDATE audit_event SET seq = 2 WHERE seq = 3",
        )
        assert verify_chain().problem == "event 2 says it is number 3"

    def test_missing_first_events(self) -> None:
        tell(3)
        tamper("DELETE FROM audit_payload WHERE seq = 1", "DELETE FROM audit_event WHERE seq = 1")
        assert verify_chain().problem == "event 1 is missing: the next one found is 2"

    def test_two_events_swapped(self) -> None:
        events = tell(4)
        tamper(
            "UPDATE audit_event SET hash = 'aside' WHERE seq = 2",
            f"UPDATE audit_event SET record = '{events[1].record}', hash = '{events[1].hash}' WHERE seq = 3",
            f"UPDATE audit_event SET record = '{events[2].record}', hash = '{events[2].hash}' WHERE seq = 2",
        )
        assert verify_chain().problem == "event 2 says it is number 3"

    def test_an_inserted_event_chained_to_the_one_before(self) -> None:
        events = tell(3)
        text = rewritten(events[1], kind="forged", seq=2, prev=events[0].hash)
        tamper(
            "DELETE FROM audit_payload WHERE seq >= 2",
            "UPDATE audit_event SET seq = seq + 101 WHERE seq >= 2",
            "UPDATE audit_event SET seq = seq - 100 WHERE seq > 100",
            f"INSERT INTO audit_event (seq, record, hash) VALUES (2, '{text}', '{leaf_hash(text)}')",
        )
        assert verify_chain().problem == "event 3 says it is number 2"

    def test_a_changed_payload(self) -> None:
        tell(2)
        tamper("""UPDATE audit_payload SET body = '{"by":"system","data":{}}' WHERE seq = 2""")
        assert verify_chain().problem == "the payload of event 2 was changed: it does not match the commitment"

    def test_a_payload_deleted_without_an_erasure(self) -> None:
        tell(3)
        tamper("DELETE FROM audit_payload WHERE seq = 2")
        assert verify_chain().problem == "the payload of event 2 is gone and no erasure names it"

    def test_another_spelling_of_the_same_record(self) -> None:
        events = tell(1)
        text = events[0].record.replace(":", ": ", 1)
        tamper(f"UPDATE audit_event SET record = '{text}', hash = '{leaf_hash(text)}' WHERE seq = 1")
        assert verify_chain().problem == "event 1 is not in canonical form"


@pytest.mark.django_db
class TestErasure:
    def test_ada_is_erased_and_the_chain_still_verifies(self) -> None:
        tell(3, ADA)
        tell(2, BO)
        assert erase_payloads(subject=ADA, by=STAFF, reason="she asked for it") == 3
        assert not Payload.objects.filter(event__subject=ADA).exclude(event__kind=ERASED).exists()
        assert Event.objects.filter(subject=ADA, kind="consent.granted").count() == 3
        report = verify_chain()
        assert (report.ok, report.events, report.erased) == (True, 6, 3)
        assert Event.objects.get(seq=1).body is None

    def test_the_receipt_outlives_a_second_erasure(self) -> None:
        tell(1, ADA)
        erase_payloads(subject=ADA, by=STAFF, reason="she asked for it")
        tell(1, ADA)
        assert erase_payloads(subject=ADA, by=STAFF, reason="again") == 1
        assert verify_chain().ok
        receipt = Event.objects.get(seq=2).body
        assert receipt == {"by": STAFF, "data": {"events": [1], "reason": "she asked for it"}}

    def test_nothing_to_erase_leaves_no_receipt(self) -> None:
        tell(1, BO)
        assert erase_payloads(subject=ADA, by=STAFF, reason="she asked for it") == 0
        assert Event.objects.count() == 1

    def test_after_an_erasure_payloads_are_locked_again(self) -> None:
        tell(1, ADA)
        tell(1, BO)
        erase_payloads(subject=ADA, by=STAFF, reason="she asked for it")
        with pytest.raises(IntegrityError), transaction.atomic():
            Payload.objects.filter(event__subject=BO).delete()


@pytest.mark.django_db(transaction=True)
def test_eight_writers_leave_no_gap() -> None:
    """Eight connections of their own append at once; every third transaction changes its mind."""
    turns, writers = 15, 8
    start = threading.Barrier(writers)

    def write(number: int) -> None:
        start.wait()
        for turn in range(turns):
            try:
                with transaction.atomic():
                    record(kind="load", subject=f"talent:{number}", by="system", payload={"turn": turn})
                    if turn % 3 == 2:
                        raise LookupError
            except LookupError:
                continue
        connections.close_all()

    with ThreadPoolExecutor(writers) as pool:
        for done in [pool.submit(write, number) for number in range(writers)]:
            done.result()
    report = verify_chain()
    assert (report.ok, report.problem) == (True, "")
    assert report.events == writers * turns * 2 // 3


@pytest.mark.django_db
class TestCommand:
    def test_a_whole_chain_exits_with_zero(self) -> None:
        tell(2)
        out = StringIO()
        call_command("audit_chain", "--json", stdout=out)
        assert json.loads(out.getvalue()) == {"ok": True, "events": 2, "erased": 0, "problem": ""}

    def test_a_broken_chain_exits_with_one_and_says_where(self) -> None:
        tell(3)
        tamper("DELETE FROM audit_payload WHERE seq = 2", "DELETE FROM audit_event WHERE seq = 2")
        out = StringIO()
        with pytest.raises(SystemExit) as caught:
            call_command("audit_chain", "--json", stdout=out)
        assert caught.value.code == 1
        assert json.loads(out.getvalue())["problem"] == "event 2 is missing: the next one found is 3"
