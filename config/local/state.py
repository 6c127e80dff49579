"""`var/runtime.json`: the ports and secrets of this copy. Settings read it; only this module writes it.

Secrets are made once and kept: without them nothing that they sealed can be read again.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.local import broker
from config.local.ports import LOOPBACK, free_port, is_free
from config.local.postgres import Postgres

DEFAULT_PORT = 8000
DATABASES = {"database_url": "double", "sandbox_database_url": "double_sandbox"}


class CannotStart(Exception):
    """A reason that the person at the keyboard can do something about, told without a traceback."""


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _webhook_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


SECRETS: dict[str, Callable[[], str]] = {
    "secret_key": lambda: secrets.token_urlsafe(48),
    "master_key": _key,
    "voucher_signing_key": _key,
    "file_url_key": _key,
    "gpu_service_key": lambda: secrets.token_urlsafe(32),
    "gpu_service_webhook_secret": _webhook_secret,
    "stripe_webhook_secret": _webhook_secret,
    "stripe_thin_webhook_secret": _webhook_secret,
    "redis_password": lambda: secrets.token_urlsafe(32),
}


def open_state(var: Path, environment: Mapping[str, str], database: Postgres) -> dict[str, str]:
    """Reads the state or makes it, gives each service its port for this start, and writes it down before any starts.

    An address in `environment` names a service that runs elsewhere; the embedded one then stays off.
    """
    path = var / "runtime.json"
    state = json.loads(path.read_text()) if path.exists() else {}
    if not state and database.data.exists():
        raise CannotStart(f"{path} is gone, and with it the keys of the data beside it. `make reset` starts afresh.")
    state = {**{name: make() for name, make in SECRETS.items()}, **state}
    state["port"] = str(_site_port(environment.get("PORT", ""), int(state.get("port", DEFAULT_PORT))))
    state["site_url"] = f"http://{LOOPBACK}:{state['port']}"
    state |= {name: database.url(own) for name, own in DATABASES.items()}
    redis_port = free_port(preferred=int(state.get("redis_port", 0)))
    gpu_port = free_port(preferred=int(state.get("gpu_service_port", 0)))
    state |= {"redis_port": str(redis_port), "gpu_service_port": str(gpu_port)}
    state["redis_url"] = broker.url(port=redis_port, password=state["redis_password"])
    state["gpu_service_url"] = f"http://{LOOPBACK}:{gpu_port}"
    for name in ("database_url", "sandbox_database_url", "redis_url", "gpu_service_url"):
        state[name] = environment.get(name.upper(), state[name])
    _write(path, state)
    return state


def is_embedded(name: str, environment: Mapping[str, str]) -> bool:
    return not environment.get(name.upper())


def voucher_public_key(state: Mapping[str, str]) -> str:
    private = Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(state["voucher_signing_key"]))
    return base64.urlsafe_b64encode(private.public_key().public_bytes_raw()).decode()


def _site_port(asked: str, last: int) -> int:
    """A port that somebody asked for never moves. One that nobody asked for gives way to whoever holds it."""
    if not asked:
        return free_port(preferred=last)
    if not asked.isdigit() or not 0 < int(asked) < 65536:
        raise CannotStart(f"PORT={asked} is not a port number.")
    if not is_free(int(asked)):
        raise CannotStart(f"Port {asked} is taken by another program. Choose another one: make run PORT=8080")
    return int(asked)


def _write(path: Path, state: Mapping[str, str]) -> None:
    """All or nothing, readable by its owner only, and on the disk before anybody relies on it."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(state, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
