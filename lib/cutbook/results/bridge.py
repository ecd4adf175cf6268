"""Reading results that were published with words as keys: labels become the codes of the study file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from cutbook.parameters.study import Study
from cutbook.results.columns import group_words
from cutbook.results.table import WORD_COLUMNS, results_table
from cutbook.vocabulary import BASELINE, MISSING, contrast

_POPULATIONS = {"Safety": "SAFFL", "Randomised": "RANDFL", "PK": "PKFL"}
_STATUS = {"Completed the study": "COMPLETED", "Ongoing": "ONGOING", "Discontinued the study": "DISCONTINUED"}
_SCREENING = {"Not randomised: screen failure": "Y", "Not randomised yet: in screening": "N"}
_BY_VISIT = ("D15", "D20", "D21", "F1", "F2", "F4")


def with_codes(results: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return a results table with codes as keys, whichever way it was published.

    Parameters
    ----------
    results : frame
        A results table as published; one without word columns has words as keys.
    study : Study
        The study file that gave the words; what it does not name stays as it is.
    """
    if set(WORD_COLUMNS) <= set(results):
        return results
    read = _Reader(study)
    return results_table([read.row(row) for row in results.to_dict("records")])


class _Reader:
    """The words of a study file, by what they name."""

    def __init__(self, study: Study) -> None:
        self.groups = {label: code for code, label in group_words(study).items() if label}
        control = study.treatment.control_arm
        self.control = control.code if control else ""
        matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else ()
        self.matrices = {item.label: item.code for item in matrices}
        self.levels = {
            item.variable: {words: value for value, words in reversed(item.levels.items())} | {"Missing": MISSING}
            for item in study.characteristics
        }
        schedules = {item.id: item.schedule for item in study.findings}
        schedules |= {item.paramcd: item.schedule for item in study.endpoints}
        self.schedules = {name: study.schedules.get(schedule) for name, schedule in schedules.items()}

    def row(self, row: Mapping[Hashable, Any]) -> dict[str, object]:
        """Return one row with codes, and its words beside them."""
        words = {"parameter_words": row["parameter"], "row_words": row["level"] or row["variable"]}
        words |= {"visit_words": row["visit"], "group_words": row["group"]}
        coded = {
            **{str(name): part for name, part in row.items()},
            "population": _POPULATIONS.get(row["population"], row["population"]),
            "group": self.groups.get(row["group"], row["group"]),
            "parameter": self.matrices.get(row["parameter"], row["parameter"]),
            "keys": list(row["keys"]),
        }
        if row["display"] in _BY_VISIT and row["visit"]:
            coded["visit"] = self._visit(row["parameter"], row["visit"])
        if row["display"] == "F1" and row["variable"] == "DIFF":
            coded["group"] = contrast(coded["group"], self.control)
        return {**coded, **self._level(row), **words}

    def _visit(self, parameter: str, label: str) -> str:
        """Return the id of a visit of an endpoint, or of a parameter of a family of findings, by its label."""
        schedule = self.schedules.get(parameter) or self.schedules.get(parameter.rpartition("-")[0])
        visit = schedule.visit(label) if schedule else None
        return visit.code if visit else BASELINE if label == "Baseline" else label

    def _level(self, row: Mapping[Hashable, Any]) -> dict[str, str]:
        display, variable, level = row["display"], row["variable"], row["level"]
        if display in {"D4", "D12"}:
            risk = {"variable": "PYRISK"} if (display, variable) == ("D12", "PYEARS") else {}
            return {"level": "", **risk}
        if display == "D1":
            coded = {"DOSEN": level.removeprefix("Received dose "), "DCSREAS": level}
            return {"level": coded.get(variable, _STATUS.get(level, _SCREENING.get(level, "")))}
        if display == "D2":
            return {"level": self.levels.get(variable, {}).get(level, level)}
        if display == "D5" and variable == "ANY":
            return {"level": ""}
        if display == "D9" and variable == "DTHDY":
            known = {"ANY": {"variable": "DTHFL", "level": ""}, "Day not known": {"level": MISSING}}
            return known.get(level, {"level": level.removeprefix("Day ")})
        return {}
