"""Baseline characteristics of the study file, one column a characteristic."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.data.checks.contradictions.baselines import is_before_treatment
from cutbook.derive.measurements.findings import Handling, collected_findings, time_order
from cutbook.derive.measurements.units import ALL_TESTS
from cutbook.derive.records import Datasets, dataset_or_empty, number_column, prefix, text_column
from cutbook.parameters.study import Characteristic
from cutbook.records import Where, meets
from cutbook.rounding import rounded_values

_ABOUT_PARTICIPANTS = ("dm", "suppdm")
_CM_PER_M = 100


def with_characteristics(
    adsl: pd.DataFrame, datasets: Datasets, characteristics: Sequence[Characteristic]
) -> pd.DataFrame:
    """Return ADSL with one column a characteristic, in the order of the study file.

    Parameters
    ----------
    adsl : DataFrame
        USUBJID, TRTSDT, TRTSDTM and the variables of DM.
    datasets : mapping of str to frame
        ``dm``, ``suppdm`` and the findings named.
    characteristics : sequence of Characteristic
        What to add. One that ADSL has already stays as it is.

    Returns
    -------
    DataFrame
        Values as collected (their words are chosen when they are shown): text when the characteristic has levels, is
        nowhere a number, or is about the participant and more often a word than a number; else float64.
        Missing where there is no value before treatment.
    """
    full = adsl
    for item in characteristics:
        if item.dataset in _ABOUT_PARTICIPANTS and item.variable in full:
            continue
        full = full.assign(**{item.variable: _values(item, full, datasets)})
    return full


def _values(item: Characteristic, adsl: pd.DataFrame, datasets: Datasets) -> pd.Series:
    if item.statistic == "bmi":
        weight, height = (number_column(adsl, name) for name in ("WEIGHTBL", "HEIGHTBL"))
        values = weight / (height / _CM_PER_M) ** 2
    elif item.dataset in _ABOUT_PARTICIPANTS:
        values = _from_dm(item, adsl, datasets)
    else:
        values = _from_finding(item, adsl, datasets)
    return rounded_values(values, item.decimals) if item.is_rounded else values


def _from_dm(item: Characteristic, adsl: pd.DataFrame, datasets: Datasets) -> pd.Series:
    dm = dataset_or_empty(datasets, "dm")
    if item.variable in dm:
        known = dm[["USUBJID"]].assign(TEXT=text_column(dm, item.variable), NUMBER=number_column(dm, item.variable))
    else:
        supp = dataset_or_empty(datasets, "suppdm")
        chosen = supp[meets(supp, {"QNAM": [item.variable]})]
        known = chosen[["USUBJID"]].assign(TEXT=text_column(chosen, "QVAL"), NUMBER=number_column(chosen, "QVAL"))
    return _by_participant(item, adsl, known)


def _from_finding(item: Characteristic, adsl: pd.DataFrame, datasets: Datasets) -> pd.Series:
    where: Where = {f"{prefix(item.dataset)}TESTCD": item.testcd}
    records = collected_findings(datasets, item.dataset, where, adsl, Handling(units={ALL_TESTS: item.unit}))
    is_candidate = is_before_treatment(records, "before_first_dose") & records["IS_USABLE"]
    if item.visitnum:
        is_candidate &= records["VISITNUM"].isin(item.visitnum)
    last = time_order(records[is_candidate]).drop_duplicates(["USUBJID", "PARAMCD"], keep="last")
    if item.statistic == "sum":
        totals = last.groupby("USUBJID")["AVAL"].agg(["sum", "count"])
        complete = totals["sum"].where(totals["count"].eq(len(set(item.testcd))))
        return adsl["USUBJID"].map(complete).astype("float64")
    return _by_participant(item, adsl, time_order(last).rename(columns={"AVALC": "TEXT", "AVAL": "NUMBER"}))


def _by_participant(item: Characteristic, adsl: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    is_text = bool(item.levels) or _are_words(item, known)
    column = known["TEXT"] if is_text else known["NUMBER"]
    values = pd.Series(column.to_numpy(), index=known["USUBJID"].to_numpy())
    last = values[~values.index.duplicated(keep="last")]
    return adsl["USUBJID"].map(last).astype("str" if is_text else "float64")


def _are_words(item: Characteristic, known: pd.DataFrame) -> bool:
    """Return whether values are text: a race called ``1e5`` makes no number of the others."""
    numbers, texts = known["NUMBER"].notna().sum(), known["TEXT"].notna().sum()
    return not numbers or (item.dataset in _ABOUT_PARTICIPANTS and 2 * numbers < texts)
