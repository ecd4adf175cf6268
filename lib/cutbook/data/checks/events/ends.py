"""Ends of events that their outcome contradicts: recovered without an end, not recovered with one."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.records import Issue, kind_issue
from cutbook.records import meets

_OVER = ["RECOVERED/RESOLVED", "RECOVERED/RESOLVED WITH SEQUELAE"]
_LASTING = ["NOT RECOVERED/NOT RESOLVED", "RECOVERING/RESOLVING"]
_ONGOING = ("Event that is over by its outcome (AEOUT), without an end (AEENDTC)", "shown as lasting")
_ENDED = ("Event that is not over by its outcome (AEOUT), with an end (AEENDTC)", "it ends on that day")


def end_issues(ae: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about each way in which outcome and end disagree; none where ends or outcomes were not collected.

    Source: CDISC controlled terminology, codelist OUT.
    """
    if not {"USUBJID", "AEOUT", "AEENDTC"} <= set(ae.columns):
        return
    end = text_column(ae, "AEENDTC")
    if end.isna().all():
        return
    yield from kind_issue(("ae", "AEENDTC"), ae, meets(ae, {"AEOUT": _OVER}) & end.isna(), _ONGOING)
    yield from kind_issue(("ae", "AEENDTC"), ae, meets(ae, {"AEOUT": _LASTING}) & end.notna(), _ENDED)
