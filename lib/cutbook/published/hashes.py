"""Hashes: what vouches for a file or a text."""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_file(file: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sha256_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits.

    Examples
    --------
    >>> sha256_bytes(b"page")[:12]
    '3660315a9af3'
    """
    return hashlib.sha256(content).hexdigest()


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal digits."""
    return sha256_bytes(text.encode())
