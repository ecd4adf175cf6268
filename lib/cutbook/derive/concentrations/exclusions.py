"""Samples that take no part in the analysis of profiles: by hand, or as the data were delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from cutbook.parameters.study.kinetics.choices import Decision, Exclusion

_REASON = r"NCA\w{1,2}XRS"
_WITHOUT_REASON = "excluded as delivered (NCAXFL), no reason given"


def is_of_profile(samples: pd.DataFrame, one: Decision) -> pd.Series:
    """Return which samples belong to the participant, matrix and dose that a decision names."""
    same: pd.Series = (
        samples["USUBJID"].eq(one.participant) & samples["MATRIX"].eq(one.matrix) & samples["DOSEOCC"].eq(one.dose)
    )
    return same


def exclusion_reasons(
    samples: pd.DataFrame, exclusions: Sequence[Exclusion], *, words: Callable[[Exclusion], str] | None = None
) -> pd.Series:
    """Return why each sample takes no part in the analysis of its profile; empty for one that does.

    Parameters
    ----------
    samples : DataFrame
        USUBJID, MATRIX (label), DOSEOCC, NOMTIME (hours) · where delivered NCAXFL (``Y``: excluded) and its reasons
        NCA1XRS, NCA2XRS...
    exclusions : sequence of Exclusion
        Decided by hand; of several the last counts, and each before what the data say.
    words : callable or None
        How an exclusion by hand is told; None: its reason.

    Returns
    -------
    Series of str
        Indexed as the samples.
    """
    found = _delivered(samples)
    for one in exclusions:
        is_it = is_of_profile(samples, one)
        if one.time is not None:
            is_it &= samples["NOMTIME"].eq(one.time)
        found = found.mask(is_it, words(one) if words else one.reason)
    return found


def _delivered(samples: pd.DataFrame) -> pd.Series:
    nothing = pd.Series("", index=samples.index, dtype="str")
    if "NCAXFL" not in samples:
        return nothing
    reasons = nothing
    for name in samples.columns[samples.columns.str.fullmatch(_REASON)]:
        more = samples[name].astype("str").fillna("")
        reasons = (reasons + "; " + more).str.removeprefix("; ").str.removesuffix("; ")
    return reasons.mask(reasons.eq(""), _WITHOUT_REASON).where(samples["NCAXFL"].eq("Y"), "")
