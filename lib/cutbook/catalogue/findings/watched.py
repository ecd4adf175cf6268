"""Participants beyond the limits that the study file names, of those measured."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.catalogue.kinds.measured.shares import Shares
from cutbook.catalogue.thresholds import comparable, results_of, those_beyond
from cutbook.derive import Frames
from cutbook.parameters.study import Study, Threshold

LIMIT = "LIMIT"
"""Variable: participants beyond a limit."""

_COLUMNS = ["USUBJID", "parameter", "level"]


def family_of(threshold: Threshold, study: Study) -> str:
    """Return the id of the family of findings that a threshold is about."""
    return next((item.id for item in study.findings if threshold.parameter.startswith(f"{item.id}-")), "")


def shares_of(items: Sequence[Threshold]) -> Shares:
    """Return the rows of limits, below a heading what is measured: who was once beyond, of those compared."""

    def rows(frames: Frames) -> pd.DataFrame:
        known = [item for item in items if len(results_of(frames, item))]
        lines = [(item.parameter, item.label, item.code, item.limit_words) for item in known]
        return pd.DataFrame(lines, columns=["parameter", "parameter_words", "level", "row_words"], dtype="str")

    def placed(frames: Frames, *, is_beyond: bool) -> pd.DataFrame:
        parts = []
        for item in items:
            compared = comparable(results_of(frames, item), item)
            some = those_beyond(compared, item) if is_beyond else compared
            parts.append(some[["USUBJID"]].assign(parameter=item.parameter, level=item.code))
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS, dtype="str")

    return Shares(
        variable=LIMIT,
        rows=rows,
        records=lambda frames: placed(frames, is_beyond=True),
        among=lambda frames: placed(frames, is_beyond=False),
    )
