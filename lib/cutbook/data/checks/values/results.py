"""Results in text: words for below the limit of quantification, and numbers that stand in the text only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from cutbook.columns import number_column, text_column
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Pharmacokinetics, Study
from cutbook.record_names import text_of
from cutbook.records import meets, meets_any

_NUMBER = r"^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?\s*$"
_LESS = r"^\s*[<≤]"


def is_said_below(result: pd.Series, words: Sequence[str]) -> pd.Series:
    """Return True for each result that is reported as less than something, or in one of the words (capitals or not).

    A number among the words is the whole result: 0 is said of ``0.0``, and not of ``0.5``.

    Examples
    --------
    >>> reported = pd.Series(["<0.5", "BLQ(0.5)", "not  detected", "HANDLED", None])
    >>> is_said_below(reported, ["BLQ", "NOT DETECTED", "ND"]).tolist()
    [True, True, True, False, False]
    >>> is_said_below(pd.Series(["0.0", "0.5", "10"]), ["0"]).tolist()
    [True, False, False]
    """
    numbers = pd.to_numeric(pd.Series(list(words), dtype="str"), errors="coerce")
    said_numbers = set(numbers.dropna())
    words = [word for word, number in zip(words, numbers, strict=True) if pd.isna(number)]
    folded = result.str.upper().str.replace(r"\s+", " ", regex=True)
    said = "|".join(re.escape(" ".join(word.split()).upper()) for word in words if word.strip())
    is_worded = folded.str.contains(rf"(?<![A-Z])(?:{said})(?![A-Z])", na=False) if said else folded.eq("")
    is_number = pd.to_numeric(result.where(_is_number(result)), errors="coerce").isin(said_numbers)
    below: pd.Series = folded.str.contains(_LESS, na=False) | is_worded | is_number
    return below


def numbers_of(result: pd.Series, number: pd.Series) -> pd.Series:
    """Return the numeric result of each record, read from its text where the number is missing and the text is one.

    Examples
    --------
    >>> numbers_of(pd.Series(["5.1", "<0.5", "4.9"]), pd.Series([5.1, None, None])).tolist()
    [5.1, nan, 4.9]
    """
    return number.fillna(pd.to_numeric(result.where(_is_number(result)), errors="coerce").astype("float64"))


def reported_concentrations(pc: pd.DataFrame, below: Sequence[str]) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return text, number and unit of each concentration: as standardised, else as it was measured, in its unit.

    Parameters
    ----------
    pc : DataFrame
        Records of PC.
    below : sequence of str
        Words that mean below the limit of quantification.

    Returns
    -------
    text, number, unit : Series
        Missing where neither was delivered. A number without a text is a result as measured only where that one says
        that it is below the limit. A standardised result without a unit that is the result as measured has the unit
        of that one, PCORRESU.
    """
    text, number = text_column(pc, "PCSTRESC"), number_column(pc, "PCSTRESN")
    measured = text_column(pc, "PCORRES")
    is_measured = text.isna() & measured.notna() & (number.isna() | is_said_below(measured, below))
    standardised = numbers_of(text, number)
    collected = numbers_of(measured, pd.Series(float("nan"), index=pc.index))
    is_same = (text.eq(measured) & text.str.contains(r"\d", na=False)) | standardised.eq(collected)
    unit, other = text_column(pc, "PCSTRESU"), text_column(pc, "PCORRESU")
    unit = unit.mask(is_measured, other.fillna(unit)).mask(unit.isna() & is_same, other)
    result = text.mask(is_measured, measured)
    return result, numbers_of(result, number), unit


