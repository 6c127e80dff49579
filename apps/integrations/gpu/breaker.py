"""A circuit breaker per engine, shared by all workers through Redis.

It opens at 5 failures within 60 s, or when half of the last 20 calls failed. 60 s later it lets one probe through:
a good one closes it, a bad one keeps it open for another 60 s. Only the engine's own failures count: no connection, no
answer in time, 5xx. See docs/decisions/0005-circuit-breaker.md.
"""

import time
import uuid

from redis import Redis

from apps.integrations.gpu.errors import Unreachable

WINDOW = 60  # seconds in which failures are counted
FAILURES = 5
LAST_CALLS = 20
OPEN_FOR = 60  # seconds
PROBE_FOR = 40  # seconds after which a probe that never reported counts as lost; longer than any call may last

# KEYS: failures, outcomes, open, tripped, probe. ARGV: outcome, now, id, window, failures, last_calls, open_for.
# While it is open, answers to calls made before are not heard; afterwards only the probe can answer.
RECORD = """
if redis.call('EXISTS', KEYS[3]) == 1 then return end
local bad = ARGV[1] == '1'
if redis.call('EXISTS', KEYS[4]) == 1 then
  if bad then
    redis.call('SET', KEYS[3], '1', 'EX', ARGV[7])
  else
    redis.call('DEL', KEYS[1], KEYS[2], KEYS[3], KEYS[4])
  end
  redis.call('DEL', KEYS[5])
  return
end
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], 0, ARGV[6] - 1)
redis.call('EXPIRE', KEYS[2], 3600)
if not bad then return end
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[4])
local recent = redis.call('LRANGE', KEYS[2], 0, -1)
local lost = 0
for _, outcome in ipairs(recent) do lost = lost + tonumber(outcome) end
local half = #recent >= tonumber(ARGV[6]) and lost * 2 >= #recent
if half or redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[5]) then
  redis.call('SET', KEYS[3], '1', 'EX', ARGV[7])
  redis.call('SET', KEYS[4], '1')
end
"""


class Breaker:
    def __init__(self, redis: Redis, name: str) -> None:
        self._redis = redis
        self._keys = [f"breaker:{name}:{part}" for part in ("failures", "outcomes", "open", "tripped", "probe")]
        self._record = redis.register_script(RECORD)

    @property
    def _open(self) -> str:
        return self._keys[2]

    @property
    def _tripped(self) -> str:
        return self._keys[3]

    @property
    def _probe(self) -> str:
        return self._keys[4]

    def check(self) -> None:
        """Before a call. Raises Unreachable while the circuit is open, and for all but one while it is half open."""
        left = self._redis.pttl(self._open)
        if isinstance(left, int) and left > 0:
            raise Unreachable("the engine failed too often and is left alone for a while", retry_after=left / 1000)
        if self._redis.exists(self._tripped) and not self._redis.set(self._probe, "1", nx=True, ex=PROBE_FOR):
            raise Unreachable("another call is trying whether the engine is back")

    def success(self) -> None:
        self._report("0")

    def failure(self) -> None:
        self._report("1")

    def _report(self, outcome: str) -> None:
        self._record(
            keys=self._keys, args=[outcome, time.time(), uuid.uuid4().hex, WINDOW, FAILURES, LAST_CALLS, OPEN_FOR]
        )
