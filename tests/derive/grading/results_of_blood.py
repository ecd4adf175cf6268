"""Results of blood by hand: what criteria judge."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Study
from results.people import STUDY

FAMILIES = [
    {"id": "chem", "label": "Chemistry", "dataset": "lb", "schedule": "clinic"},
    {"id": "csf", "label": "CSF", "dataset": "lb", "schedule": "clinic", "where": {"LBSPEC": "CEREBROSPINAL FLUID"}},
]
VISITS = {"clinic": {"by": "visitnum", "visits": [{"label": "Week 2", "visitnum": [3]}]}}
_FIRST = pd.Timestamp("2024-03-05")
_LIMITS = {"ALT": (6, 34, "U/L"), "AST": (9, 36, "U/L"), "BILI": (3, 21, "umol/L"), "ALP": (40, 120, "U/L"),
           "K": (3.5, 5.1, "mmol/L"), "CREAT": (62, 124, "umol/L"), "CA": (2.1, 2.6, "mmol/L"),
           "ALB": (35, 50, "g/L"), "HGB": (115, 158, "g/L"), "GLUC": (3.9, 6.1, "mmol/L")}  # fmt: skip


def blood_study(**judging: object) -> Study:
    """Return the small study with a family of blood and one of cerebrospinal fluid."""
    return Study.model_validate({**STUDY, "findings": FAMILIES, "schedules": VISITS, "judging": judging})


def blood(*rows: tuple[str, str, float, float], family: str = "chem") -> pd.DataFrame:
    """Return results from participant, test, study day and value; the last one before day 1 is the baseline.

    A result of day 1 counts as taken after the first dose.
    """
    frame = pd.DataFrame(rows, columns=["USUBJID", "TESTCD", "ADY", "AVAL"]).astype(
        {"ADY": "float64", "AVAL": "float64"}
    )
    days = frame["ADY"] - frame["ADY"].gt(0)
    known = frame["AVAL"].notna() & frame["ADY"].lt(1)
    last = frame[known].sort_values("ADY", kind="stable").drop_duplicates(["USUBJID", "TESTCD"], keep="last").index
    limits = frame["TESTCD"].map(lambda test: _LIMITS[test])
    return frame.assign(
        PARAMCD=family + "-" + frame["TESTCD"],
        PARAM=frame["TESTCD"],
        ANRLO=limits.str[0].astype("float64"),
        ANRHI=limits.str[1].astype("float64"),
        AVALU=limits.str[2],
        ADT=(_FIRST + pd.to_timedelta(days, unit="D")).astype("datetime64[s]"),
        ADTM=pd.Series(pd.NaT, index=frame.index).astype("datetime64[s]"),
        VISIT=None,
        VISITNUM=frame["ADY"],
        ABLFL=pd.Series("Y", index=frame.index).where(frame.index.isin(last)),
        APOBLFL=pd.Series("Y", index=frame.index).where(frame["ADY"].ge(1)),
        TRT01A="10 mg",
        SAFFL="Y",
        KEY=[f"lb/{place}" for place in range(1, len(frame) + 1)],
        IS_USABLE=True,
    ).drop(columns="TESTCD")
