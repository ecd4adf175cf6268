"""Punctures of the four treated people, by hand."""

from __future__ import annotations

import pandas as pd

from cutbook.parameters.study import Study
from results.people import STUDY

_FAMILY = {
    "id": "csf", "label": "CSF", "dataset": "lb", "schedule": "clinic", "fluid": "csf",
    "parameters": ["WBC", "RBC", "PROT"],
    "derived": [{"paramcd": "LESS", "label": "Cells less blood", "formula": "without_blood", "of": ["WBC", "RBC"]}],
}  # fmt: skip
_LIMITS = [
    {"parameter": "csf-WBC", "label": "White cells", "limit": "> 5", "unit": "/µL"},
    {"parameter": "csf-WBC", "label": "White cells", "limit": "> 10", "unit": "/µL", "first_screen": False},
    {"parameter": "csf-PROT", "label": "Protein", "limit": "> 1.5 x ULN"},
    {"parameter": "csf-RBC", "label": "Traumatic", "limit": ">= 500", "unit": "/µL", "first_screen": False},
]
_ARMS = {"1": ("Placebo", 1.0), "2": ("Placebo", 1.0), "3": ("10 mg", 2.0), "4": ("10 mg", 2.0)}
_SCHEDULE = {"clinic": {"by": "visitnum", "visits": [{"id": "WEEK2", "label": "Week 2", "visitnum": [3]}]}}
VISITS = {0.0: ("Baseline", 0.0, "BASELINE"), 15.0: ("Week 2", 1.0, "WEEK2"), 20.0: (None, None, None)}


def fluid_study(**changes: object) -> Study:
    """Return the small study with cerebrospinal fluid and its limits."""
    return Study.model_validate(
        {**STUDY, "findings": [_FAMILY], "thresholds": _LIMITS, "schedules": _SCHEDULE, **changes}
    )


def punctures(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    """Return results from participant, code, study day (0: baseline; 20: unscheduled) and value."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "CODE", "ADY", "AVAL"]).astype({"ADY": "float64", "AVAL": "float64"})
    visits = [VISITS[day] for day in frame["ADY"]]
    return frame.assign(
        PARAMCD="csf-" + frame["CODE"],
        PARAM="CSF: " + frame["CODE"],
        AVALU="10^6/L",
        DECIMALS=0,
        ANRLO=0.0,
        ANRHI=frame["CODE"].map({"PROT": 45.0, "WBC": 5.0}),
        ADT=(pd.Timestamp("2024-01-01") + pd.to_timedelta(frame["ADY"], unit="D")).astype("datetime64[s]"),
        VISIT=frame["ADY"].map({0.0: "DAY 1", 15.0: "WEEK 2", 20.0: "UNSCHEDULED 3.1"}),
        AVISIT=pd.Series([one[0] for one in visits], dtype="str"),
        AVISITN=pd.Series([one[1] for one in visits], dtype="float64"),
        AVISITID=pd.Series([one[2] for one in visits], dtype="str"),
        ANL01FL=pd.Series([("Y" if one[0] else None) for one in visits], dtype="str"),
        APOBLFL=pd.Series([(None if day == 0 else "Y") for day in frame["ADY"]], dtype="str"),
        BASE=float("nan"),
        CHG=float("nan"),
        SAFFL="Y",
        TRT01A=[_ARMS[name][0] for name in frame["USUBJID"]],
        TRT01AN=[_ARMS[name][1] for name in frame["USUBJID"]],
        KEY=[f"lb/{name}/{place}" for place, name in enumerate(frame["USUBJID"], start=1)],
    ).drop(columns="CODE")


PUNCTURES = punctures(
    ("1", "WBC", 0, 1), ("2", "WBC", 0, 30), ("3", "WBC", 0, 2), ("4", "WBC", 0, 2),
    ("1", "WBC", 15, 5), ("3", "WBC", 15, 6), ("3", "WBC", 20, 41), ("4", "WBC", 15, 9),
    ("3", "LESS", 15, 6), ("3", "LESS", 20, 41), ("4", "LESS", 15, 7.57),
    ("3", "RBC", 20, 0), ("4", "RBC", 15, 1000), ("1", "PROT", 15, 45), ("3", "PROT", 15, 67.5), ("3", "PROT", 20, 118),
)  # fmt: skip
"""2 has no puncture after the first dose; the highest count of 3 is of an unscheduled one, a puncture of 4 bled."""

DOSES = pd.DataFrame({"USUBJID": ["3", "3", "4"], "DOSEOCC": [1.0, 2.0, 1.0], "ADY": [1.0, 15.0, 1.0]})

EVENTS = pd.DataFrame(
    {
        "USUBJID": ["3", "3", "4", "1"],
        "AEDECOD": ["HEADACHE", "Myelitis", "RASH", "Cough"],
        "ASTDY": [7.0, 35.0, 29.0, 15.0],
        "TRT01A": ["10 mg", "10 mg", "10 mg", "Placebo"],
        "KEY": ["ae/3/1", "ae/3/2", "ae/4/1", "ae/1/1"],
    }
)
