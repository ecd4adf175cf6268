"""Levels 1 to 3 of laboratory results by the FDA's guide."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.derive.formulas.corrections import filtration_rate
from cutbook.derive.formulas.grading import grades
from cutbook.derive.grading.quantities import COLLECTED, STANDARD, blood_results, quantities
from cutbook.derive.records import look_up
from cutbook.parameters.study import Study
from cutbook.standards.criteria import RELATIVE, fda_levels, table
from cutbook.standards.units import factors

COLUMNS = (
    "USUBJID", "KEY", "PARAMCD", "PARAM", "TESTCD", "TERM", "DIRECTION", "LEVEL", "ADT", "ADY", "TRT01A", "SAFFL",
)  # fmt: skip
"""Columns of the answer of `derive_levels`, in order."""

_NOT_KNOWN = "fasting"
"""A condition that no dataset tells."""

_SEXES, _WORDS = {"male": "M", "female": "F"}, {"male": "men", "female": "women"}
_RATE = ("EGFR", "Estimated glomerular filtration rate")


def derive_levels(adlb: pd.DataFrame, adsl: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the level of every result of blood after treatment began, one row a result and row of the guide.

    Parameters
    ----------
    adlb, adsl : DataFrame
        Laboratory results of all families, and participants (AGE, SEX).
    study : Study
        Which families are judged.

    Returns
    -------
    DataFrame
        USUBJID, KEY, PARAMCD, PARAM, TESTCD · TERM (row of the guide), DIRECTION · LEVEL (0 to 3; missing where it
        cannot be told, and then the result is not among those measured) · ADT, ADY, TRT01A, SAFFL.

    Notes
    -----
    FDA Standard Safety Tables and Figures v2.0, Tables 56 and 57, whose limits are in US units: results collected in
    them are judged as collected, others as standardised and converted. Whether a participant fasted is not known:
    glucose is judged as random. eGFR is that of CKD-EPI 2021.
    """
    results = blood_results(adlb, study)
    sex = look_up(results["USUBJID"], adsl.set_index("USUBJID")["SEX"])
    age = look_up(results["USUBJID"], adsl.set_index("USUBJID")["AGE"]) if "AGE" in adsl else sex.map({})
    asked = _asked(results).assign(SEX=sex, AGE=age.astype("float64"))
    own = pd.concat([results.drop(columns=[name for name in asked if name in results]), asked], axis="columns")
    own = pd.concat([own, _filtration(own)], ignore_index=True)
    rules = fda_levels()
    parts = list(_by_term(own[own["APOBLFL"].eq("Y")], rules[rules["condition"].ne(_NOT_KNOWN)]))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def _asked(results: pd.DataFrame) -> pd.DataFrame:
    """Return what criteria ask, of the collected result where that alone is in US units."""
    units = table("laboratory_units")
    first = units.drop_duplicates("testcd").set_index("testcd")["unit"]
    standard, collected = (quantities(results, source) for source in (STANDARD, COLLECTED))
    us = results["TESTCD"].map(first)
    is_collected = collected["UNIT"].eq(us) & standard["UNIT"].ne(us) & collected["VALUE"].notna()
    chosen = standard.mask(is_collected, collected)
    return chosen.astype({"IS_BASE_HIGH": "bool"})


def _filtration(own: pd.DataFrame) -> pd.DataFrame:
    """Return results of eGFR, one for every creatinine whose unit is known."""
    creatinine = own[own["TESTCD"].eq("CREAT")]
    us = pd.Series("mg/dL", index=creatinine.index)
    scale = factors(creatinine["TESTCD"], creatinine["UNIT"], us)
    value, base = (
        filtration_rate(creatinine[name].astype("float64") * scale, creatinine["AGE"], creatinine["SEX"])
        for name in ("VALUE", "BASE")
    )
    code = creatinine["PARAMCD"].astype("str").str.replace("-.*", f"-{_RATE[0]}", regex=True)
    return creatinine.assign(VALUE=value, BASE=base, TESTCD=_RATE[0], PARAMCD=code, PARAM=_RATE[1], UNIT="")


def _by_term(own: pd.DataFrame, rules: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Yield the results of every row of the guide with their levels; rows for one sex hold its participants alone."""
    sexes = rules["condition"].where(rules["condition"].isin(list(_SEXES)), "")
    for names, criteria in rules.groupby(["testcd", "term", "direction", sexes], sort=False):
        testcd, term, direction, sex = map(str, names)
        some = own[own["TESTCD"].eq(testcd)]
        some = some[some["SEX"].eq(_SEXES[sex])] if sex else some
        if len(some):
            words = f"{term}, {_WORDS[sex]}" if sex else term
            yield some.assign(TERM=words, DIRECTION=direction, LEVEL=_levels(some, criteria))


def _levels(some: pd.DataFrame, criteria: pd.DataFrame) -> pd.Series:
    """Return the level of results of one row of the guide."""
    bound = criteria[~criteria["quantity"].isin(RELATIVE)]
    scaled = some
    if len(bound):
        target = pd.Series(bound["unit_us"].iloc[0], index=some.index)
        scale = factors(some["TESTCD"], some["UNIT"], target)
        scaled = some.assign(VALUE=some["VALUE"] * scale, BASE=some["BASE"] * scale)
    return grades(scaled, criteria.assign(limit=criteria["limit_us"]))
