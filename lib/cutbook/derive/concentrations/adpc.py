"""Concentrations with the dose they refer to, nominal and actual times, and the value that enters means."""

from __future__ import annotations

import pandas as pd

from cutbook.dates import date_part, study_day, to_moment
from cutbook.derive.concentrations.limits import collected_concentrations
from cutbook.derive.delivered import ADPC_NEEDED, ADPC_OPTIONAL, delivered_records
from cutbook.derive.exposure import administrations
from cutbook.derive.records import Datasets, with_participant
from cutbook.derive.rules import first_match
from cutbook.parameters.study import Study

PARTICIPANT_COLUMNS = ("DOSE01A", "TRT01A", "TRT01AN", "SAFFL", "PKFL")

COLUMNS = (
    "USUBJID", "MATRIX", "PARAMCD", "AVAL", "AVALC", "AVALU", "LLOQ", "BLQFL", "VISIT", "VISITNUM", "ATPT", "NOMTIME",
    "ATIME", "DEVMIN", "DOSEOCC", "ADT", "ADTM", "ADY", *PARTICIPANT_COLUMNS, "AVALD", "KEY",
)  # fmt: skip
"""Columns of the answer of `derive_adpc`, in order."""

_DURATION = (
    r"^(?P<SIGN>-)?P(?:(?P<D>\d+(?:\.\d+)?)D)?(?:T(?:(?P<H>\d+(?:\.\d+)?)H)?(?:(?P<M>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<S>\d+(?:\.\d+)?)S)?)?$"
)
_HOURS = {"D": 24.0, "H": 1.0, "M": 1 / 60, "S": 1 / 3600}
_DAY = pd.Timedelta(days=1)
_LAST_SECOND = pd.Timedelta(days=1) - pd.Timedelta(seconds=1)
_SECONDS_PER_HOUR, _MINUTES_PER_HOUR = 3600, 60


