"""Why a posting is refused. The database refuses the same again where a caller goes round the service."""

from apps.common.errors import InvalidInput, Refused


class Unbalanced(InvalidInput):
    """The legs of a journal do not add up to zero in every currency."""


class KeyReused(Refused):
    """This key already stands for a journal with other legs: two acts share a key, which is a fault of the caller."""


class BelowFloor(Refused):
    """An account would fall below the lowest balance its kind may have."""
