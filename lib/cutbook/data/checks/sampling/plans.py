"""Samples that fall out of tables by time: without a planned time or a visit; and numbers below their own limit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from cutbook.columns import number_column, text_column
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.checks.sampling.planned_times import are_numbers_hours, is_near, nominal_hours, told_hours
from cutbook.data.checks.values.results import is_said_below
from cutbook.data.wording import first_few, quoted
from cutbook.record_names import text_of

_USUAL = 0.5


def plan_issues(pc: pd.DataFrame, is_own: pd.Series, below: Sequence[str]) -> Iterator[Issue]:
    """Return the issues about samples of the matrices of the study file.

    Parameters
    ----------
    pc : DataFrame
        Records of PC.
    is_own : Series of bool
        Which of them are measured samples of a matrix.
    below : sequence of str
        Words that mean below the limit of quantification.

    Notes
    -----
    A planned time is missed where more than half of the samples of its test, specimen and visit have one; a visit where
    more than half of all do. Other samples were planned without.
    """
    own = pc[is_own]
    plan = pd.DataFrame(
        {
            "PCTPTNUM": number_column(own, "PCTPTNUM"),
            "PCELTM": text_column(own, "PCELTM"),
            "PCTPTREF": text_column(own, "PCTPTREF"),
            "ATPT": text_column(own, "PCTPT"),
        }
    )
    visit = _visit(own)
    has_time = nominal_hours(plan).notna()
    matrix = [text_column(own, name).fillna("") for name in ("PCTESTCD", "PCSPEC")]
    is_usual = has_time.groupby([*matrix, visit]).transform("mean").gt(_USUAL)
    words = (
        "Sample without a planned time, where others of its visit have one",
        "in no table or curve by planned time",
    )
    yield from _issue("PCTPTNUM", pc, is_usual & ~has_time, words)
    yield from _other_hours(pc, plan)
    yield from _other_names(pc, own, matrix, visit)
    has_visit = visit.ne("")
    words = ("Sample without a visit", "in no table or profile of a visit")
    yield from _issue("VISITNUM", pc, has_visit.groupby(matrix).transform("mean").gt(_USUAL) & ~has_visit, words)
    number, limit = number_column(own, "PCSTRESN"), number_column(own, "PCLLOQ")
    is_said = is_said_below(text_of(own["PCSTRESC"]), below) if "PCSTRESC" in own else number.isna()
    words = ("Number below its own limit of quantification (PCLLOQ)", "counted as below the limit")
    yield from _issue("PCSTRESN", pc, number.gt(0) & number.lt(limit) & ~is_said, words)


def _other_hours(pc: pd.DataFrame, plan: pd.DataFrame) -> Iterator[Issue]:
    """Return the issue about numbers of planned times that are not the hours which PCELTM or their words tell."""
    told = told_hours(plan)
    is_other = plan["PCTPTNUM"].notna() & told.notna() & ~is_near(plan["PCTPTNUM"], told)
    if are_numbers_hours(plan):
        words = ("PCTPTNUM that is not the hours of PCELTM or PCTPT", "planned at the hours of PCTPTNUM")
        is_before = plan["PCTPTNUM"].le(0) & told.le(0)
        yield from _issue("PCTPTNUM", pc, is_other & ~is_before, words)
        return
    words = ("PCTPTNUM numbers the planned times and gives no hours", "planned at the hours of PCELTM, else of PCTPT")
    yield from _issue("PCTPTNUM", pc, plan["PCTPTNUM"].notna(), words, IN_LIST)


def _other_names(pc: pd.DataFrame, own: pd.DataFrame, matrix: list[pd.Series], visit: pd.Series) -> Iterator[Issue]:
    """Return the issue about planned times that have another name than most samples of their number and visit."""
    number, name = number_column(own, "PCTPTNUM"), text_column(own, "PCTPT")
    known = pd.DataFrame(
        {"VISIT": visit, "NUMBER": number, "NAME": name, "TEST": matrix[0], "SPEC": matrix[1]}
    ).dropna()
    place = ["TEST", "SPEC", "VISIT", "NUMBER"]
    sizes = known.groupby([*place, "NAME"], as_index=False).size().sort_values("size", ascending=False, kind="stable")
    usual = sizes.drop_duplicates(place).rename(columns={"NAME": "USUAL"})[[*place, "USUAL"]]
    beside = known.reset_index().merge(usual, on=place).set_index("index")
    odd = beside[beside["NAME"].ne(beside["USUAL"])].sort_index()
    pairs = [f"{quoted(one)} for {quoted(other)}" for one, other in zip(odd["NAME"], odd["USUAL"], strict=True)]
    words = (
        f"Planned time under another name than others of its PCTPTNUM, {first_few(dict.fromkeys(pairs))}",
        "shown at the time of its number",
    )
    yield from _issue("PCTPT", pc, pd.Series(own.index.isin(odd.index), index=own.index), words)


def _visit(pc: pd.DataFrame) -> pd.Series:
    """Return what tells the visit of each record, its number or else its name; empty where nothing does."""
    numbers, names = text_of(number_column(pc, "VISITNUM")), text_column(pc, "VISIT").fillna("")
    return numbers.mask(numbers.eq(""), names)


def _issue(
    variable: str, pc: pd.DataFrame, is_odd: pd.Series, words: tuple[str, str], weight: int = ON_FIRST_LINES
) -> Iterator[Issue]:
    return kind_issue(("pc", variable), pc, is_odd.reindex(pc.index, fill_value=False), words, weight)
