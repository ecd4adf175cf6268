"""A file whose hash is known when it is closed: nothing is read again."""

from __future__ import annotations

import hashlib
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class HashedFile(BufferedWriter):
    """A file being written from its start, never elsewhere.

    Parameters
    ----------
    path : Path
        The file; what it held is lost.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(FileIO(path, "wb"))
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of what was written, hexadecimal."""
        return self._digest.hexdigest()

    def write(self, content: ReadableBuffer, /) -> int:
        """Write bytes and return how many."""
        self._digest.update(content)
        return super().write(content)
