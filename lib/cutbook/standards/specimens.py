"""Specimens of laboratory results: which words mean blood."""

from __future__ import annotations

import pandas as pd

_BLOOD = r"\b(?:BLOOD|SERUM|PLASMA)\b"
_NOT_VENOUS = r"\bCORD\b|\bMARROW\b"


def is_blood(specimen: str) -> bool:
    """Return whether a value of --SPEC is blood or a part of it; a blank one is, as laboratories leave it.

    Source: CDISC controlled terminology, codelist SPECTYPE.

    Examples
    --------
    >>> [is_blood(one) for one in ("SERUM", "BLOOD, VENOUS", "", "URINE", "CORD BLOOD")]
    [True, True, True, False, False]
    """
    return bool(fluids(pd.Series([specimen or "BLOOD"])).eq("BLOOD").iloc[0])


def fluids(specimens: pd.Series) -> pd.Series:
    """Return specimens with one word, BLOOD, for blood and its parts, others in capitals; missing where none is stated.

    Examples
    --------
    >>> fluids(pd.Series(["Serum", "PLASMA", "urine", None])).tolist()
    ['BLOOD', 'BLOOD', 'URINE', nan]
    """
    words = specimens.astype("str").str.upper()
    is_own = words.str.contains(_BLOOD, na=False) & ~words.str.contains(_NOT_VENOUS, na=False)
    return words.mask(is_own, "BLOOD")
