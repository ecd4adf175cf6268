"""Checks of a transfer's content: what makes it unusable is a fault, what is odd is listed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.checks.analysis.codes import arm_label_faults
from cutbook.data.checks.dates import blank_impossible_dates, entry_date_faults, format_faults
from cutbook.data.checks.dosing.faults import dosing_faults
from cutbook.data.checks.keys import key_faults
from cutbook.data.checks.needs import (
    absent_issues,
    comma_faults,
    missing_dataset_faults,
    missing_variable_faults,
    type_faults,
)
from cutbook.data.checks.oddities import issues_of
from cutbook.data.checks.records import issue_table, key_at
from cutbook.data.checks.study_names import study_faults, study_issues
from cutbook.data.checks.values.ages import age_faults
from cutbook.data.checks.values.limits import limit_faults
from cutbook.data.checks.values.units import unit_faults
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study

__all__ = ["blank_impossible_dates", "check_datasets"]

_REMEDY = "mend the study file or have the transfer sent again"


def check_datasets(datasets: Mapping[str, pd.DataFrame], study: Study) -> tuple[list[Fault], pd.DataFrame]:
    """Return what makes the datasets unusable for the study, and what is odd in them.

    Parameters
    ----------
    datasets : mapping of str to frame
        As read, by lower-case name, rows in the order of the file.
    study : Study
        What it requires, and what its rules and displays refer to.

    Returns
    -------
    list of Fault
        All at once; empty when the datasets can be used. Required datasets and variables that are not there, variables
        of the wrong type, records without key, keys that occur twice, decimal commas, tests in several units, arms that
        the study file does not list, impossible dates of entry, records of another study.
    frame
        DATASET, VARIABLE, ROW, KEY, FINDING, WEIGHT: optional datasets not provided, participants not in DM, without
        arm or without exposure, variables not delivered, and parameters without records; empty while there are faults
        in variables.
        Impossible dates are listed by :func:`blank_impossible_dates`.
    """
    faults = missing_dataset_faults(datasets, study)
    structure = missing_variable_faults(datasets, study)
    for name, frame in datasets.items():
        structure += type_faults(name, frame, study.sources.model)
    faults += [*structure, *study_faults(datasets, study)]
    for name, frame in datasets.items():
        faults += [*key_faults(name, frame), *_domain_faults(name, frame)]
        faults += [*comma_faults(name, frame), *unit_faults(name, frame, study)]
    faults += [
        *_arm_faults(datasets, study),
        *entry_date_faults(datasets, study),
        *format_faults(datasets, study),
    ]
    faults += [*dosing_faults(datasets, study), *age_faults(datasets.get("dm", pd.DataFrame()), study)]
    faults += [*arm_label_faults(datasets, study), *limit_faults(datasets, study)]
    if structure:
        return faults, issue_table([])
    issues = [*study_issues(datasets, study), *absent_issues(datasets, study), *issues_of(datasets, study)]
    return faults, issue_table(issues)


def _domain_faults(dataset: str, frame: pd.DataFrame) -> list[Fault]:
    """Return a fault when records belong to another domain than the dataset's name says."""
    if "DOMAIN" not in frame or frame["DOMAIN"].dtype != "str" or dataset.startswith("ad"):
        return []
    is_other = frame["DOMAIN"].notna() & (frame["DOMAIN"] != dataset[:2].upper())
    own = dataset[:2].upper()
    words = ("records of another domain", f"domain {own}, or sources.defaults.{dataset}: {{DOMAIN: {own}}}")
    return _value_faults(dataset, frame, "DOMAIN", is_other, words)


def _arm_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    dm = datasets.get("dm", pd.DataFrame())
    known = [*(arm.code for arm in study.treatment.arms), *study.treatment.not_assigned]
    expected = "a code of treatment.arms or treatment.not_assigned of the study file"
    faults = []
    for name in ("ARMCD", "ACTARMCD"):
        if name in dm.columns:
            is_unknown = dm[name].notna() & ~dm[name].isin(known)
            faults += _unknown_arms(name, dm.loc[is_unknown, name], expected)
    return faults


def _unknown_arms(variable: str, codes: pd.Series, expected: str) -> list[Fault]:
    """Return a fault that names arm codes, without row and key: a message never tells whose arm is which."""
    if codes.empty:
        return []
    named = first_few(quoted(code) for code in codes.drop_duplicates())
    records = "1 record" if len(codes) == 1 else f"{len(codes)} records"
    found = f"{named} in {records}, unknown to the study file"
    return [Fault("dm", found, expected, _REMEDY, variable)]


def _value_faults(
    dataset: str, frame: pd.DataFrame, variable: str, is_wrong: pd.Series, words: tuple[str, str]
) -> list[Fault]:
    rows = np.flatnonzero(is_wrong)
    if not len(rows):
        return []
    found, expected = words
    first = int(rows[0])
    return [
        Fault(
            dataset,
            found=f"{found} in {row_list(rows + 1)}",
            expected=expected,
            remedy=_REMEDY,
            variable=variable,
            row=first + 1,
            key=key_at(dataset, frame, first),
        )
    ]
