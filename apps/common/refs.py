"""Text ids: how a lower layer names something of a higher one, and how parties are named everywhere.

A reference is `kind:uuid` ("booking:…", "twin:…"); a party is "talent:…", "org:…", "crew:…" or "platform".
"""

from uuid import UUID

PLATFORM = "platform"


def ref(kind: str, pk: UUID | str) -> str:
    return f"{kind}:{pk}"


def parse_ref(text: str, kind: str) -> UUID:
    """The id inside a reference of this kind. Raises ValueError for any other text."""
    found, _, pk = text.partition(":")
    if found != kind:
        raise ValueError(f"expected a {kind} reference, got {text!r}")
    return UUID(pk)
