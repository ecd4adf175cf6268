"""Derived datasets as given by a test, in the place of those that a cut derives."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from cutbook.catalogue.kinds.display import Display
from cutbook.derive import Frames
from cutbook.derive.measurements.bds import visit_ids
from cutbook.display.look.numbers import with_text
from cutbook.parameters.study import Study
from cutbook.results.engine import compute, compute_all

EVERY_DATASET = frozenset({"dm", "suppdm", "ds", "ex", "ae", "suppae", "dd", "lb", "vs", "eg", "pc", "qs", "re", "sc"})
_BY_VISIT = ("adlb", "advs", "adeg", "adeff")


def given_frames(
    study: Study,
    *,
    staged: dict[str, pd.DataFrame] | None = None,
    delivered: Collection[str] = EVERY_DATASET,
    **frames: pd.DataFrame,
) -> Frames:
    """Return derived datasets, as if their sources had come.

    Analysis visits get the ids of the first schedule that has their label.
    """
    given = Frames({}, study, "2024-05-01", staged=staged)
    given.__dict__ |= {"delivered": delivered, "recorded": frozenset(delivered)}
    given.__dict__.update(
        {name: _with_ids(frame, study) if name in _BY_VISIT else frame for name, frame in frames.items()}
    )
    return given


def _with_ids(bds: pd.DataFrame, study: Study) -> pd.DataFrame:
    if "AVISITID" in bds:
        return bds
    ids = bds["AVISIT"]
    for schedule in study.schedules.values():
        ids = visit_ids(ids, schedule)
    return bds.assign(AVISITID=ids)


def results_of(display: Display, study: Study, **frames: pd.DataFrame) -> pd.DataFrame:
    """Return the results of one display."""
    return compute(display, given_frames(study, **frames), study)


def texts_of(*displays: Display, study: Study, **frames: pd.DataFrame) -> pd.DataFrame:
    """Return the results of displays with their texts."""
    signs = {display.key: display.not_estimable for display in displays}
    return with_text(compute_all(displays, given_frames(study, **frames), study), signs)
