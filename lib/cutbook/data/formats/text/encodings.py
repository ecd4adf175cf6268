"""Bytes into text: never guessed, never replaced; what is no text in the declared encoding is told for what it is."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault

DECLARE = "declare the file's encoding under sources.encodings in the study file"
WRITE_AGAIN = "have the file written again in UTF-8, the only encoding of its format"

_PRINTABLE_ASCII = bytes(range(0x20, 0x7F))
_CANDIDATES = (("utf-8", "UTF-8"), ("cp1252", "Windows-1252"), ("mac_roman", "Macintosh Roman"))
_SIGNS_IN_WORDS = frozenset("’–—·")
_SIGNS = frozenset("‘’‚“”„‹›«»–—…·•°µ±²³¹½¼¾×®©™§€£ªº")
_PADDING = b" \0\t\r\n"
_COMMON_BEGINNINGS = (b"\xc2", b"\xc3")
"""First bytes of nearly all characters of western languages; as letters in the place of a last one they are rare."""

_CONTEXT_BYTES = 20
_LONGEST_CHARACTER = 4
_TWO_BYTES = 2


@dataclass(frozen=True)
class Undecodable:
    """Values of one variable that are no text in the declared encoding.

    Attributes
    ----------
    rows : array of int
        From 1.
    values : sequence of bytes
        One a row.
    encoding : str
        As declared, or as the file states it.
    has_sound_values : bool
        Whether another value of the variable holds characters beyond ASCII that are text in the encoding.
    width : int
        Bytes at which the file ends a value; 0 where the format has no such width.
    remedy : str
        What helps when the bytes are of another encoding.
    """

    rows: NDArray[np.intp]
    values: Sequence[bytes]
    encoding: str
    has_sound_values: bool = False
    width: int = 0
    remedy: str = DECLARE


def is_usable_encoding(name: str) -> bool:
    """Return whether Python knows the encoding and it writes printable ASCII as ASCII does.

    Examples
    --------
    >>> is_usable_encoding("cp1252"), is_usable_encoding("utf-16"), is_usable_encoding("klingon")
    (True, False, False)
    """
    try:
        codecs.lookup(name)
        return _PRINTABLE_ASCII.decode(name) == _PRINTABLE_ASCII.decode("ascii")
    except (LookupError, UnicodeError, ValueError):
        return False


def is_utf_8(encoding: str) -> bool:
    """Return whether the name is one of UTF-8.

    Examples
    --------
    >>> is_utf_8("UTF8"), is_utf_8("utf-8-sig"), is_utf_8("cp1252"), is_utf_8("")
    (True, True, False, False)
    """
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    except (LookupError, ValueError):
        return False


def decode_values(values: Sequence[bytes], encoding: str) -> tuple[list[str], NDArray[np.bool_]]:
    """Return the values as text, and which of them are not text in that encoding (given back empty).

    Characters are never replaced.
    """
    texts: list[str] = []
    is_bad = np.zeros(len(values), dtype=bool)
    for position, value in enumerate(values):
        try:
            texts.append(value.decode(encoding))
        except UnicodeDecodeError:
            texts.append("")
            is_bad[position] = True
    return texts, is_bad


def undecodable_of(
    rows: ArrayLike, values: Sequence[bytes], is_bad: NDArray[np.bool_], encoding: str, *, width: int = 0
) -> Undecodable:
    """Return what :func:`decode_values` could not decode; ``rows`` (from 1) and ``values`` are those it was given."""
    bad = [value for value, is_wrong in zip(values, is_bad, strict=True) if is_wrong]
    has_sound = any(not value.isascii() for value, is_wrong in zip(values, is_bad, strict=True) if not is_wrong)
    return Undecodable(np.asarray(rows)[is_bad], bad, encoding, has_sound, width)


def encoding_faults(dataset: str, variable: str, bad: Undecodable) -> list[Fault]:
    r"""Return a fault of values cut off in the middle of a character, and one of bytes that the encoding does not have.

    In UTF-8 the last bytes of a value can be the beginning of a character. They are one that was cut off when something
    else says that the text is UTF-8 (other characters beyond ASCII, a second byte of the same character, the width of
    the file), or when no other likely encoding makes them a letter that fits; otherwise ``caf\xe9`` is Windows-1252.
    """
    is_cut = np.array([_is_cut(value.rstrip(_PADDING), bad) for value in bad.values], dtype=bool)
    if not is_cut.all() and not bad.has_sound_values:
        # Nothing of the variable is UTF-8 beyond ASCII, and something cannot be: the whole is another encoding.
        is_cut[:] = False
    faults = []
    if is_cut.any():
        faults.append(_cut_fault(dataset, variable, bad, np.flatnonzero(is_cut)))
    if not is_cut.all():
        faults.append(_byte_fault(dataset, variable, bad, np.flatnonzero(~is_cut)))
    return faults


def ends_inside_character(content: bytes) -> bool:
    r"""Return whether bytes end with the beginning of a character of UTF-8.

    Examples
    --------
    >>> ends_inside_character(b"na\xc3"), ends_inside_character("naé".encode()), ends_inside_character(b"na")
    (True, False, False)
    """
    for length in range(1, min(_LONGEST_CHARACTER, len(content) + 1)):
        tail = content[-length:]
        if tail[0] >= 0xC2:
            return _is_beginning(tail)
    return False


def readings(value: bytes, declared: str) -> list[str]:
    r"""Return in words how other likely encodings read a value, as far as they give letters and usual signs.

    Examples
    --------
    >>> readings(b"caf\xe9", "utf-8"), readings(b"Mus\x8ee", "utf-8"), readings(b"\x9d\xf7", "utf-8")
    (['Windows-1252 (cp1252) gives "café"'], ['Macintosh Roman (mac_roman) gives "Musée"'], [])
    """
    shown = _around_bad_bytes(value, declared)
    found = []
    for name, words in _CANDIDATES:
        is_declared = codecs.lookup(name) == codecs.lookup(declared)
        texts, is_bad = decode_values([shown], name)
        if not is_declared and not is_bad[0] and _has_letters(texts[0]):
            found.append(f"{words} ({name}) gives {quoted(texts[0])}")
    return found


def _has_letters(text: str) -> bool:
    """Return whether every character beyond ASCII is a usual sign, or a letter of the case of the letter beside it."""
    return all(character.isascii() or _fits(text, place) for place, character in enumerate(text))


def _fits(text: str, place: int) -> bool:
    character, before, after = text[place], text[:place][-1:], text[place + 1 : place + 2]
    if character in _SIGNS:
        return character in _SIGNS_IN_WORDS or not (before.isalpha() and after.isalpha())
    if not character.isalpha():
        return False
    if character.isupper():
        return not before.islower() and (after.isupper() or not before.isupper() or not after.isalpha())
    return not (before.isupper() and after.isupper())


def _is_cut(value: bytes, bad: Undecodable) -> bool:
    if not is_utf_8(bad.encoding):
        return _reason(value, bad.encoding) in ("incomplete multibyte sequence", "unexpected end of data")
    body = value.lstrip(bytes(range(0x80, 0xC0)))
    lost = len(value) - len(body)
    start, end = _bad_bytes(body, bad.encoding)
    if lost >= _LONGEST_CHARACTER or end != len(body) or not (start == end or _is_beginning(body[start:])):
        return False
    is_told = bad.has_sound_values or not body[:start].isascii()
    if lost:
        return is_told
    is_told |= end - start >= _TWO_BYTES or (bad.width > 0 and len(value) == bad.width)
    return is_told or body.endswith(_COMMON_BEGINNINGS) or not readings(value, bad.encoding)


def _is_beginning(tail: bytes) -> bool:
    return _bad_bytes(tail, "utf-8") == (0, len(tail)) and _reason(tail, "utf-8") == "unexpected end of data"


def _reason(value: bytes, encoding: str) -> str:
    try:
        value.decode(encoding)
    except UnicodeDecodeError as error:
        return error.reason
    return ""


def _bad_bytes(value: bytes, encoding: str) -> tuple[int, int]:
    """Return where the first bytes that are no text begin and end; the end of the value twice where all are."""
    try:
        value.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start, error.end
    return len(value), len(value)


def _cut_fault(dataset: str, variable: str, bad: Undecodable, places: NDArray[np.intp]) -> Fault:
    rows = bad.rows[places]
    return Fault(
        dataset,
        found=f"text cut off in the middle of a character in {row_list(rows)}, first {_shown(bad, int(places[0]))}",
        expected=f"whole characters of {bad.encoding}",
        remedy="have the file sent again with room for the whole text, or with the text cut between two characters",
        variable=variable,
        row=int(rows[0]),
    )


def _byte_fault(dataset: str, variable: str, bad: Undecodable, places: NDArray[np.intp]) -> Fault:
    rows, first = bad.rows[places], int(places[0])
    others = readings(bad.values[first], bad.encoding)
    shown = "" if others else f", first {_shown(bad, first)}"
    return Fault(
        dataset,
        found=f"bytes that are not {bad.encoding} in {row_list(rows)}{shown}",
        expected=f"text in {bad.encoding}",
        remedy="; ".join([bad.remedy, " and ".join(others)]) if others else bad.remedy,
        variable=variable,
        row=int(rows[0]),
    )


def _shown(bad: Undecodable, place: int) -> str:
    return quoted(_around_bad_bytes(bad.values[place], bad.encoding).decode(bad.encoding, "backslashreplace"))


def _around_bad_bytes(value: bytes, encoding: str) -> bytes:
    """Return the words in which the first bytes stand that are no text."""
    start, end = _bad_bytes(value, encoding)
    before = value[max(0, start - _CONTEXT_BYTES) : start]
    after = value[start : end + _CONTEXT_BYTES]
    first = before.partition(b" ")[2] if start > _CONTEXT_BYTES and b" " in before else before
    last = after.rpartition(b" ")[0] if len(value) > end + _CONTEXT_BYTES and b" " in after else after
    return first + last
