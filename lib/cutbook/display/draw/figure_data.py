"""The data of a figure as CSV."""

from __future__ import annotations

import pandas as pd

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FIGURES = 6


def figure_data(*frames: pd.DataFrame) -> str:
    """Return what a figure draws as CSV (RFC 4180): numbers with six significant figures, missing values empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it.

    Parameters
    ----------
    frames : frame
        Below each other; columns that one lacks are empty there.
    """
    below = pd.concat(frames, ignore_index=True)
    return pd.DataFrame({name: _texts(below[name]) for name in below}).to_csv(index=False, lineterminator="\r\n")


def _texts(values: pd.Series) -> list[str]:
    if pd.api.types.is_numeric_dtype(values):
        return ["" if value != value else f"{value:.{_FIGURES}g}" for value in values.astype("float64").tolist()]
    return [_safe(value) for value in values.astype("str").fillna("").tolist()]


def _safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    Examples
    --------
    >>> _safe("=1+1"), _safe(" @SUM"), _safe("20 mg")
    ("'=1+1", "' @SUM", '20 mg')
    """
    return f"'{text}" if text.lstrip(" \N{NO-BREAK SPACE}").startswith(_DANGEROUS) else text
