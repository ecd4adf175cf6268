"""Results of the displays about participants: disposition, demographics, exposure."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Characteristic, Study
from cutbook.results.counting import Groups, count_rows, row_labels, size_rows, treatment_groups
from cutbook.results.summarising import summary_rows
from cutbook.results.table import results_table

DAYS_PER_YEAR = 365.25
MISSING_LEVEL = "Missing"
SCREEN_FAILURE = "Not randomised: screen failure"
IN_SCREENING = "Not randomised yet: in screening"


def disposition_results(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D1: participants screened, randomised, treated, and how the study ended for them.

    Parameters
    ----------
    adsl : frame
        Everybody in DM, columns of the ADSL derivation.
    study : Study
        Arms and planned doses.

    Returns
    -------
    results table
        Variables SCREENED, SCRFFL, RANDFL, SAFFL, DOSEN (one row a planned dose), EOSSTT, DCSREAS; columns as planned,
        percentages of the randomised. Screened participants have no arm and stand in the last column alone.
    """
    groups = treatment_groups(adsl, study, by="TRT01P")
    randomised = treatment_groups(adsl[adsl["RANDFL"].eq("Y")], study, by="TRT01P")
    before = [row_labels("SCREENED", ["Screened"]), row_labels("SCRFFL", [SCREEN_FAILURE, IN_SCREENING])]
    parts = [count_rows(_disposition_records(adsl), pd.concat(before), groups, has_percent=False)]
    shown = _only_total(parts[0], study)
    after = count_rows(_disposition_records(adsl), _disposition_rows(adsl, study), randomised)
    return results_table(pd.concat([size_rows(randomised), shown, after]).assign(display="D1", population="Randomised"))


def _only_total(counted: pd.DataFrame, study: Study) -> pd.DataFrame:
    return counted[counted["group"].eq(study.treatment.total)] if study.treatment.total else counted


