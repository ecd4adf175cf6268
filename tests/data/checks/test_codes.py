"""Codes that are not exactly one of a list are told on the first lines, with what they read like."""

from __future__ import annotations

import pandas as pd
import pytest

from cutbook.data.checks.content import check_datasets
from cutbook.data.checks.records import ON_FIRST_LINES
from transfer_files import clean_datasets, study_of


def told(dataset: str, variable: str, value: str | None, *, of: str = "") -> list[str]:
    """Return the findings of a variable of the first lines, its first value changed and the others as given."""
    datasets = clean_datasets()
    frame = datasets[dataset]
    values = frame[variable].astype("object") if variable in frame else pd.Series(of, index=frame.index, dtype="object")
    values.iloc[0] = value
    datasets[dataset] = frame.assign(**{variable: values.astype("str")})
    _, issues = check_datasets(datasets, study_of(["dm", "ds", "ex", "ae"]))
    own = issues[issues["DATASET"].eq(dataset) & issues["VARIABLE"].eq(variable)]
    return own.loc[own["WEIGHT"].eq(ON_FIRST_LINES), "FINDING"].tolist()


@pytest.mark.parametrize(
    ("variable", "of", "value", "words"),
    [
        ("AESER", "N", "y", '"y" for "Y"'),
        ("AESER", "N", "Yes", '"Yes"'),
        ("AESER", "N", "\uff39", '"\\uff39" for "Y"'),
        ("AESER", "N", "U", '"U"'),
        ("AEOUT", "RECOVERED/RESOLVED", "F\u0410TAL", '"F\\u0410TAL" for "FATAL"'),
        ("AEOUT", "RECOVERED/RESOLVED", "Fatal", '"Fatal" for "FATAL"'),
        ("AEACN", "DOSE NOT CHANGED", "DRUG  WITHDRAWN", '"DRUG  WITHDRAWN" for "DRUG WITHDRAWN"'),
        ("AESDTH", "N", "1", '"1"'),
        ("AEREL", "RELATED", "POSSIBLE", '"POSSIBLE"'),
    ],
)
def test_a_code_of_adverse_events_that_no_list_knows_is_told(variable: str, of: str, value: str, words: str) -> None:
    (finding,) = told("ae", variable, value, of=of)
    assert finding.startswith(f"Code that no list knows, {words}: 1 record of 1 participant (ae/01-001/1); counted as")


@pytest.mark.parametrize(("variable", "of"), [("AESER", "N"), ("AEOUT", "FATAL"), ("AEACN", "DRUG WITHDRAWN")])
def test_a_blank_code_that_decides_what_counts_is_told(variable: str, of: str) -> None:
    (finding,) = told("ae", variable, None, of=of)
    assert finding.startswith("Blank: 1 record of 1 participant (ae/01-001/1); counted as not")


@pytest.mark.parametrize(
    ("variable", "of", "value"), [("AESER", "N", "Y"), ("AEOUT", "FATAL", "UNKNOWN"), ("AESDTH", "", "Y")]
)
def test_a_code_of_a_list_is_no_oddity(variable: str, of: str, value: str) -> None:
    assert told("ae", variable, value, of=of) == []


def test_flags_and_states_of_other_datasets_are_told_too() -> None:
    assert told("dm", "DTHFL", "y", of="")[0].startswith('Code that no list knows, "y" for "Y"')
    assert told("ds", "DSCAT", "Disposition event", of="PROTOCOL MILESTONE") != []
    assert told("lb", "LBBLFL", "X", of="Y")[0].endswith("counted as no such flag.")
    assert told("lb", "LBSTAT", "Not done", of="")[0].endswith("counted as done.")
