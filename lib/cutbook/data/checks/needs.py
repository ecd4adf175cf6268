"""What a study needs of its datasets: the variables that the standard and the study file name, in the right type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
import pandas as pd

from cutbook.data.checks.records import ON_FIRST_LINES, Issue, key_at
from cutbook.data.checks.variables import FINDINGS, OF_TREATMENT, optional_variables, required_variables
from cutbook.data.formats.numbers import is_comma_number
from cutbook.data.formats.variables import Model, kind_of
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Endpoint, Findings, Study
from cutbook.parameters.study.data_cut import DataCut, Inclusion

_RESEND = "correct it at the source and have the transfer sent again"


_OF_VALUES = ("USUBJID", "PARAMCD", "AVAL", "AVISIT")


class Need(NamedTuple):
    """One variable that must be there, and what asks for it."""

    dataset: str
    variable: str
    reason: str
    shows: str = ""


def needs_of(study: Study) -> list[Need]:
    """Return the variables that the study file refers to, in its order, with the key that names each.

    Of delivered ADaM the populations and endpoints are used as they are, so nothing is asked for them.
    """
    found = [*_cut_needs(study.data_cut), *_copy_needs(study)]
    if study.sources.model == "adam":
        return [*found, *_analysis_needs(study)]
    for position, requirement in enumerate(study.populations.efficacy):
        found += _where_needs(requirement.dataset, requirement.where, f"populations.efficacy.{position}.where")
    for item in study.characteristics:
        if item.dataset == "dm" and item.statistic == "value" and not item.testcd:
            found.append(Need("dm", item.variable, f"characteristics.{item.variable}"))
    for family in study.findings:
        found += _where_needs(family.dataset, family.where, f"findings.{family.id}.where")
    for endpoint in study.endpoints:
        found += _where_needs(endpoint.dataset, endpoint.where, f"endpoints.{endpoint.paramcd}.where")
    return found


def _analysis_needs(study: Study) -> Iterator[Need]:
    """Yield what is asked of delivered analysis datasets."""
    for item in study.characteristics:
        yield Need("adsl", item.variable, f"characteristics.{item.variable}")
    for family in study.findings:
        name = f"ad{family.dataset.removeprefix('ad')}"
        yield from _where_needs(name, family.where, f"findings.{family.id}.where")
        yield from _where_needs(name, _OF_VALUES, f"findings.{family.id}")
    for endpoint in study.endpoints:
        for name in ("adeff", "adqs"):
            yield from _where_needs(name, _OF_VALUES, f"endpoints.{endpoint.paramcd}")


def entries_of(cut: DataCut) -> list[tuple[str, Inclusion]]:
    """Return the rules that date a participant's entry, by the name of their key."""
    rules = (("included", cut.included), ("screened", cut.screened), ("screen_failed", cut.screen_failed))
    return [(name, rule) for name, rule in rules if rule is not None]


def _cut_needs(cut: DataCut) -> Iterator[Need]:
    for name, inclusion in entries_of(cut):
        yield Need(inclusion.dataset, inclusion.date, f"data_cut.{name}.date")
        yield from _where_needs(inclusion.dataset, inclusion.where, f"data_cut.{name}.where")
    for dataset, rule in cut.rules.items():
        for variable in rule.date:
            yield Need(dataset, variable, f"data_cut.rules.{dataset}.date")
    for position, item in enumerate(cut.roll_back):
        yield Need(item.date_from or item.dataset, item.date, f"data_cut.roll_back.{position}.date")
        for variable in (*item.where, *item.reset):
            yield Need(item.dataset, variable, f"data_cut.roll_back.{position}")


def _copy_needs(study: Study) -> Iterator[Need]:
    for dataset, variables in study.sources.defaults.items():
        for variable, default in variables.items():
            if default.variable:
                yield Need(dataset, default.variable, f"sources.defaults.{dataset}.{variable}.from")


def _where_needs(dataset: str, where: Iterable[str], reason: str) -> Iterator[Need]:
    for variable in where:
        yield Need(dataset, variable, reason)


def missing_dataset_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for each required dataset that was not provided."""
    return [
        Fault(name, "no such dataset in the transfer", "a dataset that the study requires", _RESEND)
        for name in study.sources.required
        if name not in datasets
    ]


def missing_variable_faults(datasets: Mapping[str, pd.DataFrame], study: Study) -> list[Fault]:
    """Return a fault for each variable that a display or the study file needs and a provided dataset lacks."""
    needs = [
        Need(name, variable, "", shows) for name in datasets for variable, shows in required_variables(name).items()
    ]
    needs += [need for need in needs_of(study) if need.dataset in datasets]
    results = [fault for name, frame in datasets.items() for fault in _no_result(name, frame)]
    first: dict[tuple[str, str], Need] = {}
    for need in needs:
        first.setdefault((need.dataset, need.variable), need)
    return results + [
        _missing_variable(need, _other_names(need, datasets[need.dataset], study.sources.model))
        for need in first.values()
        if need.variable not in datasets[need.dataset].columns
    ]


def _other_names(need: Need, frame: pd.DataFrame, model: Model) -> list[str]:
    """Return the names that may be meant: for one of the standard only those that the standard does not know."""
    return [name for name in frame.columns if need.reason or kind_of(name, model) == "free"]


def absent_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each variable that was not delivered although a display would show it, with what follows."""
    for dataset, frame in datasets.items():
        for variable, consequence in optional_variables(dataset).items():
            if variable not in frame and not (study.is_masked and variable in OF_TREATMENT):
                yield _absent(dataset, variable, consequence)
    if study.sources.model == "sdtm":
        yield from _no_visits(datasets, study)
        yield from _no_deaths(datasets)


