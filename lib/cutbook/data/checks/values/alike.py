"""Words that are counted apart although they seem to be one: spellings that read alike, terms coded in several ways."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.wording import first_few, quoted
from cutbook.record_names import text_of

_GROUPING = {"ae": ("AEDECOD", "AEBODSYS"), "dm": ("SITEID", "COUNTRY", "RACE", "ETHNIC"), "ds": ("DSDECOD",)}
"""Variables by whose values records are grouped in tables."""

_CODED = (("AETERM", "AEDECOD", "Reported term"), ("AEDECOD", "AEBODSYS", "Preferred term"))


def alike_issues(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return an issue for each variable with values that read alike, terms coded in several ways, and visits."""
    for dataset, variables in _GROUPING.items():
        frame = datasets.get(dataset, pd.DataFrame())
        for variable in variables:
            if {"USUBJID", variable} <= set(frame.columns):
                yield from _spellings(dataset, variable, frame)
    yield from _several_codes(datasets.get("ae", pd.DataFrame()))
    for dataset, frame in datasets.items():
        if {"USUBJID", "VISIT", "VISITNUM"} <= set(frame.columns) and not dataset.startswith("ad"):
            yield from _visits(dataset, frame)


def _spellings(dataset: str, variable: str, frame: pd.DataFrame) -> Iterator[Issue]:
    """Return the issue about values that differ from a more frequent one by capitals, blanks or signs alone."""
    stated = text_of(frame[variable])
    numbers = stated[stated.ne("")].value_counts()
    chosen: dict[str, str] = {}
    for value in sorted(map(str, numbers.index), key=lambda one: (-numbers[one], one)):
        chosen.setdefault(looks_like(value), value)
    likes = {str(value): chosen[looks_like(str(value))] for value in numbers.index}
    odd = {value: like for value, like in likes.items() if value != like}
    told = first_few(f'"{ascii(one)[1:-1]}" for {quoted(like)}' for one, like in odd.items())
    words = (f"Reads like another value, {told}", "counted apart from it")
    yield from kind_issue((dataset, variable), frame, stated.isin(list(odd)), words, ON_FIRST_LINES)


def _several_codes(ae: pd.DataFrame) -> Iterator[Issue]:
    """Return the issues about terms as reported, and about preferred ones, that are coded in several ways."""
    for term, code, what in _CODED:
        if {"USUBJID", term, code} <= set(ae.columns):
            named, coded = text_of(ae[term]).str.upper(), text_of(ae[code])
            is_coded = named.ne("") & coded.ne("")
            number = coded[is_coded].groupby(named[is_coded]).transform("nunique")
            several = named[is_coded][number > 1].drop_duplicates()
            told = first_few(quoted(one) for one in several)
            words = (f"{what} coded in several ways ({code}), {told}", "counted under each of them")
            yield from kind_issue(("ae", code), ae, named.isin(several), words, ON_FIRST_LINES)


def _visits(dataset: str, frame: pd.DataFrame) -> Iterator[Issue]:
    """Return the issue about visits that have another name than most records of their VISITNUM."""
    number, name = frame["VISITNUM"], text_of(frame["VISIT"])
    known = pd.DataFrame({"NUMBER": number, "NAME": name})[name.ne("") & number.notna()]
    sizes = known.groupby(["NUMBER", "NAME"], as_index=False).size().sort_values("size", ascending=False, kind="stable")
    usual = sizes.drop_duplicates("NUMBER").set_index("NUMBER")["NAME"]
    expected = number.map(usual)
    is_odd = name.ne("") & expected.notna() & name.ne(expected.astype("str"))
    told = first_few(
        f'"{ascii(one)[1:-1]}" for {quoted(other)}'
        for one, other in zip(name[is_odd], expected[is_odd], strict=True)
        if one
    )
    words = (f"Visit under another name than others of its VISITNUM, {told}", "shown under each name")
    weight = ON_FIRST_LINES if dataset == "pc" else IN_LIST
    yield from kind_issue((dataset, "VISIT"), frame, is_odd, words, weight)
