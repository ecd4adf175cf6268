"""Fixtures: a study of two arms, small enough to count by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.parameters.study import Study

STUDY = {
    "id": "mini",
    "title": "Mini",
    "is_synthetic": True,
    "sources": {"root": "x", "required": ["dm"]},
    "treatment": {
        "compound": "X",
        "dose_unit": "mg",
        "planned_doses": 2,
        "total_active": "Active",
        "total": "All",
        "arms": [{"code": "P", "label": "Placebo", "dose": 0}, {"code": "A", "label": "10 mg", "dose": 10}],
    },
    "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}, "rules": {}},
    "adverse_events": {"related": ["RELATED"], "sensitivity_windows_days": [0]},
    "characteristics": [
        {"variable": "AGE", "label": "Age", "unit": "years"},
        {"variable": "SEX", "label": "Sex", "levels": {"F": "Female", "M": "Male"}},
    ],
}


@pytest.fixture
def study() -> Study:
    """Return the study."""
    return Study.model_validate(STUDY)


@pytest.fixture
def adsl() -> pd.DataFrame:
    """Return five participants: two on placebo, two on 10 mg, and a screen failure."""
    return pd.DataFrame(
        {
            "USUBJID": ["1", "2", "3", "4", "5"],
            "KEY": [f"dm/{number}" for number in range(1, 6)],
            "TRT01P": ["Placebo", "Placebo", "10 mg", "10 mg", None],
            "TRT01A": ["Placebo", "Placebo", "10 mg", "10 mg", None],
            "RANDFL": ["Y", "Y", "Y", "Y", "N"],
            "SAFFL": ["Y", "Y", "Y", "Y", "N"],
            "SCRFFL": ["N", "N", "N", "N", "Y"],
            "DOSEN": [2.0, 1.0, 2.0, 2.0, float("nan")],
            "DOSETOT": [0.0, 0.0, 20.0, 20.0, float("nan")],
            "TRTDURD": [15.0, 1.0, 15.0, 15.0, float("nan")],
            "REDUCEDN": [0.0, 0.0, 0.0, 0.0, float("nan")],
            "PAUSEDN": [0.0, 0.0, 0.0, 0.0, float("nan")],
            "EOSSTT": ["COMPLETED", "DISCONTINUED", "ONGOING", "COMPLETED", ""],
            "DCSREAS": [None, "DEATH", None, None, None],
            "DTHFL": ["N", "Y", "N", "N", "N"],
            "AGE": [40.0, 50.0, 60.0, 71.0, 30.0],
            "SEX": ["F", "M", "F", None, "M"],
        }
    )


@pytest.fixture
def adae() -> pd.DataFrame:
    """Return six events of three participants, the last one before treatment."""
    events = pd.DataFrame(
        {
            "USUBJID": ["1", "3", "3", "3", "4", "4"],
            "AEBODSYS": ["Nervous", "Nervous", "Nervous", "Gut", "Nervous", "Gut"],
            "AEDECOD": ["Headache", "Headache", "Dizziness", "Nausea", "Headache", "Vomiting"],
            "AESEV": ["MILD", "SEVERE", "MILD", "MILD", None, "MILD"],
            "AESER": ["N", "Y", "N", "N", "N", "N"],
            "AESHOSP": ["N", "Y", "N", "N", "N", "N"],
            "AREL": ["N", "Y", "Y", "N", "N", "N"],
            "TRTEMFL": ["Y", "Y", "Y", "Y", "Y", "N"],
            "FATALFL": "N",
            "SAFFL": "Y",
        }
    )
    flags = {"TEAE0": events["TRTEMFL"], "TEAEALL": events["TRTEMFL"]}
    return events.assign(KEY=[f"ae/{who}/{place}" for place, who in enumerate(events["USUBJID"])], **flags)
