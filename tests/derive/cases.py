"""A small study and literal datasets for the tests of the derivations."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from cutbook.parameters.study import Study

SMALL: dict[str, Any] = {
    "id": "small",
    "title": "A study of three arms",
    "is_synthetic": True,
    "sources": {"root": "nowhere", "required": ["dm"]},
    "treatment": {
        "compound": "Compound",
        "dose_unit": "mg",
        "planned_doses": 5,
        "arms": [
            {"code": "PBO", "label": "Placebo", "dose": 0},
            {"code": "LOW", "label": "20 mg", "dose": 20},
            {"code": "HIGH", "label": "100 mg", "dose": 100},
        ],
        "not_assigned": ["SCRNFAIL", "NOTTRT"],
    },
    "data_cut": {
        "included": {"dataset": "ds", "date": "DSSTDTC", "where": {"DSDECOD": ["RANDOMIZED"]}},
        "rules": {},
    },
    "schedules": {
        "visits": {
            "by": "visitnum",
            "visits": [{"label": "Day 8", "visitnum": [4]}, {"label": "Day 29", "visitnum": [5, 5.1]}],
        },
        "windows": {
            "by": "day",
            "visits": [
                {"label": "Week 8", "first_day": 2, "last_day": 84, "target_day": 56},
                {"label": "Week 16", "first_day": 85, "last_day": 140, "target_day": 112},
                {"label": "Week 24", "first_day": 141, "target_day": 168},
            ],
        },
    },
    "adverse_events": {"related": ["RELATED"], "sensitivity_windows_days": [0, 28]},
}


def small_study(**changes: object) -> Study:
    """Return the small study with other values for some of its keys."""
    return Study.model_validate({**SMALL, **changes})


def table(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    """Return a dataset from the names of its columns and its rows; None is missing."""
    return pd.DataFrame(list(rows), columns=columns.split())


def days(*dates: str | None) -> pd.Series:
    """Return dates and moments as datetime64[s], None as missing."""
    return pd.Series([np.datetime64(date or "NaT", "s") for date in dates], dtype="datetime64[s]")


def texts(values: pd.Series) -> list[str | None]:
    """Return values as text, missing as None."""
    return [None if pd.isna(value) else str(value) for value in values]


def dates(values: pd.Series) -> list[str | None]:
    """Return the days as ISO text, missing as None."""
    return texts(values.dt.strftime("%Y-%m-%d"))


def numbers(values: pd.Series) -> list[float | None]:
    """Return values as numbers, missing as None."""
    return [None if pd.isna(value) else float(value) for value in values]


def adsl(**columns: object) -> pd.DataFrame:
    """Return one treated participant, first dose at 10:00 on 2024-03-05, with other values for some columns."""
    known: dict[str, object] = {
        "USUBJID": "01",
        "TRTSDT": days("2024-03-05"),
        "TRTSDTM": days("2024-03-05T10:00"),
        "TRTEDT": days("2024-03-19"),
        "DCUTDT": days("2024-12-31"),
        "EOSSTT": "ONGOING",
        "TRT01A": "100 mg",
        "TRT01AN": 3.0,
        "DOSE01A": 100.0,
        "SAFFL": "Y",
        "RANDFL": "Y",
        "EFFFL": "Y",
        "PKFL": "Y",
        "AGE": 50.0,
        "SEX": "F",
        "SITEID": "1",
    }
    return pd.DataFrame({**known, **columns})
