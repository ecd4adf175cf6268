"""Units of laboratory tests: how they are spelled, and how much of one is one of another."""

from __future__ import annotations

import pandas as pd

from cutbook.records import same_unit
from cutbook.standards.criteria import table


def spelled(units: pd.Series) -> pd.Series:
    """Return units in the spelling of the files of criteria; those that no file names stay as they are.

    Examples
    --------
    >>> spelled(pd.Series(["GI/L", "mg/dL", None])).tolist()
    ['10^9/L', 'mg/dL', '']
    """
    names = table("unit_spellings")
    return same_unit(units).replace(dict(zip(names["spelling"], names["unit"], strict=True)))


def standing_for(tests: pd.Series) -> pd.Series:
    """Return test codes as the files of criteria name them.

    Examples
    --------
    >>> standing_for(pd.Series(["UREAN", "ALT"])).tolist()
    ['BUN', 'ALT']
    """
    names = table("test_aliases")
    return tests.replace(dict(zip(names["testcd"], names["stands_for"], strict=True)))


def factors(tests: pd.Series, units: pd.Series, targets: pd.Series) -> pd.Series:
    """Return by what a result is multiplied to be in another unit: 1 in the same one, missing where it is not known.

    Parameters
    ----------
    tests : Series of str
        Codes as `standing_for` gives them.
    units, targets : Series of str
        Spelled as `spelled` gives them.

    Examples
    --------
    >>> factors(*(pd.Series([word]) for word in ("HGB", "g/L", "g/dL"))).tolist()
    [0.1]
    """
    known = table("laboratory_units").set_index(["testcd", "unit"])["factor"]
    sizes = [known.reindex(pd.MultiIndex.from_arrays([tests, some])).to_numpy() for some in (units, targets)]
    ratio = pd.Series(sizes[1] / sizes[0], index=tests.index)
    return ratio.mask(units.eq(targets), 1.0)
