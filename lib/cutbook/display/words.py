"""Columns of records become columns of text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from cutbook.display.formats import NOT_APPLICABLE, date, fixed, significant
from cutbook.display.parts import CellLike, Row

_WORD = re.compile(
    r"\b(?:DAY|WEEK|MONTH|YEAR|VISIT|CYCLE|DOSE|PERIOD|SCREENING|BASELINE|UNSCHEDULED|FOLLOW|UP|EARLY|TERMINATION|END|OF"
    r"|TO|STUDY|TREATMENT|RETRIEVAL|PRE|POST)\b"
)


def words(values: pd.Series) -> list[str]:
    """Return values as text: whole numbers without decimals, others with three significant figures, a dash if missing.

    Examples
    --------
    >>> words(pd.Series(["007", None])), words(pd.Series([3.0, 0.12345]))
    (['007', '–'], ['3', '0.123'])
    """
    known = values.notna().tolist()
    return [_word(value) if is_known else NOT_APPLICABLE for value, is_known in zip(values, known, strict=True)]


def sentences(values: pd.Series) -> list[str]:
    """Return controlled terms in sentence case; single letters stay.

    Examples
    --------
    >>> sentences(pd.Series(["NOT RECOVERED/NOT RESOLVED", "Y", None]))
    ['Not recovered/not resolved', 'Y', '–']
    """
    return [text.capitalize() if text.isupper() and len(text) > 1 else text for text in words(values)]


def visit_name(collected: str) -> str:
    """Return a visit as collected with its plain words in lower case after a capital; abbreviations stay.

    Examples
    --------
    >>> visit_name("DAY 169/ET"), visit_name("END OF TREATMENT"), visit_name("WEEK 4 (CSF)"), visit_name("MAD DAY 1")
    ('Day 169/ET', 'End of treatment', 'Week 4 (CSF)', 'MAD day 1')
    """
    text = _WORD.sub(lambda found: found[0].lower(), collected)
    return text[:1].upper() + text[1:]


def dates(values: pd.Series) -> list[str]:
    """Return days as YYYY-MM-DD, a dash if missing."""
    return [date(value) for value in pd.to_datetime(values).tolist()]


def numbers(values: pd.Series, decimals: int) -> list[str]:
    """Return numbers with this many decimals, a dash if missing."""
    return [NOT_APPLICABLE if value != value else fixed(value, decimals) for value in values.astype("float64").tolist()]


def beside(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Return two texts as ``first (second)``, without the brackets where the second is a dash."""
    pairs = zip(first, second, strict=True)
    return [text if other == NOT_APPLICABLE else f"{text} ({other})" for text, other in pairs]


def lines(labels: Iterable[str], *columns: Iterable[CellLike]) -> tuple[Row, ...]:
    """Return one row a record: its label and one text a column."""
    return tuple(Row(label, tuple(cells)) for label, *cells in zip(labels, *columns, strict=True))


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, missing throughout when the frame has none."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="str", name=name)


def _word(value: object) -> str:
    if isinstance(value, float):
        return fixed(value, 0) if value.is_integer() else significant(value)
    return str(value) or NOT_APPLICABLE
