"""Samples that fall out of tables by time or visit, and numbers below their own limit, are told."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.data.checks.sampling.plans import plan_issues

NO_TIME = "Sample without a planned time, where others of its visit have one"
NO_VISIT = "Sample without a visit"
OTHER_HOURS = "PCTPTNUM that is not the hours of PCELTM or PCTPT"
ORDER = "PCTPTNUM numbers the planned times and gives no hours"
LOW = "Number below its own limit of quantification (PCLLOQ)"


def samples() -> pd.DataFrame:
    """Return eight samples of one participant: four by plan at one visit, four troughs without a planned time."""
    return pd.DataFrame(
        {
            "USUBJID": "P1",
            "PCSEQ": [float(number) for number in range(1, 9)],
            "PCTESTCD": "ZETA",
            "PCSPEC": "PLASMA",
            "PCSTRESC": ["<0.5", "8.8", "5.5", "2.2", "1", "1", "1", "1"],
            "PCSTRESN": [None, 8.8, 5.5, 2.2, 1.0, 1.0, 1.0, 1.0],
            "PCLLOQ": 0.5,
            "PCTPTNUM": [0.0, 1.0, 4.0, 8.0, None, None, None, None],
            "VISITNUM": [2.0, 2.0, 2.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        }
    )


def told(pc: pd.DataFrame) -> list[tuple[str, str, int]]:
    issues = list(plan_issues(pc, pd.Series(data=True, index=pc.index), ["BLQ"]))
    assert all(issue.weight == ON_FIRST_LINES for issue in issues)
    return [(issue.variable, issue.kind, issue.records or 0) for issue in issues]


@pytest.mark.parametrize(
    ("row", "values", "found"),
    [
        (2, {"PCTPTNUM": None}, [("PCTPTNUM", NO_TIME, 1)]),
        (2, {"VISITNUM": None}, [("VISITNUM", NO_VISIT, 1)]),
        (3, {"PCSTRESN": 0.2, "PCSTRESC": "0.2"}, [("PCSTRESN", LOW, 1)]),
        (1, {"PCLLOQ": 50.0}, [("PCSTRESN", LOW, 1)]),
        (3, {"PCSTRESN": 0.2, "PCSTRESC": "BLQ"}, []),
        (3, {"PCSTRESN": 0.5, "PCSTRESC": "0.5"}, []),
        (3, {"PCSTRESN": 0.0, "PCSTRESC": "0"}, []),
        (5, {"PCTPTNUM": 24.0}, []),
    ],
    ids=["no time", "no visit", "low", "high limit", "said to be below", "at the limit", "nought", "one more time"],
)
def test_what_is_told_of_a_sample(row: int, values: dict[str, object], found: list[tuple[str, str, int]]) -> None:
    pc = samples()
    for name, value in values.items():
        pc.loc[row, name] = value
    assert told(pc) == found


@pytest.mark.parametrize("variable", ["PCTPTNUM", "VISITNUM", "PCLLOQ", "PCSTRESC"])
def test_what_no_sample_has_is_missed_in_none(variable: str) -> None:
    assert told(samples().drop(columns=variable)) == []


def test_an_elapsed_time_stands_in_for_a_number() -> None:
    pc = samples().assign(PCELTM=[None, None, "PT4H", *[None] * 5])
    pc.loc[2, "PCTPTNUM"] = None
    assert told(pc) == []


def test_the_name_of_a_visit_stands_in_for_its_number() -> None:
    pc = samples().assign(VISIT=[None, None, "DAY 1", *[None] * 5])
    pc.loc[2, "VISITNUM"] = None
    assert told(pc) == []


def named(*words: str) -> pd.DataFrame:
    """Return the samples twice, of two participants, with names of the planned times of the first visit."""
    one = samples().assign(PCTPT=pd.Series([*words, None, None, None, None], dtype="str"))
    return pd.concat([one, one.assign(USUBJID="P2"), one.assign(USUBJID="P3")], ignore_index=True)


HOURS = ("PRE-DOSE", "1 H POST-DOSE", "4 H POST-DOSE", "8 H POST-DOSE")


def test_names_that_agree_with_their_numbers_are_no_oddity() -> None:
    assert told(named(*HOURS)) == []


def test_a_planned_time_under_another_name_is_told() -> None:
    pc = named(*HOURS)
    pc.loc[10, "PCTPT"] = "END OF INFUSION"
    assert told(pc) == [
        (
            "PCTPT",
            'Planned time under another name than others of its PCTPTNUM, "END OF INFUSION" for "4 H POST-DOSE"',
            1,
        )
    ]


def test_a_number_that_is_not_the_hours_of_its_words_is_told() -> None:
    pc = named(*HOURS)
    pc.loc[10, "PCTPTNUM"] = 5.0
    assert told(pc) == [("PCTPTNUM", OTHER_HOURS, 1)]


def test_numbers_that_order_the_planned_times_are_listed_once() -> None:
    pc = named(*HOURS).replace({"PCTPTNUM": {0.0: 1.0, 1.0: 2.0, 4.0: 3.0, 8.0: 4.0}})
    found = list(plan_issues(pc, pd.Series(data=True, index=pc.index), ["BLQ"]))
    assert [(one.kind, one.records, one.weight) for one in found] == [(ORDER, 12, IN_LIST)]
