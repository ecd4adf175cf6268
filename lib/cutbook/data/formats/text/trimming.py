"""Blanks around values: removed before anything compares, whatever the format and the kind of blank."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cutbook.data.characters import BLANKS

_ASCII_BLANKS = "".join(character for character in BLANKS if character.isascii())


class Trimmed(NamedTuple):
    """Values without the blanks around them, those of blanks only missing, and the places (from 0) that had any.

    A value of plain blanks only is an empty one, and is not among the places.
    """

    text: pa.Array
    places: NDArray[np.intp]


def trim(text: pa.Array) -> Trimmed:
    r"""Return text without the blanks of every kind around its values.

    Parameters
    ----------
    text : Arrow array of large_string

    Examples
    --------
    >>> trimmed = trim(pa.array(["Y ", "\u200bN\xa0", "\ufeff", "  ", "a b", None], pa.large_string()))
    >>> trimmed.text.to_pylist(), trimmed.places.tolist()
    (['Y', 'N', None, None, 'a b', None], [0, 1, 2])
    """
    bare = _bare(text)
    is_empty = pc.equal(pc.binary_length(bare), 0)
    values = pc.if_else(pc.fill_null(is_empty, fill_value=True), pa.scalar(None, text.type), bare)
    is_changed = pc.not_equal(pc.binary_length(bare), pc.binary_length(text))
    if not pc.any(is_changed, min_count=0).as_py():
        return Trimmed(values, np.empty(0, dtype=np.intp))
    is_plain = pc.equal(pc.binary_length(pc.ascii_trim(text, characters=" ")), 0)
    is_told = pc.fill_null(pc.and_(is_changed, pc.invert(is_plain)), fill_value=False)
    return Trimmed(values, np.flatnonzero(np.asarray(is_told, dtype=bool)))


def trim_value(value: str) -> str:
    r"""Return one value without the blanks of every kind around it.

    Examples
    --------
    >>> trim_value("\ufeff Y\u200b")
    'Y'
    """
    return value.strip(BLANKS)


def _bare(text: pa.Array) -> pa.Array:
    if pc.all(pc.string_is_ascii(text), min_count=0).as_py():
        return pc.ascii_trim(text, characters=_ASCII_BLANKS)
    return pc.utf8_trim(text, characters=BLANKS)
