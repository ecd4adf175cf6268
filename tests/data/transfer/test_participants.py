from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cutbook.data.characters import BLANKS
from cutbook.data.transfer.participants import same_participants

ZERO_WIDTH = "\N{ZERO WIDTH SPACE}"
NOISE = st.text(st.sampled_from(BLANKS), max_size=2)


def frame(*participants: str | None) -> pd.DataFrame:
    return pd.DataFrame({"USUBJID": pd.Series(participants, dtype="str"), "X": range(len(participants))})


def spelt(**datasets: pd.DataFrame) -> dict[str, list[str]]:
    found, _ = same_participants(datasets)
    return {name: one["USUBJID"].tolist() for name, one in found.items()}


@pytest.mark.parametrize(
    "other", ["zz1-001", "ZZ1 -001", f"ZZ1-{ZERO_WIDTH}001", "ZZ1-001\xa0", "ZZ1-0\N{SOFT HYPHEN}01"]
)
def test_a_participant_spelt_in_another_way_is_the_one_of_dm(other: str) -> None:
    assert spelt(ae=frame(other, other, "ZZ1-002"), dm=frame("ZZ1-001", "ZZ1-002")) == {
        "ae": ["ZZ1-001", "ZZ1-001", "ZZ1-002"],
        "dm": ["ZZ1-001", "ZZ1-002"],
    }


def test_the_most_frequent_spelling_of_dm_is_chosen_and_elsewhere_the_most_frequent_of_all() -> None:
    found = spelt(dm=frame("b", "B", "B"), ae=frame("b", "b", "b", "C", "c", "c"))
    assert found == {"dm": ["B", "B", "B"], "ae": ["B", "B", "B", "c", "c", "c"]}


def test_it_is_said_once_a_dataset_with_both_spellings_shown() -> None:
    given_frames = {"dm": frame("ZZ1-001", "ZZ1-002"), "lb": frame("ZZ1-002", f"ZZ1-{ZERO_WIDTH}001", "zz1-002")}
    (issue,) = same_participants(given_frames)[1]
    assert (issue.dataset, issue.variable, issue.row) == ("lb", "USUBJID", 2)
    assert issue.key.startswith("lb/ZZ1-001/")
    assert issue.finding == (
        'Participant spelt in another way: 2 records of 2 participants, first "ZZ1-\\u200b001" for "ZZ1-001"; the same '
        "participant, as only blanks, case or characters that do not show differ."
    )
    assert given_frames["lb"]["USUBJID"].tolist()[1] == f"ZZ1-{ZERO_WIDTH}001"


def test_other_participants_missing_ones_and_datasets_without_participants_stay_as_they_are() -> None:
    datasets = {"dm": frame("01-1", "01-11", "nan", "None", None), "ts": pd.DataFrame({"TSVAL": ["x"]})}
    found, issues = same_participants(datasets)
    assert issues == []
    assert all(found[name] is datasets[name] for name in datasets)


@given(st.lists(st.tuples(st.sampled_from(["AB-1", "AB-2", "Ä-3"]), NOISE, st.booleans()), max_size=8))
def test_whatever_stands_unseen_in_an_identifier_the_participants_are_those_of_dm(
    seen: list[tuple[str, str, bool]],
) -> None:
    others = [(name.lower() if is_small else name).replace("-", f"-{noise}") for name, noise, is_small in seen]
    found = spelt(dm=frame("AB-1", "AB-2", "Ä-3"), ae=frame(*others))
    assert found["ae"] == [name for name, _, _ in seen]
