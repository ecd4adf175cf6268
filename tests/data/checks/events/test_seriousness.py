"""Criteria of seriousness that contradict their event, or were left blank where they were collected, are told."""

import pandas as pd
import pytest

from cutbook.data.checks.events.seriousness import seriousness_issues
from cutbook.data.checks.records import ON_FIRST_LINES

FATAL = "Fatal outcome, but not recorded as resulting in death (AESDTH)"
OTHER = "Recorded as resulting in death (AESDTH), but with another outcome (AEOUT)"
NONE = "Serious, but without a criterion of seriousness"


def blank(name: str) -> str:
    return f"Criterion of seriousness ({name}) blank for a serious event"


def told(*events: dict[str, str]) -> list[tuple[str, int]]:
    """Return kind and number of records of what is told of events."""
    ae = pd.DataFrame(
        [{"USUBJID": "P1", "AESEQ": float(at), **event} for at, event in enumerate(events, 1)], dtype="object"
    )
    issues = list(seriousness_issues(ae.fillna("")))
    assert all(issue.weight == ON_FIRST_LINES and issue.dataset == "ae" for issue in issues)
    return [(issue.kind, issue.records or 0) for issue in issues]


def event(serious: str, outcome: str = "RECOVERED/RESOLVED", **criteria: str) -> dict[str, str]:
    return {"AESER": serious, "AEOUT": outcome, **criteria}


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        ([event("Y", "FATAL", AESDTH="Y"), event("N", AESDTH="N")], []),
        ([event("Y", "FATAL", AESDTH=""), event("N", AESDTH="N")], [(FATAL, 1), (NONE, 1)]),
        ([event("Y", "FATAL", AESDTH="N", AESHOSP="Y"), event("N", AESDTH="N", AESHOSP="N")], [(FATAL, 1)]),
        ([event("Y", AESHOSP="", AESLIFE="Y"), event("N", AESHOSP="N", AESLIFE="N")], [(blank("AESHOSP"), 1)]),
        ([event("Y", AESHOSP="", AESLIFE="Y"), event("Y", AESHOSP="Y", AESLIFE="")], []),
        ([event("Y", AESHOSP="N"), event("Y", AESHOSP="Y"), event("Y", AESHOSP="N")], [(NONE, 2)]),
        ([event("Y", "RECOVERED/RESOLVED", AESDTH="Y"), event("Y", "", AESDTH="Y")], [(OTHER, 1)]),
        ([event("N", AESHOSP=""), event("N", AESHOSP="N")], []),
        ([event("Y", "FATAL", AESHOSP="", AESDTH=""), event("Y", AESHOSP="", AESDTH="")], []),
        ([event("Y", "FATAL"), event("N")], []),
    ],
    ids=[
        "agreeing", "death blank", "death denied", "blank where no is written", "blanks that say no",
        "no criterion", "death with another outcome", "not serious", "not collected", "not delivered",
    ],
)  # fmt: skip
def test_a_serious_event_and_its_criteria(events, kinds):
    assert told(*events) == kinds


def test_without_events_nothing_is_told():
    assert list(seriousness_issues(pd.DataFrame())) == []
