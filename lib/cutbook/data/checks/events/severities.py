"""Severities of adverse events: words or grades, and values that the study file does not list."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Study
from cutbook.record_names import text_of

GRADES = ("1", "2", "3", "4", "5")
"""The grades of CTCAE."""

_GRADE = r"^\s*(?:GRADE\s*)?([0-5])(?:\.0)?\s*$"


def grades_of(severity: pd.Series) -> pd.Series:
    """Return the grade that each severity states, as a digit; missing where it is none.

    Examples
    --------
    >>> grades_of(pd.Series(["3", "Grade 4", "SEVERE", None])).tolist()
    ['3', '4', nan, nan]
    """
    return severity.astype("str").str.upper().str.extract(_GRADE, expand=False)


def with_severities(study: Study, ae: pd.DataFrame) -> Study:
    """Return the study with grades as its severities, where it lists none and all that were collected are grades."""
    variable, rules = _collected(ae), study.adverse_events
    if not variable or "severities" in rules.model_fields_set or grades_of(ae[variable].dropna()).isna().any():
        return study
    graded = rules.model_copy(update={"severities": list(GRADES)})
    return study.model_copy(update={"adverse_events": graded})


def severity_issues(ae: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return an issue about severities that the study file does not list, or one where none was collected."""
    if ae.empty:
        return
    variable, rules = _collected(ae), with_severities(study, ae).adverse_events
    if not variable:
        yield Issue("ae", "AESEV", None, "", "Severity was not collected (AESEV, AETOXGR).")
        return
    stated, grade = text_of(ae[variable]), grades_of(ae[variable])
    is_other = stated.ne("") & ~stated.isin(rules.severities) & ~grade.isin(rules.severities)
    is_grade = grade[is_other].notna().all() and not rules.is_graded
    counts = "a grade from 3 on counts as severe" if is_grade else "such an event counts as one without a severity"
    found = first_few(quoted(one) for one in stated[is_other].drop_duplicates())
    words = (f"Severity that adverse_events.severities does not list, {found}", counts)
    yield from kind_issue(("ae", variable), ae, is_other, words, ON_FIRST_LINES)
    words = ("Severity blank", "such an event counts as one without a severity")
    yield from kind_issue(("ae", variable), ae, stated.eq(""), words, ON_FIRST_LINES)


def _collected(ae: pd.DataFrame) -> str:
    """Return the variable that tells severities: AESEV, else AETOXGR; empty where neither holds any."""
    return next((name for name in ("AESEV", "AETOXGR") if name in ae and text_of(ae[name]).ne("").any()), "")