def result_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each dataset with numbers in text only, and of concentrations in words or below zero."""
    for dataset, frame in datasets.items():
        result, number = (f"{dataset[:2].upper()}STRES{letter}" for letter in "CN")
        if {"USUBJID", result, number} <= set(frame.columns):
            is_odd = frame[number].isna() & _is_number(text_of(frame[result]))
            words = (f"A number in {result} and none in {number}", "the number of the text counts")
            yield from kind_issue((dataset, result), frame, is_odd, words)
        yield from _without_result(dataset, frame)
        if dataset != "pc":
            yield from _not_standardised(dataset, frame)
    pc = datasets.get("pc", pd.DataFrame())
    if study.pharmacokinetics is not None and "USUBJID" in pc:
        yield from _unknown_words(pc, study.pharmacokinetics)
        yield from _zeros(pc, study.pharmacokinetics)
    if study.pharmacokinetics and {"USUBJID", "PCSTRESN"} <= set(pc.columns) and pc["PCSTRESN"].dtype.kind == "f":
        words = ("Negative concentration", "it counts as below the limit of quantification")
        yield from kind_issue(("pc", "PCSTRESN"), pc, pc["PCSTRESN"] < 0, words, ON_FIRST_LINES)


def _without_result(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about records of measurements that hold no result, and no word that none was taken."""
    letters = dataset[:2].upper()
    results = [name for name in (f"{letters}{part}" for part in ("ORRES", "STRESN", "STRESC")) if name in frame]
    if "USUBJID" not in frame or not {f"{letters}STRESC", f"{letters}STRESN"} & set(results):
        return
    is_empty = pd.DataFrame({name: text_of(frame[name]).eq("") for name in results}).all(axis="columns")
    is_told = meets(frame, {f"{letters}STAT": ["NOT DONE"]}) if f"{letters}STAT" in frame else ~is_empty
    words = (f"Record without a result, and not said to be not done ({letters}STAT)", "not counted")
    yield from kind_issue((dataset, results[-1]), frame, is_empty & ~is_told, words)


def _not_standardised(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    """Return an issue about results that were collected and not standardised; displays show the latter alone."""
    letters = dataset[:2].upper()
    measured, result, number = (f"{letters}{name}" for name in ("ORRES", "STRESC", "STRESN"))
    if not {"USUBJID", measured, number} <= set(frame.columns):
        return
    is_silent = text_of(frame[result]).eq("") if result in frame else pd.Series(data=True, index=frame.index)
    is_collected = text_of(frame[measured]).ne("") & ~meets(frame, {f"{letters}STAT": ["NOT DONE"]})
    words = (f"Result as collected ({measured}) without a standardised one", "not counted")
    yield from kind_issue(
        (dataset, measured), frame, is_collected & is_silent & frame[number].isna(), words, ON_FIRST_LINES
    )


def _zeros(pc: pd.DataFrame, rules: Pharmacokinetics) -> Iterator[Issue]:
    """Return an issue about concentrations of 0 of which nothing says whether that is below a limit."""
    is_zero = meets(pc, {"PCSTRESN": ["0"]}) & meets(pc, {"PCLLOQ": [""]})
    is_told = pd.Series(False, index=pc.index)
    for name in ("PCSTRESN", "PCSTRESC", "PCORRES"):
        is_told |= is_said_below(text_of(pc[name]), rules.below_limit) if name in pc else False
    words = (
        "Concentration of 0 without a limit of quantification",
        "counted as a measured 0, unless pharmacokinetics.below_limit of the study file lists 0",
    )
    yield from kind_issue(
        ("pc", "PCSTRESN"),
        pc,
        meets_any(pc, (matrix.selects for matrix in rules.matrices)) & is_zero & ~is_told,
        words,
        ON_FIRST_LINES,
    )


def _unknown_words(pc: pd.DataFrame, rules: Pharmacokinetics) -> Iterator[Issue]:
    if "PCSTRESC" not in pc:
        return
    result = text_of(pc["PCSTRESC"])
    number = pc["PCSTRESN"] if "PCSTRESN" in pc else pd.Series(float("nan"), index=pc.index)
    is_text = result.str.strip().ne("") & number.isna() & ~_is_number(result)
    is_said = is_said_below(result, rules.below_limit) | meets(pc, {"PCSTAT": ["NOT DONE"]})
    is_odd = meets_any(pc, (matrix.selects for matrix in rules.matrices)) & is_text & ~is_said
    found = first_few(quoted(text) for text in result[is_odd].drop_duplicates())
    consequence = "no number and not below the limit, unless pharmacokinetics.below_limit of the study file names it"
    words = (f"Concentration in words, {found}", consequence)
    yield from kind_issue(("pc", "PCSTRESC"), pc, is_odd, words, ON_FIRST_LINES)


def _is_number(result: pd.Series) -> pd.Series:
    is_one: pd.Series = result.str.contains(_NUMBER, na=False)
    return is_one
