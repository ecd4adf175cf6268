"""Planned times of samples: hours after their dose, and which are planned before it."""

from __future__ import annotations

import pandas as pd

_DURATION = (
    r"^(?P<SIGN>-)?P(?:(?P<D>\d+(?:\.\d+)?)D)?(?:T(?:(?P<H>\d+(?:\.\d+)?)H)?(?:(?P<M>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<S>\d+(?:\.\d+)?)S)?)?$"
)
_HOURS = {"D": 24.0, "H": 1.0, "M": 1 / 60, "S": 1 / 3600}


def nominal_hours(samples: pd.DataFrame) -> pd.Series:
    """Return the planned hours of each sample after its dose, 0 or negative before it.

    Parameters
    ----------
    samples : DataFrame
        PCTPTNUM (hours), PCELTM (ISO 8601 duration), ATPT.

    Notes
    -----
    Rules, the first that applies: PCTPTNUM; PCELTM; the time point is named pre-dose → 0; otherwise missing.
    """
    is_named_predose = samples["ATPT"].str.upper().str.contains(r"PRE.?DOSE|BEFORE DOS", na=False)
    named = is_named_predose.map({True: 0.0, False: None}).astype("float64")
    return samples["PCTPTNUM"].fillna(duration_hours(samples["PCELTM"])).fillna(named)


def duration_hours(text: pd.Series) -> pd.Series:
    """Return ISO 8601 durations of days to seconds in hours; missing where the text is none.

    Examples
    --------
    >>> duration_hours(pd.Series(["PT1H30M", "-PT15M", "P1DT12H", "1 hour"])).tolist()
    [1.5, -0.25, 36.0, nan]
    """
    parts = text.str.extract(_DURATION)
    numbers = parts[list(_HOURS)].astype("float64")
    hours = (numbers * pd.Series(_HOURS)).sum(axis="columns", min_count=1)
    return hours.mask(parts["SIGN"].eq("-"), -hours)


def is_planned_before_dose(samples: pd.DataFrame) -> pd.Series:
    """Return True for samples that are planned before their dose: nominal time 0 or less, or named pre-dose."""
    is_named = samples["ATPT"].str.upper().str.contains(r"PRE.?DOSE|BEFORE DOS", na=False)
    return samples["NOMTIME"].le(0) | is_named
