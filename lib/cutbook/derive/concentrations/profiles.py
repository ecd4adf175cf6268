"""Profiles: the samples of one dose of one participant in one matrix, on the clock of that dose."""

from __future__ import annotations

import pandas as pd

from cutbook.derive.concentrations.exclusions import exclusion_reasons, is_of_profile
from cutbook.parameters.study import Matrix, Study
from cutbook.parameters.study.kinetics.choices import TerminalChoice
from cutbook.parameters.study.kinetics.nca import NonCompartmental

COLUMNS = (
    "PROFILE", "USUBJID", "MATRIX", "PARAMETER", "DOSEOCC", "VISIT", "TRT01A", "KEY", "TIME", "ACTUAL", "NOMINAL",
    "AVAL", "LLOQ", "BLQFL", "IS_TROUGH", "EXCLREAS", "LAMBDAZ", "LAMBDAZREAS",
)  # fmt: skip
"""Columns of the answer of `derive_profiles`, in order."""

DOSE_COLUMNS = ("PROFILE", "DOSEOCC", "TIME", "DOSE", "DURATION")
"""Columns of the answer of `doses_of_profiles`, in order."""

_SECONDS_PER_HOUR = 3600
USE, LEAVE_OUT = "use", "leave out"


def profile_name(subject: str, matrix: str, dose: float) -> str:
    """Return the name of a profile.

    Examples
    --------
    >>> profile_name("S1", "X-PLASMA", 1.0)
    'S1|X-PLASMA|1'
    """
    return f"{subject}|{matrix}|{dose:g}"


