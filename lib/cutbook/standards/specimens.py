"""Specimens of laboratory results: which words mean blood."""

from __future__ import annotations

import re
from functools import cache

_BLOOD = re.compile(r"\b(?:BLOOD|SERUM|PLASMA)\b")
_NOT_VENOUS = re.compile(r"\b(?:CORD|MARROW)\b")


@cache
def fluid_of(specimen: str) -> str:
    """Return one word, BLOOD, for blood and its parts, and any other value of --SPEC in capitals.

    Source: CDISC controlled terminology, codelist SPECTYPE.

    Examples
    --------
    >>> [fluid_of(one) for one in ("Serum", "BLOOD, VENOUS", "urine", "CORD BLOOD", "")]
    ['BLOOD', 'BLOOD', 'URINE', 'CORD BLOOD', '']
    """
    words = specimen.upper()
    return "BLOOD" if _BLOOD.search(words) and not _NOT_VENOUS.search(words) else words


def is_blood(specimen: str) -> bool:
    """Return whether a specimen is blood or a part of it; a blank one is, as laboratories leave it."""
    return fluid_of(specimen) in ("BLOOD", "")