def _disposition_rows(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    doses = range(1, (study.treatment.planned_doses or 0) + 1)
    reasons = adsl.loc[adsl["EOSSTT"].eq("DISCONTINUED"), "DCSREAS"].dropna().value_counts()
    ordered = sorted(reasons.index, key=lambda reason: (-reasons[reason], reason))
    return pd.concat(
        [
            row_labels("RANDFL", ["Randomised"]),
            row_labels("SAFFL", ["Treated"]),
            row_labels("DOSEN", [f"Received dose {dose}" for dose in doses]),
            row_labels("EOSSTT", ["Completed the study", "Ongoing", "Discontinued the study"]),
            row_labels("DCSREAS", ordered),
        ],
        ignore_index=True,
    )


def _disposition_records(adsl: pd.DataFrame) -> pd.DataFrame:
    is_in = adsl["RANDFL"].eq("Y")
    status = {"COMPLETED": "Completed the study", "ONGOING": "Ongoing", "DISCONTINUED": "Discontinued the study"}
    most = int(adsl["DOSEN"].max()) if adsl["DOSEN"].notna().any() else 0
    parts = [
        _flagged(adsl, "SCREENED", "Screened"),
        _flagged(adsl[adsl["SCRFFL"].eq("Y")], "SCRFFL", SCREEN_FAILURE),
        _flagged(adsl[adsl["SCRFFL"].ne("Y") & ~is_in], "SCRFFL", IN_SCREENING),
        _flagged(adsl[is_in], "RANDFL", "Randomised"),
        _flagged(adsl[is_in & adsl["SAFFL"].eq("Y")], "SAFFL", "Treated"),
        *[
            _flagged(adsl[is_in & adsl["DOSEN"].ge(dose)], "DOSEN", f"Received dose {dose}")
            for dose in range(1, most + 1)
        ],
        *[_flagged(adsl[is_in & adsl["EOSSTT"].eq(code)], "EOSSTT", words) for code, words in status.items()],
    ]
    left = adsl[is_in & adsl["EOSSTT"].eq("DISCONTINUED") & adsl["DCSREAS"].notna()]
    reasons = left[["USUBJID", "KEY"]].assign(variable="DCSREAS", level=left["DCSREAS"])
    return pd.concat([*parts, reasons], ignore_index=True)


def _flagged(members: pd.DataFrame, variable: str, level: str) -> pd.DataFrame:
    return members[["USUBJID", "KEY"]].assign(variable=variable, level=level)


def demographics_results(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D2: the baseline characteristics of the study file, for treated participants.

    Returns
    -------
    results table
        Variable = characteristic. Continuous ones: n, mean, sd, median, q1, q3, min, max with the decimals collected.
        Categorical ones: n, N, pct a level, with a level ``Missing`` when a value is missing.
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    parts = [
        _levels(treated, item, groups) if item.levels else _continuous(treated, item, groups)
        for item in study.characteristics
    ]
    return results_table(pd.concat([size_rows(groups), *parts]).assign(display="D2", population="Safety"))


def _continuous(treated: pd.DataFrame, item: Characteristic, groups: Groups) -> pd.DataFrame:
    records = treated[["USUBJID", "KEY"]].assign(
        variable=item.variable, AVAL=treated[item.variable].astype("float64"), unit=item.unit, decimals=item.decimals
    )
    return summary_rows(records, ["variable"], groups)


def _levels(treated: pd.DataFrame, item: Characteristic, groups: Groups) -> pd.DataFrame:
    values = treated[item.variable].astype("str")
    words = values.map(item.levels).fillna(values).fillna(MISSING_LEVEL)
    records = treated[["USUBJID", "KEY"]].assign(variable=item.variable, level=words)
    unlisted = sorted(set(words) - set(item.levels.values()) - {MISSING_LEVEL})
    tail = [MISSING_LEVEL] if words.eq(MISSING_LEVEL).any() else []
    rows = row_labels(item.variable, [*dict.fromkeys(item.levels.values()), *unlisted, *tail])
    return count_rows(records, rows, groups)


def exposure_results(adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return display D3: doses, total dose, days on treatment and person-years of treated participants.

    Returns
    -------
    results table
        Variables DOSEN (n, N, pct a number of doses, only for a planned number of doses), DOSETOT (only then),
        TRTDURD (days from first to last dose, both counted) and PYEARS (``sum``, years of 365.25 days).
    """
    treated = adsl[adsl["SAFFL"].eq("Y")]
    groups = treatment_groups(treated, study)
    parts = [size_rows(groups)]
    if study.treatment.planned_doses:
        numbers = [f"{dose:.0f}" for dose in range(study.treatment.planned_doses + 1)]
        records = treated[["USUBJID", "KEY"]].assign(
            variable="DOSEN", level=treated["DOSEN"].fillna(0).map("{:.0f}".format)
        )
        more = sorted(set(records["level"]) - set(numbers), key=float)
        parts.append(count_rows(records, row_labels("DOSEN", [*numbers, *more]), groups))
        parts.append(_measure(treated, "DOSETOT", study.treatment.dose_unit, groups))
    parts.append(_measure(treated, "TRTDURD", "days", groups))
    parts.append(_person_years(treated, groups))
    return results_table(pd.concat(parts).assign(display="D3", population="Safety"))


def _measure(treated: pd.DataFrame, variable: str, unit: str, groups: Groups) -> pd.DataFrame:
    records = treated[["USUBJID", "KEY"]].assign(
        variable=variable, AVAL=treated[variable].astype("float64"), unit=unit, decimals=0
    )
    return summary_rows(records, ["variable"], groups)


def _person_years(treated: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    days = groups.members.merge(treated[["USUBJID", "TRTDURD"]], on="USUBJID")
    years = days.groupby("GROUP", observed=False)["TRTDURD"].sum() / DAYS_PER_YEAR
    return pd.DataFrame(
        {
            "variable": "PYEARS",
            "group": years.index.astype("str"),
            "statistic": "sum",
            "value": years.to_numpy(dtype="float64"),
            "unit": "years",
            "decimals": 0,
        }
    )
