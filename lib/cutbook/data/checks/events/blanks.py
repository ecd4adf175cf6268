"""Events of which something is blank that displays count by: their term, their body system, their start."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.record_names import text_of

_NEEDED = (
    ("AEDECOD", "Not coded: preferred term blank", "counted under Not coded", ON_FIRST_LINES),
    ("AEBODSYS", "Not coded: body system blank", "counted under Not coded", ON_FIRST_LINES),
    ("AETERM", "Reported term blank", "counted as an event, listed without the words of its report", IN_LIST),
    (
        "AESTDTC",
        "Event without a date of start",
        "treatment-emergent unless it ended before the first dose, and counted after no single dose",
        ON_FIRST_LINES,
    ),
)


def blank_issues(ae: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue for each such variable that is blank in some events; none where it is blank in all."""
    for name, kind, consequence, weight in _NEEDED:
        if name in ae and text_of(ae[name]).ne("").any():
            yield from kind_issue(("ae", name), ae, text_of(ae[name]).eq(""), (kind, consequence), weight)
