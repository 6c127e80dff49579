"""What every way of proving who one is can do. There are two: a person of the house looks, or Stripe Identity does."""

from dataclasses import dataclass
from typing import Protocol

from apps.accounts.actor import Actor
from apps.identity.models import IdentityCheck
from apps.talent.models import Talent


@dataclass(frozen=True)
class Shown:
    """What she hands in to us, where we take it at all."""

    kind: str
    document: bytes
    selfie: bytes


@dataclass(frozen=True)
class Begun:
    """`address` is where she goes on, and is never stored; empty where nothing more is asked of her."""

    check: IdentityCheck
    address: str = ""


class Way(Protocol):
    def begin(self, *, by: Actor, talent: Talent, shown: Shown | None, back: str) -> Begun:
        """She begins, or goes on with what she began. `back` is the full address she comes back to. Raises NotAllowed
        for anybody but herself, InvalidInput(field=…), StaleState once something of hers is being looked at or was
        approved, Unavailable."""

    def look_again(self, check: IdentityCheck) -> None:
        """Reads how it stands where it is decided elsewhere. Exit: as it is there, decided if it is decided."""

    def forget(self, check: IdentityCheck) -> None:
        """Entry: decided; exit: nothing of what she showed readable, or asked for and to be looked at again. Can be
        repeated."""
