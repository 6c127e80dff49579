"""Bytes too many for memory: sealed piece by piece on their way in, opened piece by piece on their way out.

On disk lies only what is sealed, also while it is written.
"""

from collections.abc import Iterator
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO

from apps.common.sealing import OVERHEAD
from apps.media.vault import Pieces

PIECE = 1024 * 1024  # plain bytes


class Sealing:
    """Takes bytes as a file does, for one pass from beginning to end; holds two pieces at most."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._waiting = bytearray()
        self._digest = sha256()
        self._sealed = TemporaryFile()  # noqa: SIM115  closed by close
        self.size = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self._waiting += data
        self.size += len(data)
        while len(self._waiting) > PIECE:  # never all of it: the last piece has to know that it is the last
            self._sealed.write(self._pieces.seal(bytes(self._waiting[:PIECE]), last=False))
            del self._waiting[:PIECE]
        return len(data)

    def flush(self) -> None:
        """Nothing is gained by writing less than a piece."""

    def finish(self) -> IO[bytes]:
        """The sealed bytes, ready to be read from the beginning. Once, after the last write."""
        self._sealed.write(self._pieces.seal(bytes(self._waiting), last=True))
        self._sealed.seek(0)
        return self._sealed

    def close(self) -> None:
        self._sealed.close()

    @property
    def sha256(self) -> str:
        """Of the plain bytes written so far."""
        return self._digest.hexdigest()


def opened(handle: IO[bytes], pieces: Pieces) -> Iterator[bytes]:
    """The plain bytes of what `Sealing` wrote; closes the handle. Raises Damaged for changed or missing pieces."""
    with handle:
        sealed = handle.read(PIECE + OVERHEAD)
        last = False
        while not last:
            following = handle.read(PIECE + OVERHEAD)
            last = not following
            yield pieces.open(sealed, last=last)
            sealed = following
