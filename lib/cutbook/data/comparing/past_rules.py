"""What is said of a difference between two cuts in what they tell of the time up to the earlier cut-off."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cutbook.data.comparing.changes import CHANGE_COLUMNS
from cutbook.data.cutting.audit import stacked

PAST_COLUMNS = (*CHANGE_COLUMNS, "RULE")


@dataclass(frozen=True)
class Rule:
    """One rule: of which kind of change it speaks, what must hold, whether the change is listed, and why."""

    change: str
    evidence: str
    is_listed: bool
    sentence: str


RULES = (
    Rule("removed", "IS_MOVED", True, "known by the previous cut-off then; it, or its participant, came after it now"),
    Rule("removed", "", True, "withdrawn: in the previous cut, and no longer delivered"),
    Rule("new", "WAS_REMOVED", True, "dated after the previous cut-off then, by it now"),
    Rule("new", "IS_UNDATED", True, "without a date that proves it later, not seen then"),
    Rule("new", "IS_PARTIAL", True, "perhaps dated before the previous cut-off, not seen then"),
    Rule("new", "IS_DATED", True, "dated before the previous cut-off, not seen then"),
    Rule("new", "", True, "belongs to what was known by the previous cut-off, not seen then"),
    Rule("changed", "IS_SAME", False, "reads the same in both cuts"),
    Rule("changed", "IS_RUNNING", False, "a value that runs on while the participant is in the study"),
    Rule("changed", "IS_LATER", False, "a date after the previous cut-off where none was known"),
    Rule("changed", "IS_OPEN", False, "the status of what had not ended by the previous cut-off"),
    Rule("changed", "IS_COUNTED", False, "a study day, counted from a date that changed"),
    Rule("changed", "IS_MOVED", True, "dated by the previous cut-off then, after it now"),
    Rule("changed", "IS_FILLED", True, "dated before the previous cut-off, not told then"),
    Rule("changed", "", True, "altered"),
)
"""What is said of each difference: the first rule of its kind whose evidence holds; without evidence it always does."""


def count_records(past: pd.DataFrame) -> int:
    """Return how many records the changes of the past are about: one that changed in three fields counts once."""
    return len(past.drop_duplicates(["DATASET", "KEY", "CHANGE", "TURN"]))


def judged(found: pd.DataFrame) -> pd.DataFrame:
    """Return the changes that are listed, each with the sentence of the first rule that holds for it.

    Parameters
    ----------
    found : frame
        The columns of `compare_records` and one column of truth values for each evidence named in `RULES`.

    Returns
    -------
    frame of str
        As `past_changes`.
    """
    is_open = pd.Series(True, index=found.index)
    sentence = pd.Series("", index=found.index, dtype="str")
    for rule in RULES:
        holds = is_open & found["CHANGE"].eq(rule.change)
        if rule.evidence:
            holds &= found[rule.evidence]
        is_open &= ~holds
        if rule.is_listed:
            sentence = sentence.mask(holds, rule.sentence)
    return stacked([found.assign(RULE=sentence)[sentence != ""]], PAST_COLUMNS)
