"""Values by which the study file selects records: what reads like one, or is blank where the rest is met, is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import pandas as pd

from cutbook.data.characters import looks_like
from cutbook.data.checks.records import ON_FIRST_LINES, Issue, kind_issue
from cutbook.data.checks.values.codes import unknown_issue
from cutbook.data.wording import first_few, quoted
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.record_names import text_of
from cutbook.records import meets

_NOT_COUNTED = "not counted where the study file names that value"


def selection_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return the issues about records that the study file seems to select, and does not.

    A value that differs from a named one by capitals, blanks or letters of another script; a blank one in a record that
    meets the rest of a condition; a test whose name is that of a code which the study file names.
    """
    selections = [one for one in _selections(study) if "USUBJID" in datasets.get(one[0], pd.DataFrame())]
    named: dict[tuple[str, str], set[str]] = {}
    for dataset, where in selections:
        for variable, accepted in where.items():
            named.setdefault((dataset, variable), set()).update(accepted)
    for (dataset, variable), values in named.items():
        frame = datasets[dataset]
        if variable in frame:
            yield from _alike(dataset, variable, frame, values)
            yield from _blank(dataset, variable, frame, [where for name, where in selections if name == dataset])
            if variable.endswith("TESTCD"):
                yield from _other_codes(dataset, variable, frame, values)
    yield from _unlisted(datasets, study)
    yield from _other_specimens(datasets.get("pc", pd.DataFrame()), study)


def _selections(study: Study) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield dataset and condition of everything that the study file selects by values."""
    yield from _shown(study)
    for matrix in study.pharmacokinetics.matrices if study.pharmacokinetics else ():
        yield "pc", matrix.selects
    for flag in study.adverse_events.flags:
        yield "suppae", {"QNAM": [flag.qnam], "QVAL": [flag.value]}
    rules = study.disposition
    yield "ds", {"DSCAT": [rules.category], **({"DSSCAT": [rules.subcategory]} if rules.subcategory else {})}
    yield study.data_cut.included.dataset, dict(study.data_cut.included.where)


def _shown(study: Study) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield dataset and condition of findings, endpoints, requirements and characteristics."""
    items: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for shown in items:
        yield shown.dataset, shown.selects
    for item in study.populations.efficacy:
        yield item.dataset, dict(item.where)
    for one in study.characteristics:
        if one.testcd:
            yield one.dataset, one.selects
        elif one.levels:
            yield one.dataset, {one.variable: list(one.levels)}


def _alike(dataset: str, variable: str, frame: pd.DataFrame, values: Collection[str]) -> Iterator[Issue]:
    stated = text_of(frame[variable])
    likes = {looks_like(value): value for value in values if value}
    found = {str(one): likes.get(looks_like(str(one)), "") for one in stated.unique() if one and one not in values}
    odd = {one: like for one, like in found.items() if like}
    told = first_few(f'"{ascii(one)[1:-1]}" for {quoted(like)}' for one, like in odd.items())
    words = (f"Reads like a value of the study file, {told}", _NOT_COUNTED)
    yield from kind_issue((dataset, variable), frame, stated.isin(list(odd)), words, ON_FIRST_LINES)


def _blank(dataset: str, variable: str, frame: pd.DataFrame, conditions: list[dict[str, list[str]]]) -> Iterator[Issue]:
    """Return an issue about records in which a variable is blank and whatever else a condition names is met."""
    blank, is_near = text_of(frame[variable]).eq(""), pd.Series(False, index=frame.index)
    if not blank.any():
        return
    for where in conditions:
        if variable in where and "" not in where[variable]:
            rest = {name: values for name, values in where.items() if name != variable}
            if rest or variable.endswith("TESTCD"):
                is_near |= blank & meets(frame, rest)
    words = ("Blank where the study file selects by it", "the record is not selected")
    yield from kind_issue((dataset, variable), frame, is_near, words, ON_FIRST_LINES)


def _other_codes(dataset: str, variable: str, frame: pd.DataFrame, values: Collection[str]) -> Iterator[Issue]:
    """Return an issue about codes that stand beside the name of a test of the study file, and are another code."""
    name = variable.removesuffix("CD")
    if name not in frame:
        return
    codes, names = text_of(frame[variable]), text_of(frame[name])
    own = names[codes.isin(values) & names.ne("")].drop_duplicates()
    is_other = codes.ne("") & ~codes.isin(values) & names.isin(own)
    told = first_few(quoted(one) for one in codes[is_other].drop_duplicates())
    words = (f"Another code, {told}, beside the name ({name}) of a test of the study file", _NOT_COUNTED)
    yield from kind_issue((dataset, variable), frame, is_other, words, ON_FIRST_LINES)


def _unlisted(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return the issues about characteristics of DM that are blank, or in no category of the study file."""
    dm, people = datasets.get("dm", pd.DataFrame()), entered(datasets, study)
    for one in study.characteristics:
        if one.dataset == "dm" and not one.testcd and {one.variable, "USUBJID"} <= set(dm.columns):
            place, own = ("dm", one.variable), dm[dm["USUBJID"].isin(people)]
            stated = text_of(own[one.variable])
            if one.levels:
                told = "counted in no category of the study file"
                yield from unknown_issue(place, own, stated, set(one.levels), told)
            if one.levels or stated.ne("").any():
                yield from kind_issue(place, own, stated.eq(""), ("Blank", "counted as missing"), ON_FIRST_LINES)


def entered(datasets: Mapping[str, pd.DataFrame], study: Study) -> set[str]:
    """Return the participants with a record of entry or of a dose."""
    entry, nobody = study.data_cut.included, pd.DataFrame({"USUBJID": pd.Series(dtype="str")})
    records = datasets.get(entry.dataset, nobody)
    is_entry = meets(records, entry.where) if entry.where else pd.Series(False, index=records.index)
    return {*records.loc[is_entry, "USUBJID"], *datasets.get("ex", nobody)["USUBJID"]}


def _other_specimens(pc: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return the issue about concentrations of a test of the study file in a specimen that it does not name.

    A specimen that at least half of those with concentrations have is one that the study file leaves out.
    """
    matrices = study.pharmacokinetics.matrices if study.pharmacokinetics else ()
    if not {"USUBJID", "PCTESTCD", "PCSPEC"} <= set(pc.columns):
        return
    specimens = {matrix.specimen for matrix in matrices}
    is_shown, stated = pc["PCTESTCD"].isin([matrix.testcd for matrix in matrices]), text_of(pc["PCSPEC"])
    consequence = "not shown, for pharmacokinetics.matrices of the study file does not name it"
    people = pc["USUBJID"].groupby(stated).nunique()
    left_out = set(people.index[people >= people.max() / 2]) if len(people) else set()
    yield from unknown_issue(("pc", "PCSPEC"), pc, stated.where(is_shown, ""), specimens | left_out, consequence)
