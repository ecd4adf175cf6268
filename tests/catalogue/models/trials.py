"""An invented trial of two arms with everybody's values at two visits, so few that answers can be written by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cutbook.display import record_book, show
from cutbook.parameters.study import Study
from display.pages import a_page
from given import given_frames, texts_of

_STUDY: dict[str, Any] = {
    "id": "two",
    "title": "Two arms",
    "is_synthetic": True,
    "sources": {"root": "x", "required": ["dm"]},
    "treatment": {
        "compound": "X",
        "dose_unit": "mg",
        "total_active": "Active",
        "arms": [
            {"code": "P", "label": "Placebo", "dose": 0},
            {"code": "A", "label": "X 10 mg", "dose": 10},
            {"code": "B", "label": "X 20 mg", "dose": 20},
        ],
    },
    "data_cut": {"included": {"dataset": "dm", "date": "RFSTDTC"}, "rules": {}},
    "schedules": {
        "clinic": {"visits": [{"label": "Week 4", "visitnum": 3}, {"label": "Week 8", "visitnum": 4}]},
    },
}


def study_with(outcomes: dict[str, Any] | None = None, **endpoint: Any) -> Study:
    """Return the study with one endpoint, SCORE, and what the test says of it and of other outcomes."""
    score = {
        "paramcd": "SCORE", "label": "Score", "unit": "points", "dataset": "qs", "where": {"QSTESTCD": "SCORE"},
        "schedule": "clinic", "population": "RANDFL",
    }  # fmt: skip
    return Study.model_validate(_STUDY | {"endpoints": [score | endpoint]} | (outcomes or {}))


def frames_of(values: dict[str, list[float | None]], **adsl: list[Any]) -> dict[str, pd.DataFrame]:
    """Return ADSL and ADEFF of participants named by their arm (``P1``, ``A2``): baseline, then a value a visit."""
    arms = {"P": "Placebo", "A": "X 10 mg", "B": "X 20 mg"}
    people = list(values)
    treated = [arms[name[0]] for name in people]
    subjects = pd.DataFrame({
        "USUBJID": people, "KEY": [f"dm/{name}" for name in people], "RANDFL": "Y", "SAFFL": "Y", "EFFFL": "Y",
        "TRT01A": treated, "TRT01P": treated, "TRT01AN": 1.0,
        **adsl,
    })  # fmt: skip
    visits = (("BASELINE", "Baseline", 0.0, 1.0), ("V3", "Week 4", 1.0, 29.0), ("V4", "Week 8", 2.0, 57.0))
    rows = [
        {
            "USUBJID": name, "KEY": f"qs/{name}/{place}", "AVISITID": code, "AVISIT": words, "AVISITN": place,
            "ADY": day,
            "AVAL": value, "BASE": own[0], "CHG": None if place == 0 or own[0] is None else value - own[0],
            "TRT01A": arms[name[0]], "TRT01AN": 1.0, "DTYPE": None,
        }
        for name, own in values.items()
        for (code, words, place, day), value in zip(visits, own, strict=True)
        if value is not None
    ]  # fmt: skip
    bds = pd.DataFrame(rows).assign(PARAMCD="SCORE", PARAM="Score", AVALU="points", DECIMALS=0, ANL01FL="Y")
    types = {"AVAL": "float64", "BASE": "float64", "CHG": "float64", "DTYPE": "str"}
    return {"adsl": subjects, "adeff": bds.astype(types)}


def tables(display, study: Study, frames: dict[str, pd.DataFrame]):
    """Return what a display is shown as."""
    results = texts_of(display, study=study, **frames)
    book = record_book(results, frames["adsl"], study, findings=[frames["adeff"]])
    return show(display, a_page(study, results=results, frames=given_frames(study, **frames), book=book)).members


def as_lines(table) -> list[str]:
    """Return a table as its cells stand: headings, then rows."""
    head = " | ".join(["", *(" ".join(filter(None, (one.label, one.note))) for one in table.columns)])
    return [head, *(" | ".join([row.label, *map(str, row.cells)]) for row in table.rows)]
