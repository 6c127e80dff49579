from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TRUSTED = "Trusted"


@dataclass(frozen=True)
class Assertion:
    """One statement of a manifest. `created` means the signer made it; else it was only passed on."""

    data: Mapping[str, Any]
    created: bool


@dataclass(frozen=True)
class Credentials:
    """What a file's active manifest says and what it is worth.

    Only `state` "Trusted" counts: a stranger's certificate with our names reads "Valid". `stamped_at` is the trusted
    time stamp, without which the file turns invalid when the certificate ends.
    """

    state: str
    issuer: str
    stamped_at: datetime | None
    assertions: Mapping[str, Assertion]
    failures: tuple[str, ...]

    @property
    def is_trusted(self) -> bool:
        return self.state == TRUSTED