def _no_visits(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each dataset without VISITNUM that a schedule by VISITNUM places, on the first lines."""
    shown: dict[str, list[str]] = {}
    families: list[Findings | Endpoint] = [*study.findings, *study.endpoints]
    for item in families:
        schedule = study.schedules.get(item.schedule)
        if schedule and schedule.by == "visitnum":
            shown.setdefault(item.dataset, []).append(item.label)
    for dataset, labels in shown.items():
        if dataset in datasets and "VISITNUM" not in datasets[dataset]:
            said = f"no value after baseline of {', '.join(labels)} is shown: the schedule asks for it"
            yield _absent(dataset, "VISITNUM", said)._replace(weight=ON_FIRST_LINES)


def _no_deaths(datasets: Mapping[str, pd.DataFrame]) -> Iterator[Issue]:
    """Return an issue where DM tells no deaths, or tells them without a date by which the cut could judge them."""
    dm = datasets.get("dm", pd.DataFrame({"DTHDTC": []}))
    others = [name.upper() for name in ("ds", "ae", "dd") if name in datasets]
    if "DTHDTC" in dm:
        return
    if "DTHFL" in dm:
        said = "a death that DM tells counts at every cut-off, for nothing dates it"
        yield _absent("dm", "DTHDTC", said)._replace(weight=ON_FIRST_LINES)
    else:
        told = f"deaths are those that {' or '.join(others)} tells" if others else "no dataset tells deaths"
        yield _absent("dm", "DTHFL", told)


def _absent(dataset: str, variable: str, consequence: str) -> Issue:
    kind = f"{variable} not delivered"
    return Issue(dataset, variable, None, "", f"{kind}; {consequence}.", kind=kind, consequence=consequence)


def _no_result(dataset: str, frame: pd.DataFrame) -> list[Fault]:
    """Return a fault where measurements have no variable that could hold a result."""
    number, text, original = (f"{dataset.upper()}{name}" for name in ("STRESN", "STRESC", "ORRES"))
    holding = (number, text, original) if dataset == "pc" else (number, text)
    if dataset not in FINDINGS or any(name in frame for name in holding):
        return []
    found = f"no {' and no '.join(holding)}"
    return [Fault(dataset, found, "one that holds the results", _or_given(dataset, number), number)]


def _or_given(dataset: str, variable: str) -> str:
    return f"have it sent, or give it by sources.defaults.{dataset}.{variable} of the study file"


def _missing_variable(need: Need, others: list[str]) -> Fault:
    by_capitals = {name.upper(): name for name in others}
    near = get_close_matches(need.variable, list(by_capitals), n=1, cutoff=0.7)
    found = f"no such variable; the nearest name is {quoted(by_capitals[near[0]])}" if near else "no such variable"
    if not need.reason:
        remedy = _or_given(need.dataset, need.variable)
        return Fault(need.dataset, found, f"a variable that is needed for {need.shows}", remedy, need.variable)
    remedy = f"mend the study file, {_or_given(need.dataset, need.variable)}"
    return Fault(need.dataset, found, f"a variable that {need.reason} of the study file names", remedy, need.variable)


def type_faults(dataset: str, frame: pd.DataFrame, model: Model) -> list[Fault]:
    """Return a fault for each variable whose type is not the one that the standard gives it."""
    faults = []
    for name in frame.columns:
        expected, delivered = kind_of(name, model), _delivered_kind(frame[name])
        if expected == "number" and delivered == "text":
            faults.append(_text_for_number(dataset, name, frame))
        elif expected not in ("free", delivered):
            found = {"number": "numbers", "date": "numeric dates", "text": "text"}[delivered]
            words = {"number": "numbers", "date": "numeric dates", "text": "text, as it was collected"}[expected]
            faults.append(Fault(dataset, found, words, _RESEND, name))
    return faults


def _delivered_kind(column: pd.Series) -> str:
    return {"f": "number", "M": "date"}.get(column.dtype.kind, "text")


def _text_for_number(dataset: str, variable: str, frame: pd.DataFrame) -> Fault:
    text = frame[variable]
    is_comma = is_comma_number(text)
    rows = np.flatnonzero(is_comma if is_comma.any() else text.notna())
    if not len(rows):
        return Fault(dataset, "text", "numbers", _RESEND, variable)
    kind = "a decimal comma" if is_comma.any() else "text"
    found = f"text, {kind} {quoted(text.iloc[rows[0]])} in {row_list(rows + 1)}"
    return Fault(dataset, found, "numbers", _RESEND, variable, int(rows[0]) + 1, key_at(dataset, frame, rows[0]))


def comma_faults(dataset: str, frame: pd.DataFrame) -> list[Fault]:
    """Return a fault where a result is a number with a decimal comma, which therefore has no numeric result."""
    prefix = dataset[:2].upper()
    numeric = f"{prefix}STRESN"
    if numeric not in frame.columns:
        return []
    unread = frame[frame[numeric].isna()]
    faults = []
    for name in (f"{prefix}STRESC", f"{prefix}ORRES"):
        if name in frame.columns and frame[name].dtype == "str":
            rows = np.flatnonzero(frame.index.isin(unread.index[is_comma_number(unread[name])]))
            if len(rows):
                found = f"{quoted(frame[name].iloc[rows[0]])} (a decimal comma) in {row_list(rows + 1)}"
                expected = f"a decimal point, and the number in {numeric}"
                key = key_at(dataset, frame, rows[0])
                faults.append(Fault(dataset, found, expected, _RESEND, name, int(rows[0]) + 1, key))
    return faults
