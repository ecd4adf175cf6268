"""Literals that more than one room uses: reports, codes of columns, of visits, and of what a count counted."""

from __future__ import annotations

from typing import Literal

Report = Literal["safety", "pharmacokinetics", "efficacy"]
REPORTS: tuple[Report, ...] = ("safety", "pharmacokinetics", "efficacy")
"""Names of the reports that a study can have, in the order in which they are listed."""

ACTIVE, TOTAL, MISSING = "ACTIVE", "TOTAL", "MISSING"
"""Codes of the pooled columns, all active arms and everybody, and of a missing arm or category."""

POOLED_CODES = frozenset({ACTIVE, TOTAL, MISSING})
"""Codes that no arm may have."""

BASELINE = "BASELINE"
"""Code of the visit that stands for the value before treatment."""

COUNTS_ALL, COUNTS_CHANGE, COUNTS_BLQ, COUNTS_VALUE = "all", "change", "blq", "value"
"""What a count counted: all records or values, those with a baseline, those below the limit, those above it."""


def contrast(group: str, other: str) -> str:
    """Return the code of the difference of two columns.

    Examples
    --------
    >>> contrast("TOF100", "PBO")
    'TOF100-PBO'
    """
    return f"{group}-{other}"
