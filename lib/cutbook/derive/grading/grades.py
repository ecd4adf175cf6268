"""CTCAE grades of laboratory results in both directions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.derive.formulas.grading import grades
from cutbook.derive.grading.quantities import (
    COLLECTED,
    STANDARD,
    blood_results,
    quantities,
    with_corrected_calcium,
)
from cutbook.parameters.study import Study
from cutbook.standards.criteria import RELATIVE, ctcae

COLUMNS = (
    "USUBJID", "KEY", "PARAMCD", "PARAM", "TESTCD", "TERM", "DIRECTION", "AVAL", "AVALU", "GRADE", "GRADED", "GRADEDU",
    "OTHER", "OTHERVAL", "OTHERU", "IS_CORRECTED", "ADT", "ADY", "VISIT", "ABLFL", "APOBLFL", "TRT01A", "SAFFL",
)  # fmt: skip
"""Columns of the answer of `derive_grades`, in order."""

_SYSTEMS = ("si", "us")
_NO_SEX = ""


def derive_grades(adlb: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the grade of every result of blood by CTCAE v5.0, one row a result and direction.

    Parameters
    ----------
    adlb : DataFrame
        Laboratory results of all families, as `derive_findings` returns them.
    study : Study
        Which families are graded, by which reading, and whether calcium is corrected for albumin.

    Returns
    -------
    DataFrame
        USUBJID, KEY, PARAMCD, PARAM, TESTCD · TERM (of CTCAE), DIRECTION (``LOW``, ``HIGH``) · AVAL, AVALU · GRADE (0
        to 4; missing where it cannot be graded), GRADED and GRADEDU (value and unit that were graded) · OTHER, OTHERVAL
        and OTHERU (grade, value and unit of the same result as collected in another unit; missing where there is none)
        · IS_CORRECTED (calcium) · ADT, ADY, VISIT, ABLFL, APOBLFL, TRT01A, SAFFL. Tests without a term have no row.

    Notes
    -----
    The standard result is graded where its unit is one of the criteria, else the collected one. Results up to the
    baseline are graded by the limits of normal; later ones by multiples of the baseline where it was above normal.
    """
    results = blood_results(adlb, study)
    results = with_corrected_calcium(results) if study.judging.calcium == "corrected" else results
    rules = ctcae()
    rules = rules[rules["reading"].isin(["both", study.judging.reading])]
    own = results.assign(IS_CORRECTED=results.get("IS_CORRECTED", False))
    parts = list(_by_term(own, rules))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts)[list(COLUMNS)].sort_index(kind="stable").reset_index(drop=True)


def _by_term(results: pd.DataFrame, rules: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the results of every term with their grades."""
    asked = {source: quantities(results, source).assign(SEX=_NO_SEX) for source in (STANDARD, COLLECTED)}
    for names, criteria in rules.groupby(["testcd", "direction"], sort=False):
        testcd, direction = map(str, names)
        own = results[results["TESTCD"].eq(testcd)]
        if len(own):
            first, second = (_graded(some.loc[own.index], criteria) for some in asked.values())
            is_standard = first["SYSTEM"].notna()
            chosen = first.where(is_standard, second)
            is_other = is_standard & second["SYSTEM"].notna() & first["UNIT"].ne(second["UNIT"])
            yield own.assign(
                TERM=criteria["term"].iloc[0],
                DIRECTION=direction,
                GRADE=chosen["GRADE"],
                GRADED=chosen["VALUE"],
                GRADEDU=chosen["UNIT"],
                OTHER=second["GRADE"].where(is_other),
                OTHERVAL=second["VALUE"].where(is_other),
                OTHERU=second["UNIT"].where(is_other),
            )


def _graded(asked: pd.DataFrame, criteria: pd.DataFrame) -> pd.DataFrame:
    """Return GRADE, VALUE, UNIT and SYSTEM of results; SYSTEM is missing where no criteria fit their unit."""
    system = _system(asked, criteria)
    found = pd.Series(float("nan"), index=asked.index)
    for name in _SYSTEMS:
        some = asked[system.eq(name)]
        found.loc[some.index] = grades(some, criteria.assign(limit=criteria[f"limit_{name}"]))
    return asked[["VALUE", "UNIT"]].assign(GRADE=found, SYSTEM=system)


def _system(asked: pd.DataFrame, criteria: pd.DataFrame) -> pd.Series:
    """Return the unit system of the criteria that fits each result; criteria without units fit every one."""
    bound = criteria[~criteria["quantity"].isin(RELATIVE) & criteria["unit_si"].ne("1")]
    system = pd.Series(index=asked.index, dtype="str")
    if bound.empty:
        return system.mask(asked["VALUE"].notna(), "si")
    for name in reversed(_SYSTEMS):
        system = system.mask(asked["UNIT"].eq(bound[f"unit_{name}"].iloc[0]) & asked["VALUE"].notna(), name)
    return system


def worst_grades(graded: pd.DataFrame) -> pd.DataFrame:
    """Return baseline and worst grade of every treated participant, one row a parameter and direction.

    Parameters
    ----------
    graded : DataFrame
        Answer of `derive_grades`.

    Returns
    -------
    DataFrame
        USUBJID, PARAMCD, PARAM, TERM, DIRECTION, TRT01A · BASEGR (grade of the baseline) and WORSTGR (highest after
        treatment began, results of unscheduled visits included), missing where there is none · KEY of the worst result,
        the earliest of equal ones; of the baseline where there is none after it · TIMES (results of WORSTGR or more).
    """
    place = ["USUBJID", "PARAMCD", "DIRECTION"]
    own = graded[graded["SAFFL"].eq("Y") & graded["GRADE"].notna()]
    base = own[own["ABLFL"].eq("Y")].drop_duplicates(place, keep="last").set_index(place)["GRADE"].rename("BASEGR")
    after = own[own["APOBLFL"].eq("Y")].sort_values(["ADT"], kind="stable")
    worst = after.sort_values("GRADE", ascending=False, kind="stable").drop_duplicates(place)
    known = pd.concat([worst, own[own["ABLFL"].eq("Y")]]).drop_duplicates(place)
    said = known[[*place, "PARAM", "TERM", "TRT01A", "KEY"]].set_index(place)
    highest = worst.set_index(place)["GRADE"].rename("WORSTGR")
    return said.join([base, highest]).reset_index()
