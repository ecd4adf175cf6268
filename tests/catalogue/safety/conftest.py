"""The people that results are counted for, in a study with a procedure."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.parameters.study import Study
from results.people import STUDY, adae, adsl

__all__ = ["adae", "adsl", "dated", "doses", "events", "study"]

PROCEDURE = {"label": "puncture", "dataset": "pr", "related": "AELPREL"}
INTEREST = [
    {"id": "HEAD", "label": "Headache", "where": {"AEDECOD": ["Headache"]}},
    {"id": "MEN", "label": "Meningitis", "where": {"AEDECOD": ["Meningitis"]}},
]


@pytest.fixture
def study() -> Study:
    """Return the study: two planned doses, a puncture, two events of special interest."""
    rules = STUDY["adverse_events"] | {"flags": [{"label": "By puncture", "qnam": "AELPREL"}], "interest": INTEREST}
    sources = {"root": "x", "required": ["dm"], "optional": ["pr"]}
    return Study.model_validate(STUDY | {"sources": sources, "adverse_events": rules, "procedure": PROCEDURE})


@pytest.fixture
def dated(adsl) -> pd.DataFrame:
    """Return the participants with their dates: first dose on 1 January; the second person left on the 10th."""
    first = pd.Series(pd.Timestamp("2021-01-01"), index=adsl.index).where(adsl["SAFFL"].eq("Y"))
    left = pd.Series(
        [pd.Timestamp("2021-02-01"), pd.Timestamp("2021-01-10"), pd.NaT, pd.Timestamp("2021-02-01"), pd.NaT]
    )
    return adsl.assign(TRTSDT=first, TRTEDT=first, DCUTDT=pd.Timestamp("2021-03-01"), EOSDT=left, DTHDT=pd.NaT)


@pytest.fixture
def doses() -> pd.DataFrame:
    """Return two doses on days 1 and 15 of everybody but the second person, who had the first alone."""
    rows = [
        (name, number, day) for name in "1234" for number, day in ((1.0, 1), (2.0, 15)) if (name, number) != ("2", 2.0)
    ]
    table = pd.DataFrame(rows, columns=["USUBJID", "DOSEOCC", "ADY"])
    return table.assign(ADT=pd.Timestamp("2020-12-31") + pd.to_timedelta(table["ADY"], unit="D"), ADTM=pd.NaT)


@pytest.fixture
def events(adae) -> pd.DataFrame:
    """Return the events, anchored: by person 1, 3, 3, 3, 4 (4's last one came before treatment)."""
    return adae.assign(
        AELPREL=["Y", "Y", "N", "N", "N", "N"],
        AEREL=["NOT RELATED", "RELATED", "RELATED", "NOT RELATED", None, "NOT RELATED"],
        AEACN="DOSE NOT CHANGED",
        AEOUT=["RECOVERED/RESOLVED", "NOT RECOVERED/NOT RESOLVED", "RECOVERED/RESOLVED", "", "RECOVERED/RESOLVED", ""],
        ASTDT=pd.to_datetime(["2021-01-03", "2021-01-15", "2021-01-30", "2021-01-02", None, "2020-12-01"]),
        ASTDTF=None,
        ADOSE=[1.0, 2.0, 2.0, 1.0, None, None],
        ADOSEDY=[2.0, 0.0, 15.0, 1.0, None, None],
        APROC=[1.0, 2.0, 2.0, 1.0, None, None],
        APROCDY=[2.0, 0.0, 15.0, 1.0, None, None],
        ADURN=[4.0, None, 2.0, 1.0, 1.0, 1.0],
    )  # fmt: skip