def derive_adpc(datasets: Datasets, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the concentrations of the study's matrices, one row a record of PC, in its order.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``pc`` (no rows when it was not delivered) and ``ex``.
    adsl : DataFrame
        Answer of `derive_adsl`.
    study : Study
        Matrices and the rule for values below the limit of quantification.

    Returns
    -------
    DataFrame
        USUBJID · MATRIX, PARAMCD · AVAL (missing below the limit, without a result, or in another unit than the study
        file states), AVALC (as reported), AVALU, LLOQ, BLQFL (``Y`` or ``N``) · VISIT, VISITNUM, ATPT · NOMTIME
        (nominal hours after the reference dose; 0 or negative before it) · ATIME (hours since that dose; missing unless
        both times are known) · DEVMIN (actual minus nominal time, minutes) · DOSEOCC (1 for the participant's first
        administration; missing when no dose can be referred to) · ADT, ADTM, ADY · DOSE01A, TRT01A, TRT01AN, SAFFL,
        PKFL · AVALD (the value that enters means) · KEY.

    Raises
    ------
    DataError
        The study delivers ADaM and ``adpc`` or a column of it is missing.
    """
    known = adsl[["USUBJID", *PARTICIPANT_COLUMNS]]
    if study.sources.model == "adam":
        return delivered_records(datasets, "adpc", ADPC_NEEDED, ADPC_OPTIONAL, known)
    if study.pharmacokinetics is None:
        return pd.DataFrame(columns=list(COLUMNS))
    collected = collected_concentrations(datasets, study.pharmacokinetics)
    own = collected[collected["USUBJID"].isin(adsl["USUBJID"])]
    samples = with_participant(own, adsl, [*PARTICIPANT_COLUMNS, "TRTSDT", "TRTSDTM"])
    samples["NOMTIME"] = nominal_hours(samples)
    samples["IS_PREDOSE"] = is_planned_before_dose(samples)
    doses = administrations(datasets, adsl.set_index("USUBJID")["DOSE01A"], study.treatment)
    samples = with_reference_dose(samples, doses)
    elapsed = (samples["ADTM"] - samples["STARTDTM"]).dt.total_seconds()
    samples["ATIME"] = elapsed / _SECONDS_PER_HOUR
    samples["ADY"] = study_day(samples["ADT"], samples["TRTSDT"])
    samples["DEVMIN"] = (samples["ATIME"] - samples["NOMTIME"]) * _MINUTES_PER_HOUR
    samples["AVALD"] = value_for_means(samples, study.pharmacokinetics.blq_rule)
    return samples[list(COLUMNS)].reset_index(drop=True)


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


def with_reference_dose(samples: pd.DataFrame, doses: pd.DataFrame) -> pd.DataFrame:
    """Return the samples with DOSEOCC and STARTDTM of the dose that each refers to.

    Parameters
    ----------
    samples : DataFrame
        USUBJID, ADT, ADTM, PCRFTDTC, IS_PREDOSE.
    doses : DataFrame
        Answer of `administrations`.

    Returns
    -------
    DataFrame
        The samples; both columns are missing when no dose can be referred to. STARTDTM is the time of the dose in EX,
        else the reference time in PC, else missing.

    Notes
    -----
    Rules, the first that applies: the record names its reference time (PCRFTDTC) → the dose of that day, and of that
    minute where both times are known; planned before a dose → the first dose of that day or the next; otherwise → the
    last dose at or before the sample. A sample or a dose without a time stands at the end or the beginning of its day.
    """
    given = doses[doses["STARTDT"].notna()]
    named = _named_dose(samples, given)
    coming = _nearest(samples, given, is_coming=True)
    past = _nearest(samples, given, is_coming=False)
    chosen = first_match(
        [(samples["PCRFTDTC"].notna(), named), (samples["IS_PREDOSE"], coming)],
        past,
    )
    place = given[["USUBJID", "DOSEOCC", "STARTDTM"]]
    joined = samples.assign(DOSEOCC=chosen).merge(place, on=["USUBJID", "DOSEOCC"], how="left", validate="many_to_one")
    dosed = joined.set_axis(samples.index, axis="index")
    stated = to_moment(samples["PCRFTDTC"]).where(chosen.notna())
    return dosed.assign(STARTDTM=dosed["STARTDTM"].fillna(stated))


def _named_dose(samples: pd.DataFrame, doses: pd.DataFrame) -> pd.Series:
    reference = pd.DataFrame(
        {
            "ROW": samples.index,
            "USUBJID": samples["USUBJID"],
            "STARTDT": date_part(samples["PCRFTDTC"]),
            "MOMENT": to_moment(samples["PCRFTDTC"]),
        }
    ).dropna(subset="STARTDT")
    pairs = reference.merge(doses, on=["USUBJID", "STARTDT"])
    is_other_time = pairs["MOMENT"].notna() & pairs["STARTDTM"].notna() & pairs["MOMENT"].ne(pairs["STARTDTM"])
    found = pairs[~is_other_time].drop_duplicates("ROW").set_index("ROW")["DOSEOCC"]
    return found.reindex(samples.index)


def _nearest(samples: pd.DataFrame, doses: pd.DataFrame, *, is_coming: bool) -> pd.Series:
    sampled = samples["ADT"] if is_coming else samples["ADTM"].fillna(samples["ADT"] + _LAST_SECOND)
    dosed = doses["STARTDT"] if is_coming else doses["STARTDTM"].fillna(doses["STARTDT"])
    left = pd.DataFrame({"ROW": samples.index, "USUBJID": samples["USUBJID"], "MOMENT": sampled}).dropna()
    right = doses[["USUBJID", "DOSEOCC"]].assign(MOMENT=dosed)
    found = pd.merge_asof(
        left.sort_values("MOMENT", kind="stable"),
        right.sort_values(["MOMENT", "DOSEOCC"]),
        on="MOMENT",
        by="USUBJID",
        direction="forward" if is_coming else "backward",
        tolerance=_DAY if is_coming else None,
    )
    return found.set_index("ROW")["DOSEOCC"].reindex(samples.index)


def value_for_means(samples: pd.DataFrame, rule: str) -> pd.Series:
    """Return the value of each sample that enters means.

    Parameters
    ----------
    samples : DataFrame
        AVAL, BLQFL, LLOQ, IS_PREDOSE, DOSEOCC, ADT, ADTM, TRTSDT, TRTSDTM.
    rule : str
        What stands for a value below the limit of quantification: ``zero``; ``half_lloq``; ``missing``; or
        ``zero_before_first``, zero before the first dose and missing after it.

    Returns
    -------
    Series of float
        Quantifiable values as they are.
    """
    is_below = samples["BLQFL"].eq("Y")
    zero, half = pd.Series(0.0, index=samples.index), samples["LLOQ"] / 2
    replacements = {
        "zero": zero,
        "half_lloq": half,
        "missing": samples["AVAL"],
        "zero_before_first": zero.where(_is_before_first_dose(samples)),
    }
    return samples["AVAL"].mask(is_below, replacements[rule])


def _is_before_first_dose(samples: pd.DataFrame) -> pd.Series:
    is_first_predose = samples["IS_PREDOSE"] & samples["DOSEOCC"].eq(1)
    is_earlier = (samples["ADT"] < samples["TRTSDT"]) | (samples["ADTM"] < samples["TRTSDTM"])
    return is_first_predose | is_earlier
