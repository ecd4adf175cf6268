"""Concentrations with the dose they refer to, nominal and actual times, and the value that enters means."""

from __future__ import annotations

import pandas as pd

from cutbook.data.checks.dosing.given import administrations
from cutbook.data.checks.sampling.planned_times import is_planned_before_dose, nominal_hours
from cutbook.data.checks.sampling.references import elapsed_hours, with_reference_dose
from cutbook.dates import study_day
from cutbook.derive.concentrations.limits import collected_concentrations
from cutbook.derive.delivered import ADPC_NEEDED, ADPC_OPTIONAL, delivered_records
from cutbook.derive.records import Datasets, with_participant
from cutbook.parameters.study import Study

PARTICIPANT_COLUMNS = ("DOSE01A", "TRT01A", "TRT01AN", "SAFFL", "PKFL")

COLUMNS = (
    "USUBJID", "MATRIX", "PARAMCD", "AVAL", "AVALC", "AVALU", "LLOQ", "BLQFL", "VISIT", "VISITNUM", "ATPT", "NOMTIME",
    "ATIME", "DEVMIN", "DOSEOCC", "ADT", "ADTM", "ADY", *PARTICIPANT_COLUMNS, "AVALD", "KEY",
    "PCSTAT", "PCREASND",
)  # fmt: skip
"""Columns of the answer of `derive_adpc`, in order."""

_MINUTES_PER_HOUR = 60


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
        PKFL · AVALD (the value that enters means) · KEY · PCSTAT, PCREASND (``NOT DONE`` and why).

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
    samples["ATIME"] = elapsed_hours(samples)
    samples["ADY"] = study_day(samples["ADT"], samples["TRTSDT"])
    samples["DEVMIN"] = (samples["ATIME"] - samples["NOMTIME"]) * _MINUTES_PER_HOUR
    samples["AVALD"] = value_for_means(samples, study.pharmacokinetics.blq_rule)
    return samples[list(COLUMNS)].reset_index(drop=True)


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
    is_later = samples["ADT"] > samples["TRTSDT"]
    is_first_predose = samples["IS_PREDOSE"] & samples["DOSEOCC"].eq(1) & ~is_later
    is_earlier = (samples["ADT"] < samples["TRTSDT"]) | (samples["ADTM"] < samples["TRTSDTM"])
    return is_first_predose | is_earlier
