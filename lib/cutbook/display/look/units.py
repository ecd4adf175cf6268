"""Units as a reader writes them, where the collected spelling is one for machines."""

from __future__ import annotations

import re

_WRITTEN = {
    "10^6/L": "cells/µL", "10*6/L": "cells/µL", "10^9/L": "10⁹/L", "10*9/L": "10⁹/L", "10^12/L": "10¹²/L",
    "umol/L": "µmol/L",
    "ug/L": "µg/L", "ug/mL": "µg/mL", "msec": "ms", "C": "°C", "kg/m2": "kg/m²",
}  # fmt: skip
_AT_END = re.compile(r"\(([^()]*)\)$")


def unit_written(unit: str) -> str:
    """Return a unit as it is written; the number before it stays the same.

    Examples
    --------
    >>> unit_written("10^6/L"), unit_written("msec"), unit_written("mg/dL")
    ('cells/µL', 'ms', 'mg/dL')
    """
    return _WRITTEN.get(unit, unit)


def with_unit_written(words: str) -> str:
    """Return the words of a parameter, the unit in brackets at their end as it is written.

    Examples
    --------
    >>> with_unit_written("Creatinine (umol/L)"), with_unit_written("Prothrombin (INR) time")
    ('Creatinine (µmol/L)', 'Prothrombin (INR) time')
    """
    return _AT_END.sub(lambda found: f"({unit_written(found[1])})", words)
