"""The study that the records themselves name: whether it is the one of the study file, and one only."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from cutbook.data.checks.records import IN_LIST, Issue
from cutbook.data.wording import first_few, quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study

_SIGNS = re.compile(r"[\W_]+")
_BASE = ("dm", "adsl")


def study_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for each dataset with records of another study than ``sources.studyid`` states, if it does."""
    stated = study.sources.studyid
    faults = []
    for dataset, frame in datasets.items() if stated else ():
        names = _names(frame)
        rows = np.flatnonzero(names.notna() & ~names.isin(stated))
        if len(rows):
            lies_there = first_few([quoted(name) for name in names.iloc[rows].unique()])
            found = f"records of study {lies_there} in {row_list(rows + 1)}"
            expected = f"{first_few([quoted(name) for name in stated])} as sources.studyid of the study file states"
            remedy = "use the transfer that belongs here, or mend the study file"
            faults.append(Fault(dataset, found, expected, remedy, "STUDYID", int(rows[0]) + 1))
    return faults


def study_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Issue]:
    """Return an issue for each dataset whose records name a study that nothing vouches for.

    Without ``sources.studyid`` a name is vouched for when it stands in the id, the title or a statement of the study
    file, whatever the case and the signs between letters; in other datasets also when DM (or ADSL) has it.
    """
    if study.sources.studyid:
        return []
    told = _folded(" ".join([study.id, study.title, *study.statements]))
    base = next((name for name in _BASE if name in datasets), "")
    of_base = set(_names(datasets[base]).dropna()) if base else set()
    issues = []
    for dataset, frame in datasets.items():
        names = _names(frame)
        others = [str(name) for name in names.dropna().unique() if _folded(str(name)) not in told]
        if unknown := [name for name in others if dataset == base or not base or name not in of_base]:
            rows = np.flatnonzero(names.isin(unknown))
            said = first_few([quoted(name) for name in unknown])
            finding = f"Records of study {said} in {row_list(rows + 1)}; the study file is of {quoted(study.id)}."
            kind, consequence = f"Records of study {said}", f"the study file is of {quoted(study.id)}"
            people = frame["USUBJID"].iloc[rows].nunique() if "USUBJID" in frame else None
            issue = Issue(dataset, "STUDYID", int(rows[0]) + 1, "", finding, IN_LIST, kind, consequence)
            issues.append(issue._replace(records=len(rows), participants=people))
    return issues


def _names(frame: pd.DataFrame) -> pd.Series:
    if "STUDYID" in frame and frame["STUDYID"].dtype == "str":
        return frame["STUDYID"]
    return pd.Series(None, index=frame.index, dtype="str")


def _folded(text: str) -> str:
    return _SIGNS.sub("", text).casefold()
