"""Samples that take no part in analyses or in summaries: by hand, or as the data were delivered."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from cutbook.parameters.study.kinetics.choices import Decision, Exclusion

_REASON, _SUMMARY_REASON = r"NCA\w{1,2}XRS", r"PKSUM\w{0,2}X?RS?"
_SUMMARY_FLAGS = ("PKSUMXF", "PKSUMXFL")
_WITHOUT_REASON = "excluded as delivered ({flag}), no reason given"


def is_of_profile(samples: pd.DataFrame, one: Decision) -> pd.Series:
    """Return which samples belong to the participant, matrix and dose that a decision names."""
    same: pd.Series = (
        samples["USUBJID"].eq(one.participant) & samples["MATRIX"].eq(one.matrix) & samples["DOSEOCC"].eq(one.dose)
    )
    return same


def exclusion_reasons(
    samples: pd.DataFrame, exclusions: Sequence[Exclusion], *, words: Callable[[Exclusion], str] | None = None
) -> pd.Series:
    """Return why each sample takes no part in analyses (of profiles, troughs, response); empty for one that does.

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


def summary_exclusions(samples: pd.DataFrame) -> pd.Series:
    """Return why each sample takes no part in summaries of concentrations; empty for one that does.

    Parameters
    ----------
    samples : DataFrame
        Where delivered PKSUMXF, as ADaM names it, or PKSUMXFL (``Y``: left out) and its reasons (PKSUM1XR...).

    Returns
    -------
    Series of str
        Indexed as the samples.
    """
    flags = [flag for flag in _SUMMARY_FLAGS if flag in samples and samples[flag].eq("Y").any()]
    return _flagged(samples, flags[0], _SUMMARY_REASON) if flags else _nothing(samples)


def _delivered(samples: pd.DataFrame) -> pd.Series:
    return _flagged(samples, "NCAXFL", _REASON) if "NCAXFL" in samples else _nothing(samples)


def _flagged(samples: pd.DataFrame, flag: str, reason: str) -> pd.Series:
    reasons = _nothing(samples)
    for name in samples.columns[samples.columns.str.fullmatch(reason)]:
        more = samples[name].astype("str").fillna("")
        reasons = (reasons + "; " + more).str.removeprefix("; ").str.removesuffix("; ")
    return reasons.mask(reasons.eq(""), _WITHOUT_REASON.format(flag=flag)).where(samples[flag].eq("Y"), "")


def _nothing(samples: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=samples.index, dtype="str")
