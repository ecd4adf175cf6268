"""Results in words: below the limit by a list, other words said, numbers in text only read as numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from case_study import CaseStudy, read_case
from cutbook.data.checks.records import ON_FIRST_LINES

MATRIX = {"specimen": "PLASMA", "testcd": "ZETA", "label": "Plasma", "unit": "ng/mL", "profile_visits": [2]}


def with_concentrations(shared: Path, **rules: Any) -> CaseStudy:
    sources = {"required": ["dm", "ds", "ex", "ae", "lb", "vs"], "optional": ["suppae", "eg", "pc"]}
    changes = {"sources": sources, "pharmacokinetics": {"matrices": [MATRIX], **rules}}
    return read_case(shared / "cases", "below-limit-in-words", reports=["pharmacokinetics"], **changes)


def below(case: CaseStudy) -> int:
    return int(case.frames.adpc["BLQFL"].eq("Y").sum())


def test_words_for_below_the_limit_count_as_below_it(shared: Path) -> None:
    case = with_concentrations(shared)
    said = case.datasets["pc"]["PCSTRESC"].eq("NOT DETECTED").sum()
    assert (case.faults, case.findings) == ([], [])
    assert below(case) == said > 0
    adpc = case.frames.adpc
    assert adpc.loc[adpc["NOMTIME"].le(0), "AVALD"].eq(0).all()


@pytest.mark.parametrize("words", ["not detected", "Below LLOQ", "BLQ", "< 0.5", "Undetectable", "BLLOQ"])
def test_the_usual_words_need_no_list(shared: Path, words: str) -> None:
    case = with_concentrations(shared)
    said = case.datasets["pc"]["PCSTRESC"]
    assert below(case.with_columns("pc", PCSTRESC=said.replace("NOT DETECTED", words))) == below(case)


def test_other_words_are_said_on_the_first_lines_and_the_study_file_can_name_them(shared: Path) -> None:
    case = with_concentrations(shared)
    said = case.datasets["pc"]["PCSTRESC"].replace("NOT DETECTED", "NEG.")
    own = case.with_columns("pc", PCSTRESC=said, PCORRES=said)
    count = int(said.eq("NEG.").sum())
    assert below(own) == 0
    assert len(own.findings) == 1
    assert own.findings[0].startswith(f'Concentration in words, "NEG.": {count} records of ')
    assert own.issues["WEIGHT"].tolist() == [ON_FIRST_LINES]
    named = with_concentrations(shared, below_limit="neg.").with_columns("pc", PCSTRESC=said, PCORRES=said)
    assert (below(named), named.findings) == (count, [])


def test_a_number_in_text_only_counts_and_is_said(shared: Path) -> None:
    base = read_case(shared / "cases", "base")
    lb = base.datasets["lb"]
    case = base.with_columns("lb", LBSTRESN=lb["LBSTRESN"].mask(lb.index == 0))
    adlb = case.frames.adlb
    assert adlb.loc[adlb["KEY"].eq("lb/ZZ1-001/1"), "AVAL"].tolist() == [21.0]
    assert "\n".join(case.findings) == (
        "A number in LBSTRESC and none in LBSTRESN: 1 record of 1 participant (lb/ZZ1-001/1); the number of the text "
        "counts."
    )


def test_a_negative_concentration_is_said_on_the_first_lines_and_counts_as_below_the_limit(shared: Path) -> None:
    base = with_concentrations(shared)
    number = base.datasets["pc"]["PCSTRESN"]
    case = base.with_columns("pc", PCSTRESN=number.mask(number.index == number.first_valid_index(), -1.0))
    told = case.issues[case.issues["KIND"].eq("Negative concentration")]
    assert told["CONSEQUENCE"].tolist() == ["it counts as below the limit of quantification"]
    assert told["WEIGHT"].tolist() == [2]
    assert not base.issues["KIND"].eq("Negative concentration").any()
