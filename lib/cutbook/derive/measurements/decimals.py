"""How precisely results were collected, as decimals in the unit of analysis."""

from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.derive.records import number_column, text_column
from cutbook.record_names import text_of
from cutbook.records import same_unit

_MOST_OF_NUMBERS = 3
_NUMBER = r"^\s*[<>]?=?\s*[-+]?(?P<whole>\d*)(?:\.(?P<fraction>\d+))?\s*$"


def collected_decimals(raw: pd.DataFrame, letters: str, parameter: pd.Series) -> pd.Series:
    """Return the decimals of each record's parameter: the most with which a result was collected.

    Parameters
    ----------
    raw : DataFrame
        --ORRES, --ORRESU, --STRESC, --STRESN, --STRESU.
    letters : str
        Letters that begin the variables (``LB``).
    parameter : Series
        Parameter of each row.

    Returns
    -------
    Series of int
        0 where no result is a number.

    Notes
    -----
    A result in its collected unit has the decimals of its standardised text. A converted result has no more decimals
    than the significant digits of the collected one support: 250 mg/dL becomes 6.4650 mmol/L and counts as 6.47.
    Without a text the number itself tells its decimals, at most three, for a computed one has any number of them.
    """
    columns = {
        "PARAMCD": parameter,
        "ORRES": text_column(raw, f"{letters}ORRES"),
        "STRESC": text_column(raw, f"{letters}STRESC"),
        "STRESN": number_column(raw, f"{letters}STRESN"),
        "IS_CONVERTED": same_unit(text_column(raw, f"{letters}ORRESU")).ne(
            same_unit(text_column(raw, f"{letters}STRESU"))
        ),
    }
    distinct = pd.DataFrame(columns).dropna(subset="STRESN").drop_duplicates()
    standard = _fraction_digits(distinct["STRESC"]).fillna(_digits_of_numbers(distinct))
    supported = _significant_digits(distinct["ORRES"]) - 1 - _order(distinct["STRESN"])
    is_limited = distinct["IS_CONVERTED"] & (supported < standard)
    decimals = standard.mask(is_limited, supported.clip(lower=0))
    most = decimals.groupby(distinct["PARAMCD"]).max()
    return parameter.map(most).fillna(0).astype("int64")


def _fraction_digits(text: pd.Series) -> pd.Series:
    parts = text.str.extract(_NUMBER)
    is_number = parts["whole"].notna() & (parts["whole"].ne("") | parts["fraction"].notna())
    return parts["fraction"].str.len().fillna(0).astype("float64").where(is_number)


def _digits_of_numbers(results: pd.DataFrame) -> pd.Series:
    """Return the decimals of each number that has no text, at most three; missing where there is a text."""
    text = text_of(results["STRESN"].round(_MOST_OF_NUMBERS)).where(results["STRESC"].isna())
    return _fraction_digits(text)


def _significant_digits(text: pd.Series) -> pd.Series:
    parts = text.str.extract(_NUMBER)
    digits = (parts["whole"] + parts["fraction"].fillna("")).str.lstrip("0")
    return digits.str.len().astype("float64").mask(digits.eq(""))


def _order(values: pd.Series) -> pd.Series:
    size = values.abs()
    return pd.Series(np.floor(np.log10(size.where(size > 0))), index=values.index)
