"""What is said twice, or in two ways, of one sample, event, end or visit is told, and so is what is no number."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from case_study import CaseStudy, read_case
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from test_fuzz_of_codes import known

pytestmark = pytest.mark.slow

WEEKS = [{"label": "Week 1", "visitnum": [3], "target_day": 8}, {"label": "Week 4", "visitnum": [4], "target_day": 29}]


def again(case: CaseStudy, dataset: str, row: int, **changes: Any) -> CaseStudy:
    """Return the case with a record once more, under another number and with other values."""
    frame = case.datasets[dataset]
    number = {f"{dataset.upper()}SEQ": 99.0}
    added = pd.concat([frame, frame.iloc[[row]].assign(**number, **changes)], ignore_index=True)
    return CaseStudy(case.study, {**case.datasets, dataset: added.astype(frame.dtypes)}, case.cutoff)


def new(case: CaseStudy, base: CaseStudy) -> list[tuple[int, str]]:
    told = zip(case.issues["WEIGHT"], case.findings, strict=True)
    return [(weight, finding) for weight, finding in told if finding not in base.findings]


def test_concentrations_of_one_time_that_differ_stand_on_the_first_lines(shared: Path) -> None:
    base = known(shared)
    ((weight, finding),) = new(again(base, "pc", 7, PCSTRESN=777.0, PCSTRESC="777"), base)
    assert weight == ON_FIRST_LINES
    assert finding == (
        "Concentrations of one time that differ: 2 records of 1 participant (pc/ZZ1-002/3 and pc/ZZ1-002/99); each of "
        "them is counted, and no profile with them is analysed."
    )
    ((weight, finding),) = new(again(base, "pc", 7), base)
    assert (weight, finding.partition(":")[0]) == (ON_FIRST_LINES, "Repeats another record in everything but PCSEQ")


def test_an_event_entered_twice_under_two_identifiers_is_one_entered_twice(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    ((weight, finding),) = new(again(base, "ae", 2, AESPID="X99"), base)
    assert (weight, finding.partition(":")[0]) == (ON_FIRST_LINES, "Repeats another record in everything but AESEQ")


@pytest.mark.parametrize(
    ("row", "changes", "kind", "rule"),
    [
        (1, {"DSDECOD": "ADVERSE EVENT"}, "Several ends of the study that differ", "the first by its date counts."),
        (1, {"DSSTDTC": "2021-05-20"}, "Several ends of the study that differ", "the first by its date counts."),
        (0, {"DSSTDTC": "2021-05-01"}, "Several dates of entry", "the earliest counts."),
    ],
)
def test_ends_and_entries_that_differ_are_told(
    shared: Path, row: int, changes: dict[str, str], kind: str, rule: str
) -> None:
    base = read_case(shared / "cases", "base")
    ((weight, finding),) = new(again(base, "ds", row, **changes), base)
    assert weight == ON_FIRST_LINES
    assert finding.startswith(f"{kind}: 2 records of 1 participant")
    assert finding.endswith(rule)


@pytest.mark.parametrize(
    ("dataset", "variable", "old", "other"),
    [
        ("ae", "AEDECOD", "HEADACHE", "HEA DACHE"),
        ("ae", "AEDECOD", "HEADACHE", "Headache"),
        ("ae", "AEBODSYS", "NERVOUS SYSTEM DISORDERS", "NERVOUS SYSTEM\N{NO-BREAK SPACE}DISORDERS"),
        ("ae", "AEBODSYS", "NERVOUS SYSTEM DISORDERS", "N\N{CYRILLIC CAPITAL LETTER IE}RVOUS SYSTEM DISORDERS"),
        ("ae", "AEDECOD", "HEADACHE", "ZZZ"),
        ("ae", "AEBODSYS", "NERVOUS SYSTEM DISORDERS", "ZZZ"),
        ("pc", "VISIT", "DAY 1", "\N{FULLWIDTH LATIN CAPITAL LETTER D}AY 1"),
    ],
)
def test_a_word_that_is_counted_apart_from_its_like_is_told(
    shared: Path, dataset: str, variable: str, old: str, other: str
) -> None:
    base = known(shared)
    stated = base.datasets[dataset][variable]
    row = stated.index[stated.eq(old)][1]
    told = new(base.with_columns(dataset, **{variable: stated.mask(stated.index == row, other)}), base)
    assert [weight for weight, _ in told if weight == ON_FIRST_LINES]


def test_records_of_a_participant_who_is_not_in_dm_stand_on_the_first_lines_with_whom_they_seem_to_be(
    shared: Path,
) -> None:
    base = read_case(shared / "cases", "base")
    person = base.datasets["ae"]["USUBJID"]
    other = "ZZ1-00\N{FULLWIDTH DIGIT TWO}"
    ((weight, finding),) = new(base.with_columns("ae", USUBJID=person.mask(person.eq("ZZ1-002"), other)), base)
    assert weight == ON_FIRST_LINES
    assert "(reads like ZZ1-002, spelled ZZ1-00\\uff12); not shown in any display." in finding


def test_visits_that_the_study_file_does_not_name_and_those_that_no_record_has_are_listed(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    one = read_case(shared / "cases", "base", schedules={"clinic": {"by": "visitnum", "visits": WEEKS[:1]}})
    assert [weight for weight, _ in new(one, base)] == [IN_LIST] * 3
    assert new(one, base)[0][1] == (
        "Visit that no schedule of the study file names, WEEK 4: 24 records of 12 participants (lb/ZZ1-001/3, "
        "lb/ZZ1-001/6, lb/ZZ1-002/3 and 21 more); in no table by visit."
    )
    visits = [WEEKS[0], {"label": "Week 2", "visitnum": [3.5]}, WEEKS[1], {"label": "Week 9", "visitnum": [9]}]
    more = read_case(shared / "cases", "base", schedules={"clinic": {"by": "visitnum", "visits": visits}})
    assert [finding for _, finding in new(more, base)] == [
        "No record with VISITNUM 3.5, which the study file names for Week 2; the visit stays empty."
    ] * 3


@pytest.mark.parametrize("text", ["HEMOLYZED", "1+", "4 - 6", "trace", "BLQ", "4*"])
def test_a_result_in_words_of_a_test_with_numbers_stands_on_the_first_lines(shared: Path, text: str) -> None:
    base = read_case(shared / "cases", "base")
    lb = base.datasets["lb"]
    is_own = lb.index == 1
    case = base.with_columns("lb", LBSTRESN=lb["LBSTRESN"].mask(is_own), LBSTRESC=lb["LBSTRESC"].mask(is_own, text))
    assert new(case, base) == [(ON_FIRST_LINES, f'ALT: result in words, "{text}": 1 record; not in the statistics.')]


@pytest.mark.parametrize("text", ["<4", "< 4.0", "≤4", ">100", "<4 U/L"])
def test_a_result_beyond_a_limit_is_listed(shared: Path, text: str) -> None:
    base = read_case(shared / "cases", "base")
    lb = base.datasets["lb"]
    is_own = lb.index == 1
    case = base.with_columns("lb", LBSTRESN=lb["LBSTRESN"].mask(is_own), LBSTRESC=lb["LBSTRESC"].mask(is_own, text))
    assert new(case, base) == [
        (IN_LIST, f'ALT: 1 record with a result in text only (first "{text}"), not in the statistics.')
    ]
