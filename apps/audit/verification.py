"""Reading the whole chain and saying the first thing that is wrong with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.audit.chain import ERASED, GENESIS, commitment, leaf_hash
from apps.audit.models import Event, Payload
from apps.common.canonical import canonical_json

FIELDS = {"seq", "ts", "kind", "subject", "commit", "prev"}


@dataclass(frozen=True)
class ChainReport:
    """`problem` is empty when the chain is whole; else it names the first break in words."""

    ok: bool
    events: int
    erased: int
    problem: str


@dataclass
class _Reader:
    """What is known after the events read so far."""

    seq: int = 0
    ts: str = ""
    prev: str = GENESIS
    without_payload: set[int] = field(default_factory=set)
    receipts: set[int] = field(default_factory=set)

    def read(self, event: Event) -> str:
        """Take the next event; the answer is what is wrong with it, or nothing."""
        if event.seq != self.seq + 1:
            return f"event {self.seq + 1} is missing: the next one found is {event.seq}"
        if leaf_hash(event.record) != event.hash:
            return f"event {event.seq} was changed: its hash does not match its record"
        entry = json.loads(event.record)
        if set(entry) != FIELDS or canonical_json(entry).decode() != event.record:
            return f"event {event.seq} is not in canonical form"
        if entry["seq"] != event.seq:
            return f"event {event.seq} says it is number {entry['seq']}"
        if entry["prev"] != self.prev:
            return f"event {event.seq} does not follow event {self.seq}: the chain is broken between them"
        if entry["ts"] < self.ts:
            return f"event {event.seq} is dated before event {self.seq}"
        self.seq, self.ts, self.prev = event.seq, entry["ts"], event.hash
        return self._read_payload(event, entry)

    def _read_payload(self, event: Event, entry: dict[str, str]) -> str:
        try:
            payload = event.payload
        except Payload.DoesNotExist:
            self.without_payload.add(event.seq)
            return ""
        if commitment(bytes(payload.salt), payload.body) != entry["commit"]:
            return f"the payload of event {event.seq} was changed: it does not match the commitment"
        if entry["kind"] == ERASED:
            self.receipts.update(json.loads(payload.body)["data"]["events"])
        return ""

    def unexplained(self) -> str:
        stolen = sorted(self.without_payload - self.receipts)
        return f"the payload of event {stolen[0]} is gone and no erasure names it" if stolen else ""


def verify_chain() -> ChainReport:
    """Read every event in one snapshot. Finds edits, gaps, swaps, insertions, changed and stolen payloads.

    A complete rewrite from some event to the end by somebody who commands the database is consistent in itself;
    only a copy of a hash kept elsewhere shows it.
    """
    reader = _Reader()
    for event in _events():
        problem = reader.read(event)
        if problem:
            return ChainReport(ok=False, events=reader.seq, erased=len(reader.without_payload), problem=problem)
    problem = reader.unexplained()
    return ChainReport(ok=not problem, events=reader.seq, erased=len(reader.without_payload), problem=problem)


def _events() -> Iterator[Event]:
    return Event.objects.select_related("payload").order_by("seq").iterator(chunk_size=2000)
