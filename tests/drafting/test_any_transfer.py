"""Whatever a transfer lacks, a draft of it is a study file, or says what nobody can guess."""

from __future__ import annotations

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from cutbook.drafting.drift import find_drift
from cutbook.drafting.evidence import Evidence
from cutbook.drafting.rules.arms import find_arms
from cutbook.drafting.written import plain_tree, study_text
from cutbook.parameters.study import Study
from drafting.lean_study import draft_of, lean_datasets, with_events, yaml_of
from drafting.test_rules import vital_signs

WHOLE = {**with_events(lean_datasets(), ["RELATED", "NOT RELATED", "NONE"]), "vs": vital_signs()}
WHOLE["lb"] = vital_signs().rename(columns=lambda name: name.replace("VS", "LB") if name.startswith("VS") else name)
COLUMNS = sorted((name, column) for name, frame in WHOLE.items() for column in frame)
WORDS = [
    "",
    "N/A",
    "Cohort 1",
    "1e400",
    "placebo 5 mg",
    "2024-13-45",
    "=1+1",
    "{a: b}",
    "# ASK",
    "\u2028x",
    "Ä" * 300,
    "-",
]


@st.composite
def transfers(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    """Return the whole transfer with columns gone, blank or filled with something odd, and records left out."""
    made = dict(WHOLE)
    for name, column in draw(st.lists(st.sampled_from(COLUMNS), max_size=8, unique=True)):
        frame, change = made[name], draw(st.sampled_from(["gone", "blank", "odd", "number"]))
        if change == "gone":
            made[name] = frame.drop(columns=column)
        elif change == "blank":
            made[name] = frame.assign(**{column: pd.Series(None, index=frame.index, dtype=frame[column].dtype)})
        elif change == "odd" and frame[column].dtype == "str":
            values = draw(st.lists(st.sampled_from(WORDS), min_size=len(frame), max_size=len(frame)))
            made[name] = frame.assign(**{column: pd.Series(values, index=frame.index, dtype="str")})
        elif change == "number":
            made[name] = frame.assign(**{column: pd.Series(7.25, index=frame.index)})
    for name in draw(st.lists(st.sampled_from(sorted(WHOLE)), max_size=2, unique=True)):
        made[name] = made[name].iloc[: draw(st.integers(0, 3))].reset_index(drop=True)
    gone = draw(st.lists(st.sampled_from([name for name in WHOLE if name != "dm"]), max_size=2, unique=True))
    return {name: frame for name, frame in made.items() if name not in gone}


@settings(max_examples=40)
@given(transfers())
def test_a_draft_of_any_transfer_is_a_study_file_or_asks(datasets: dict[str, pd.DataFrame]) -> None:
    if not find_arms(Evidence(datasets))[0]:
        return
    draft = draft_of(datasets)
    text = study_text(draft, "T1", "s.json", is_accepted=True)
    assert yaml_of(text) == plain_tree(draft)
    if any(one.confidence == "unknown" for one in draft.open):
        return
    study = Study.model_validate(plain_tree(draft))
    told = list(find_drift(draft, Evidence(datasets), study))
    assert told == list(draft.alarms)
