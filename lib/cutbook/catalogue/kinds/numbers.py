"""Layers whose numbers stand in the results table alone, for sentences to say: no row of a table shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cutbook.catalogue.kinds.absence import Why, told
from cutbook.catalogue.kinds.layers import Records
from cutbook.derive import Frames


@dataclass(frozen=True)
class Amount:
    """A number that sentences say of the data, in the results table alone.

    Attributes
    ----------
    variable : str
        Its key.
    number : callable
        Derived datasets -> number.
    why : callable
        As for Count.
    """

    variable: str
    number: Callable[[Frames], float]
    why: Why = told


@dataclass(frozen=True)
class Facts:
    """Numbers of single records that sentences say, in the results table alone.

    Attributes
    ----------
    variable, words : str
        Key, and what the records are.
    records : callable
        USUBJID, KEY, LEVEL (what tells the records apart) and the columns named.
    numbers : mapping of str to str
        Column by statistic: ``{"day": "DTHDY"}``. A missing number has no row.
    """

    variable: str
    words: str
    records: Records
    numbers: Mapping[str, str]


@dataclass(frozen=True)
class Signal:
    """Participants whom a row counts that it did not count at the previous cut, in the results table and a sentence.

    Attributes
    ----------
    kind : str
        ``serious``, ``death`` or ``mixup``.
    display, variable : str
        The row.
    words : str
        The sentence, with a place for who they are and one for the previous cut.
    """

    kind: str
    display: str
    variable: str
    words: str
