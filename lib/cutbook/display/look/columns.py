"""Columns of records become columns of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from cutbook.catalogue.kinds.panels import Field
from cutbook.display.look.collected import collected
from cutbook.display.look.numbers import NOT_APPLICABLE, fixed, significant
from cutbook.words import sentence_case, visit_name

_DIGITS = 12


def words(values: pd.Series) -> list[str]:
    """Return values as text: whole numbers without decimals, others with three significant figures, a dash if missing.

    Examples
    --------
    >>> words(pd.Series(["007", None])), words(pd.Series([3.0, 0.12345]))
    (['007', '–'], ['3', '0.123'])

    Collected text is marked as `cutbook.display.look.collected` says.
    """
    return [collected(text) for text in _plain(values)]


def sentences(values: pd.Series) -> list[str]:
    """Return controlled terms in sentence case; single letters stay.

    Examples
    --------
    >>> sentences(pd.Series(["NOT RECOVERED/NOT RESOLVED", "Y", None]))
    ['Not recovered/not resolved', 'Y', '–']
    """
    return [collected(sentence_case(text)) for text in _plain(values)]


def dates(values: pd.Series) -> list[str]:
    """Return days as YYYY-MM-DD, a dash if missing."""
    return pd.to_datetime(values).dt.strftime("%Y-%m-%d").astype("str").fillna(NOT_APPLICABLE).tolist()


def numbers(values: pd.Series, decimals: int) -> list[str]:
    """Return numbers with this many decimals, a dash if missing."""
    return [NOT_APPLICABLE if value != value else fixed(value, decimals) for value in values.astype("float64").tolist()]


def beside(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Return two texts as ``first (second)``, without the brackets where the second is a dash."""
    pairs = zip(first, second, strict=True)
    return [text if other == NOT_APPLICABLE else f"{text} ({other})" for text, other in pairs]


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column, missing throughout when the frame has none."""
    return frame[name] if name in frame else pd.Series(None, index=frame.index, dtype="str", name=name)


def texts_of(field: Field, records: pd.DataFrame) -> list[str]:
    """Return the texts of one column of a listing."""
    if field.or_day and field.variable not in records:
        shown = dates(column(records, field.or_day))
    else:
        shown = _texts(field, column(records, field.variable))
    return beside(shown, _texts(field, column(records, field.beside))) if field.beside else shown


def _texts(field: Field, values: pd.Series) -> list[str]:
    return numbers(values, field.decimals) if field.form == "number" else _FORMS[field.form](values)


_FORMS: dict[str, Callable[[pd.Series], list[str]]] = {
    "words": words,
    "sentence": sentences,
    "day": dates,
    "whole": lambda values: words(values.astype("float64")),
    "visit": lambda values: [collected(visit_name(text)) for text in _plain(values)],
    "hash": lambda values: [text[:_DIGITS] for text in _plain(values)],
}


def _plain(values: pd.Series) -> list[str]:
    known = values.notna().tolist()
    return [_word(value) if is_known else NOT_APPLICABLE for value, is_known in zip(values, known, strict=True)]


def _word(value: object) -> str:
    if isinstance(value, float):
        return fixed(value, 0) if value.is_integer() else significant(value)
    return str(value) or NOT_APPLICABLE