def derive_profiles(adpc: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the samples of all profiles of participants on an active dose.

    Parameters
    ----------
    adpc : DataFrame
        Answer of `derive_adpc`.
    study : Study
        Matrices, their profile visits, and what was decided by hand about samples.

    Returns
    -------
    DataFrame
        One row a sample with a result: PROFILE (its name), USUBJID, MATRIX, PARAMETER (code of the matrix), DOSEOCC,
        VISIT, TRT01A, KEY · TIME (hours since the dose: actual, nominal where that is not known, or always nominal
        where the settings say so), ACTUAL, NOMINAL · AVAL, LLOQ, BLQFL · IS_TROUGH (taken before the next dose) ·
        EXCLREAS (why it takes no part, by hand or as delivered; empty) · LAMBDAZ (``use`` or ``leave out``; empty),
        LAMBDAZREAS.

    Notes
    -----
    A profile is what was planned after one dose, at the profile visits where the study file names some, and the sample
    before that dose, wherever at least ``min_samples`` of them have a result. The sample before the next dose belongs
    to both doses: it is the trough of this one, and enters its areas only where the settings state a dosing interval.
    Samples without a planned time are no part of a profile.
    """
    rules = study.pharmacokinetics
    if rules is None or adpc.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"IS_TROUGH": "bool", "TIME": "float64"})
    active = [arm.label for arm in study.treatment.arms if arm.is_active]
    own = adpc[adpc["TRT01A"].isin(active) & adpc["AVALC"].notna() & adpc["DOSEOCC"].notna()]
    parts = [_of_matrix(own[own["MATRIX"].eq(one.label)], one, rules.settings_of(one)) for one in rules.matrices]
    found = pd.concat(parts, ignore_index=True)
    reasons = exclusion_reasons(found.assign(NOMTIME=found["NOMINAL"]), rules.choices.exclusions)
    found = found.assign(EXCLREAS=reasons, LAMBDAZ="", LAMBDAZREAS="")
    return _with_terminal(found, rules.choices.terminal)[list(COLUMNS)]


def _of_matrix(samples: pd.DataFrame, matrix: Matrix, settings: NonCompartmental) -> pd.DataFrame:
    planned = samples[samples["NOMTIME"].notna()]
    if matrix.profile_visits:
        planned = planned[planned["VISITNUM"].isin(matrix.profile_visits)]
    place = ["USUBJID", "DOSEOCC"]
    after = planned[planned["NOMTIME"].gt(0)].groupby(place)["NOMTIME"].nunique()
    dense = after[after.ge(settings.min_samples)].index
    own = planned[pd.MultiIndex.from_frame(planned[place]).isin(dense)].assign(IS_TROUGH=False)
    both = pd.concat([own, _troughs(samples, dense)])
    clock = both["NOMTIME"].mask(both["IS_TROUGH"], both["ATIME"])
    actual = both["ATIME"].fillna(clock)
    names = [
        profile_name(*one) for one in zip(both["USUBJID"], [matrix.code] * len(both), both["DOSEOCC"], strict=True)
    ]
    return both.assign(
        PROFILE=pd.Series(names, index=both.index, dtype="str"), PARAMETER=matrix.code,
        ACTUAL=both["ATIME"], NOMINAL=both["NOMTIME"].mask(both["IS_TROUGH"]),
        TIME=(clock if settings.times == "nominal" else actual).astype("float64"),
    )  # fmt: skip


def _troughs(samples: pd.DataFrame, dense: pd.Index) -> pd.DataFrame:
    """Return the samples before the next dose, on the clock of the dose before it."""
    before = samples[samples["NOMTIME"].le(0) & samples["DOSEOCC"].gt(1)]
    last = before.sort_values("ADTM", kind="stable").drop_duplicates(["USUBJID", "DOSEOCC"], keep="last")
    moved = last.assign(DOSEOCC=last["DOSEOCC"] - 1, IS_TROUGH=True)
    moved = moved[pd.MultiIndex.from_frame(moved[["USUBJID", "DOSEOCC"]]).isin(dense)]
    starts = _starts(samples)
    keys = pd.MultiIndex.from_frame(moved[["USUBJID", "DOSEOCC"]])
    elapsed = (moved["ADTM"] - starts.reindex(keys).set_axis(moved.index)).dt.total_seconds() / _SECONDS_PER_HOUR
    return moved.assign(ATIME=elapsed)[elapsed.gt(0)]


def _starts(samples: pd.DataFrame) -> pd.Series:
    """Return the moment of each dose, as its samples tell it."""
    timed = samples[samples["ADTM"].notna() & samples["ATIME"].notna()]
    seconds = (timed["ATIME"] * _SECONDS_PER_HOUR).round()
    moments = timed["ADTM"] - pd.to_timedelta(seconds, unit="s")
    return moments.groupby([timed["USUBJID"], timed["DOSEOCC"]]).median()


def _with_terminal(profiles: pd.DataFrame, choices: list[TerminalChoice]) -> pd.DataFrame:
    for one in choices:
        is_it = is_of_profile(profiles, one) & profiles["NOMINAL"].isin(one.use or one.leave_out)
        word = USE if one.use else LEAVE_OUT
        profiles = profiles.assign(
            LAMBDAZ=profiles["LAMBDAZ"].mask(is_it, word), LAMBDAZREAS=profiles["LAMBDAZREAS"].mask(is_it, one.reason)
        )
    return profiles


def doses_of_profiles(profiles: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Return the doses that the analysis of each profile knows: its own at time 0, and those before it.

    Parameters
    ----------
    profiles : DataFrame
        Answer of `derive_profiles`.
    given : DataFrame
        Answer of `administrations`.

    Returns
    -------
    DataFrame
        PROFILE, DOSEOCC, TIME (hours since the dose of the profile, 0 for that dose), DOSE (in the unit of the study),
        DURATION (hours; missing where the end was not recorded).
    """
    own = profiles[["PROFILE", "USUBJID", "DOSEOCC"]].drop_duplicates()
    if given.empty or own.empty:
        return pd.DataFrame(columns=list(DOSE_COLUMNS)).astype({"TIME": "float64", "DOSE": "float64"})
    starts = given["STARTDTM"].fillna(given["STARTDT"])
    known = given.assign(START=starts, DURATION=(given["ENDDTM"] - given["STARTDTM"]).dt.total_seconds())
    known = known[["USUBJID", "DOSEOCC", "START", "EXDOSE", "DURATION"]].rename(columns={"DOSEOCC": "OTHER"})
    pairs = own.merge(known, on="USUBJID")
    pairs = pairs[pairs["OTHER"].le(pairs["DOSEOCC"])]
    at = pairs["START"].where(pairs["OTHER"].eq(pairs["DOSEOCC"])).groupby(pairs["PROFILE"]).transform("first")
    hours = (pairs["START"] - at).dt.total_seconds() / _SECONDS_PER_HOUR
    is_own = pairs["OTHER"].eq(pairs["DOSEOCC"])
    named = pairs.assign(TIME=hours.mask(is_own, 0.0), DOSE=pairs["EXDOSE"], DURATION=pairs["DURATION"] / 3600)
    return named.assign(DOSEOCC=named["OTHER"])[list(DOSE_COLUMNS)].reset_index(drop=True)
