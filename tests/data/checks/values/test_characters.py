from __future__ import annotations

import numpy as np
import pandas as pd

from cutbook.data.checks.values.characters import hidden_issues, trimmed_issues
from transfer_files import clean_datasets, frame_of_records

ZERO_WIDTH, OVERRIDE = "\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}"


def hidden(values: list[str | None]) -> list[str]:
    ae = frame_of_records({"USUBJID": ["01"] * len(values), "AESEQ": [float(n) for n in range(len(values))]})
    return [issue.finding for issue in hidden_issues("ae", ae.assign(AESEV=pd.Series(values, dtype="str")))]


def test_trimmed_values_are_one_line_a_variable_with_the_first_keys() -> None:
    ae = pd.concat([clean_datasets()["ae"].assign(AESEQ=[10.0 * n, 2.0, 3.0 + n]) for n in (1, 2)], ignore_index=True)
    found = trimmed_issues("ae", ae, {"AESEV": np.array([0, 2, 3, 5]), "AESER": np.array([1])})
    severity, serious = found
    assert severity[:4] == ("ae", "AESEV", 1, "ae/01-001/10")
    assert severity.finding == (
        "Blanks around values: 4 records (ae/01-001/10, ae/01-002/4, ae/01-001/20 and 1 more); they are no part of the "
        "values."
    )
    assert serious[:4] == ("ae", "AESER", 2, "ae/01-002/2")
    assert serious.finding == "Blanks around values: 1 record (ae/01-002/2); they are no part of the values."


def test_records_without_participant_are_named_by_row() -> None:
    ts = frame_of_records({"TSPARMCD": ["A", "B"], "TSSEQ": [1.0, 1.0], "TSVAL": ["x", "y"]})
    (found,) = trimmed_issues("ts", ts, {"TSVAL": np.array([1])})
    assert (found.row, found.key) == (2, "")
    assert found.finding == "Blanks around values: 1 record (row 2); they are no part of the values."


def test_a_character_that_does_not_show_is_listed_once_a_variable_and_shown_as_its_escape() -> None:
    assert hidden(["MILD", f"MI{ZERO_WIDTH}LD", None, f"MI{ZERO_WIDTH}LD", "{records}\t{"]) == [
        'Characters that do not show: "MI\\u200bLD", 3 records (ae/01/1, ae/01/3 and ae/01/4); counted as they are.'
    ]


def test_controls_directions_and_blanks_that_are_not_plain_are_characters_that_do_not_show() -> None:
    shown = [
        hidden([f"a{sign}b"])[0].partition('"')[2].partition('"')[0]
        for sign in ("\t", "\x07", "\x85", OVERRIDE, "\xa0")
    ]
    assert shown == ["a\\tb", "a\\x07b", "a\\x85b", "a\\u202eb", "a\\xa0b"]


def test_the_part_of_a_long_text_is_shown_in_which_the_character_stands() -> None:
    (found,) = hidden(["x" * 300 + f"END{ZERO_WIDTH}ED"])
    assert '"…xxxxxxxxxxxxEND\\u200bED"' in found


def test_text_that_shows_all_its_characters_is_not_odd() -> None:
    assert hidden(["é", "日本\N{IDEOGRAPHIC SPACE}語", "a b", "—", "None", "\N{HEAVY BLACK HEART}", None]) == []
