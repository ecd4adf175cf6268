"""The liver: highest values of every participant, quadrants, potential cases of Hy's law, R ratio."""

from __future__ import annotations

import pandas as pd

from cutbook.derive.formulas.liver import at_least, days_until, kind_of_injury, quadrants
from cutbook.derive.grading.quantities import blood_results
from cutbook.parameters.study import Study
from cutbook.standards.criteria import hepatic

TESTS = ("ALT", "AST", "BILI", "ALP")

COLUMNS = (
    "USUBJID", "TRT01A", "MAXALT", "MAXAST", "MAXTR", "MAXBILI", "MAXALP", "QUADRANT", "CHOLQUAD", "DAYSBILI",
    "CASEFL", "CASEWFL", "CHOLWFL", "RDAY", "RRATIO", "RCLASS",
)  # fmt: skip
"""Columns of the answer of `derive_liver`, in order."""


def in_multiples(adlb: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return the liver tests of blood in multiples of the upper limit of normal, XULN, those without a limit left out.

    Parameters
    ----------
    adlb : DataFrame
        Laboratory results of all families.
    study : Study
        Which families are judged.

    Returns
    -------
    DataFrame
        As the results, TESTCD (ALT, AST, BILI, ALP) and XULN.
    """
    own = blood_results(adlb, study)
    own = own[own["TESTCD"].isin(TESTS)]
    multiples = (own["AVAL"] / own["ANRHI"].where(own["ANRHI"].gt(0))).astype("float64")
    return own.assign(XULN=multiples)[multiples.notna()]


def derive_liver(adlb: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return one row a treated participant with liver tests after treatment began.

    Parameters
    ----------
    adlb : DataFrame
        Laboratory results of all families.
    study : Study
        Window between transaminases and bilirubin.

    Returns
    -------
    DataFrame
        USUBJID, TRT01A · MAXALT, MAXAST, MAXTR (the higher of both), MAXBILI, MAXALP: highest, in multiples of the
        upper limit of normal · QUADRANT and CHOLQUAD (``right upper`` ...; transaminases, or phosphatase, across,
        bilirubin up; missing without both) · DAYSBILI (fewest days from an increased transaminase to an increased
        bilirubin) · CASEFL (``Y``: there is such a pair), CASEWFL (within the window), CHOLWFL (the highest bilirubin
        of the window after an increased phosphatase reaches its limit and is the highest of all) · RDAY, RRATIO, RCLASS
        (on the day of the highest ALT).

    Notes
    -----
    FDA Standard Safety Tables and Figures v2.0, Figures 7 and 8, Tables 21 and 22.
    """
    results = in_multiples(adlb, study)
    after = results[results["APOBLFL"].eq("Y") & results["SAFFL"].eq("Y")]
    if after.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    people = after.drop_duplicates("USUBJID").set_index("USUBJID")[["TRT01A"]]
    highest = after.pivot_table(index="USUBJID", columns="TESTCD", values="XULN", aggfunc="max")
    named = {f"MAX{test}": highest.get(test, pd.Series(dtype="float64")) for test in TESTS}
    wide = people.join(pd.DataFrame(named, index=people.index))
    wide = wide.assign(MAXTR=wide[["MAXALT", "MAXAST"]].max(axis="columns"))
    wide = wide.assign(
        QUADRANT=quadrants(wide["MAXTR"], wide["MAXBILI"], (hepatic("transaminase"), hepatic("bilirubin"))),
        CHOLQUAD=quadrants(wide["MAXALP"], wide["MAXBILI"], (hepatic("phosphatase"), hepatic("bilirubin"))),
    )
    with_cases = wide.join(_cases(after, study.judging.liver_window_days)).join(_injury(after))
    flags = {name: with_cases[name].eq("Y").map({True: "Y", False: "N"}) for name in ("CASEFL", "CASEWFL", "CHOLWFL")}
    return with_cases.assign(**flags).reset_index()[list(COLUMNS)]


def _cases(after: pd.DataFrame, window: int) -> pd.DataFrame:
    """Return DAYSBILI and the flags of cases by participant, of those who are one."""
    asked = {
        "TR": (["ALT", "AST"], "transaminase"),
        "BILI": (["BILI"], "bilirubin"),
        "ALP": (["ALP"], "phosphatase"),
    }
    raised = {
        name: after[after["TESTCD"].isin(tests) & at_least(after["XULN"], hepatic(item))]
        for name, (tests, item) in asked.items()
    }
    days = days_until(raised["TR"], raised["BILI"])
    bilirubin = after[after["TESTCD"].eq("BILI")]
    is_highest = bilirubin["XULN"].eq(bilirubin.groupby("USUBJID")["XULN"].transform("max"))
    highest = bilirubin[is_highest & at_least(bilirubin["XULN"], hepatic("bilirubin"))]
    cholestatic = days_until(raised["ALP"], highest)
    found = pd.DataFrame({"DAYSBILI": days, "CHOLDAYS": cholestatic})
    yes = {
        "CASEFL": found["DAYSBILI"].notna(),
        "CASEWFL": found["DAYSBILI"].le(window),
        "CHOLWFL": found["CHOLDAYS"].le(window),
    }
    return found[["DAYSBILI"]].assign(**{name: is_true.map({True: "Y", False: "N"}) for name, is_true in yes.items()})


def _injury(after: pd.DataFrame) -> pd.DataFrame:
    """Return R on the day of the highest ALT, the earliest of equal ones, where ALP was measured that day."""
    alt = after[after["TESTCD"].eq("ALT")].sort_values("ADT", kind="stable")
    peak = alt.sort_values("XULN", ascending=False, kind="stable").drop_duplicates("USUBJID")
    alp = after[after["TESTCD"].eq("ALP")].drop_duplicates(["USUBJID", "ADT"], keep="last")
    pairs = peak[["USUBJID", "ADT", "ADY", "XULN"]].merge(
        alp[["USUBJID", "ADT", "XULN"]], on=["USUBJID", "ADT"], how="left", suffixes=("", "_ALP")
    )
    ratio = pairs["XULN"] / pairs["XULN_ALP"].where(pairs["XULN_ALP"].gt(0))
    kind = kind_of_injury(ratio, hepatic("r_hepatocellular"), hepatic("r_cholestatic"))
    return pairs.assign(RDAY=pairs["ADY"], RRATIO=ratio, RCLASS=kind).set_index("USUBJID")[["RDAY", "RRATIO", "RCLASS"]]
