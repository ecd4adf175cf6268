"""Results in text: words for below the limit of quantification, and numbers that stand in the text only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Study
from cutbook.record_names import text_of
from cutbook.records import meets

_NUMBER = r"^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*$"
_LESS = r"^\s*[<≤]"


def is_said_below(result: pd.Series, words: Sequence[str]) -> pd.Series:
    """Return True for each result that is reported as less than something, or in one of the words (capitals or not).

    Examples
    --------
    >>> reported = pd.Series(["<0.5", "BLQ(0.5)", "not  detected", "HANDLED", None])
    >>> is_said_below(reported, ["BLQ", "NOT DETECTED", "ND"]).tolist()
    [True, True, True, False, False]
    """
    folded = result.str.upper().str.replace(r"\s+", " ", regex=True)
    said = "|".join(re.escape(" ".join(word.split()).upper()) for word in words if word.strip())
    is_worded = folded.str.contains(rf"(?<![A-Z])(?:{said})(?![A-Z])", na=False) if said else folded.eq("")
    below: pd.Series = folded.str.contains(_LESS, na=False) | is_worded
    return below


def numbers_of(result: pd.Series, number: pd.Series) -> pd.Series:
    """Return the numeric result of each record, read from its text where the number is missing and the text is one.

    Examples
    --------
    >>> numbers_of(pd.Series(["5.1", "<0.5", "4.9"]), pd.Series([5.1, None, None])).tolist()
    [5.1, nan, 4.9]
    """
    return number.fillna(pd.to_numeric(result.where(_is_number(result)), errors="coerce").astype("float64"))


def result_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each dataset with numbers in text only, and one about concentrations in unknown words."""
    for dataset, frame in datasets.items():
        result, number = (f"{dataset[:2].upper()}STRES{letter}" for letter in "CN")
        if {"USUBJID", result, number} <= set(frame.columns):
            is_odd = frame[number].isna() & _is_number(text_of(frame[result]))
            words = (f"A number in {result} and none in {number}", "the number of the text counts")
            yield from kind_issue((dataset, result), frame, is_odd, words)
    yield from _unknown_words(datasets.get("pc", pd.DataFrame()), study)


def _unknown_words(pc: pd.DataFrame, study: Study) -> Iterator[Issue]:
    rules = study.pharmacokinetics
    if rules is None or not {"USUBJID", "PCSTRESC", "PCSTRESN"} <= set(pc.columns):
        return
    result = text_of(pc["PCSTRESC"])
    is_shown = pd.Series(False, index=pc.index)
    for matrix in rules.matrices:
        is_shown |= meets(pc, {"PCSPEC": [matrix.specimen], "PCTESTCD": [matrix.testcd]})
    is_text = result.str.strip().ne("") & pc["PCSTRESN"].isna() & ~_is_number(result)
    is_odd = is_shown & is_text & ~is_said_below(result, rules.below_limit) & ~meets(pc, {"PCSTAT": ["NOT DONE"]})
    found = first_few(quoted(text) for text in result[is_odd].drop_duplicates())
    consequence = "no number and not below the limit, unless pharmacokinetics.below_limit of the study file names it"
    words = (f"Concentration in words, {found}", consequence)
    yield from kind_issue(("pc", "PCSTRESC"), pc, is_odd, words, ON_FIRST_LINES)


def _is_number(result: pd.Series) -> pd.Series:
    is_one: pd.Series = result.str.contains(_NUMBER, na=False)
    return is_one
