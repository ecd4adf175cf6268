"""Laboratory results, vital signs, ECG and cerebrospinal fluid as one analysis dataset a family of findings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.derive.delivered import delivered_bds
from cutbook.derive.measurements.bds import analysed
from cutbook.derive.measurements.chosen import with_chosen
from cutbook.derive.measurements.computed import with_computed
from cutbook.derive.measurements.findings import Handling, placed, raw_findings
from cutbook.derive.measurements.replicates import apart_by
from cutbook.derive.records import Datasets, prefix, with_participant
from cutbook.parameters.study import Findings, Study

PARTICIPANT_COLUMNS = ("TRT01A", "TRT01AN", "SAFFL", "RANDFL")

COLUMNS = (
    "USUBJID", "PARAMCD", "PARAM", "PARCAT", "AVAL", "AVALC", "AVALU", "DECIMALS", "ADT", "ADTM", "ADY", "ATPT",
    "VISIT", "VISITNUM", "AVISIT", "AVISITN", "AVISITID", "ANL01FL", "ABLFL", "APOBLFL", "BASE", "CHG", "PCHG", "ANRLO",
    "ANRHI", "ANRIND", "BNRIND", "WORSTLOFL", "WORSTHIFL", "TRT01A", "TRT01AN", "SAFFL", "RANDFL", "KEY",
    "ORRES", "ORRESU", "ORNRLO", "ORNRHI", "IS_USABLE",
)  # fmt: skip
"""Columns of the answer of `derive_findings`, in order."""


def derive_findings(datasets: Datasets, adsl: pd.DataFrame, findings: Findings, study: Study) -> pd.DataFrame:
    """Return one family of findings, one row a record, with baseline, change and analysis visits.

    Parameters stand in the order of the study file, records within them in that of the file.

    Parameters
    ----------
    datasets : mapping of str to frame
        ``findings.dataset``; no rows when it was not delivered.
    adsl : DataFrame
        Answer of `derive_adsl`.
    findings : Findings
        Which records and parameters (none named: all), which schedule, which baseline.
    study : Study
        The study file.

    Returns
    -------
    DataFrame
        USUBJID · PARAMCD, PARAM, PARCAT · AVAL (missing for results that are not a number), AVALC, AVALU · DECIMALS
        (int, as collected) · ADT, ADTM, ADY · ATPT, VISIT, VISITNUM as collected · AVISIT, AVISITN, AVISITID
        (``Baseline``, 0 and ``BASELINE``; missing outside every analysis visit) · ANL01FL (``Y``: represents the
        participant at the analysis visit) · ABLFL, BASE, BNRIND · APOBLFL (``Y``: taken after treatment began) · CHG,
        PCHG (%; after treatment began, missing without a baseline) · ANRLO, ANRHI, ANRIND · WORSTLOFL, WORSTHIFL
        (``Y``: lowest and highest after treatment began, unscheduled records included) · TRT01A, TRT01AN, SAFFL,
        RANDFL · KEY · ORRES, ORRESU, ORNRLO, ORNRHI (result, unit and limits as collected, where they are numbers) ·
        IS_USABLE (the result is of the parameter's kind and unit).

    Raises
    ------
    DataError
        The study delivers ADaM and the dataset or a column of it is missing.

    Notes
    -----
    A result in another unit than most results of its parameter keeps its row and takes part in nothing: no baseline,
    change, ANL01FL or extreme. A parameter taken in several positions or specimens, of which the study file chooses
    none, is one parameter each; words for blood are one specimen.
    """
    if study.sources.model == "adam":
        return _delivered(datasets, adsl, findings, study)
    where = {**findings.where}
    if findings.parameters:
        needed = [code for item in findings.derived for code in (*item.of, item.agrees_with or "") if code]
        where[f"{prefix(findings.dataset)}TESTCD"] = list(dict.fromkeys([*findings.codes, *needed]))
    rule = findings.baseline
    handling = Handling(findings.replicates, rule.flag, findings.units)
    raw = raw_findings(datasets, findings.dataset, where, adsl, handling)
    records = placed(with_computed(raw, findings.derived, findings.codes), adsl, findings.replicates)
    for name in ("POS", "SPEC"):
        if f"{prefix(findings.dataset)}{name}" not in findings.where:
            records = apart_by(records, name)
    values = analysed(records, study.schedules[findings.schedule], rule)
    full = with_participant(values, adsl, PARTICIPANT_COLUMNS)[list(COLUMNS)]
    return _in_order(full, findings.codes)


def _in_order(bds: pd.DataFrame, parameters: Sequence[str]) -> pd.DataFrame:
    places = {name: place for place, name in enumerate(parameters)}
    return bds.sort_values(
        "PARAMCD",
        key=lambda codes: codes.map(places).fillna(codes.str.replace("-.*", "", regex=True).map(places)),
        kind="stable",
        ignore_index=True,
    )


def _delivered(datasets: Datasets, adsl: pd.DataFrame, findings: Findings, study: Study) -> pd.DataFrame:
    name = findings.dataset if findings.dataset.startswith("ad") else f"ad{findings.dataset}"
    frame = delivered_bds(datasets, name, adsl[["USUBJID", *PARTICIPANT_COLUMNS]])
    where = {**findings.where, **({"PARAMCD": findings.codes} if findings.parameters else {})}
    return _in_order(with_chosen(frame, where, study.schedules[findings.schedule]), findings.codes)
