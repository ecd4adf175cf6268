"""Defaults of the study file, put into a transfer once after reading, and listed with their number of records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from cutbook.data.checks.records import IN_LIST, Issue, issue_table, kind_issue
from cutbook.data.formats.variables import kind_of
from cutbook.data.transfer.defaults.occasions import occasions
from cutbook.data.transfer.sources import Transfer
from cutbook.data.wording import quoted
from cutbook.errors import Fault, ParameterError
from cutbook.parameters.study import Default, Study
from cutbook.record_names import text_of


def with_defaults(transfer: Transfer, study: Study) -> Transfer:
    """Return a transfer with the defaults of the study file where it has nothing, each use among its oddities.

    Parameters
    ----------
    transfer : Transfer
        As received; not changed.
    study : Study
        ``sources.defaults``, used in the order of the file.

    Raises
    ------
    ParameterError
        A constant that is no number stands for a variable that the standard says is one; all of them.
    """
    if faults := _constant_faults(study):
        raise ParameterError(faults)
    datasets, issues = dict(transfer.datasets), list[Issue]()
    for dataset, variables in study.sources.defaults.items():
        for variable, default in variables.items() if dataset in datasets else ():
            frame = datasets[dataset]
            given = _given((dataset, variable), default, datasets, study)
            is_filled = _is_open(frame, variable, default) & given.notna()
            if is_filled.any():
                issues += _use((dataset, variable), frame, is_filled, default)
                stated = frame[variable] if variable in frame else pd.Series(index=frame.index, dtype=given.dtype)
                datasets[dataset] = frame.assign(**{variable: stated.mask(is_filled, given)})
    listed = pd.concat([transfer.oddities, issue_table(issues)], ignore_index=True)
    return replace(transfer, datasets=datasets, oddities=listed)


def _is_number(variable: str, study: Study) -> bool:
    return kind_of(variable, study.sources.model) == "number"


def _constant_faults(study: Study) -> list[Fault]:
    """Return a fault for each constant that is no number where one is expected."""
    faults = []
    for dataset, variables in study.sources.defaults.items():
        for variable, default in variables.items():
            number = pd.to_numeric(pd.Series([default.value or "0"]), errors="coerce").iloc[0]
            if _is_number(variable, study) and pd.isna(number):
                place = f"sources.defaults.{dataset}.{variable}"
                file = f"parameters/{study.id}/study.yaml"
                faults.append(Fault(file, quoted(default.value), "a number", "mend it there", place))
    return faults


def _given(place: tuple[str, str], default: Default, datasets: Mapping[str, pd.DataFrame], study: Study) -> pd.Series:
    """Return what the default gives to each record, in the type of the variable; missing where it gives nothing."""
    dataset, variable = place
    frame = datasets[dataset]
    if default.occasion:
        text = _occasion_texts(default.occasion, occasions(dataset, frame, datasets, study))
    elif default.variable:
        text = text_of(frame[default.variable]) if default.variable in frame else _constant(frame, "")
    else:
        text = _constant(frame, default.value)
    is_number = _is_number(variable, study) or (variable in frame and frame[variable].dtype.kind == "f")
    return pd.to_numeric(text, errors="coerce").astype("float64") if is_number else text.mask(text.eq(""))


def _constant(frame: pd.DataFrame, value: str) -> pd.Series:
    return pd.Series(value, index=frame.index, dtype="str")


def _occasion_texts(template: str, found: pd.DataFrame) -> pd.Series:
    day, dose = (text_of(found[name]) for name in ("DAY", "DOSE"))
    texts = [
        template.replace("{day}", one).replace("{dose}", other) if one else ""
        for one, other in zip(day, dose, strict=True)
    ]
    return pd.Series(texts, index=found.index, dtype="str")


def _is_open(frame: pd.DataFrame, variable: str, default: Default) -> pd.Series:
    """Return which records have no value, or, since a dataset is of one domain, another DOMAIN than is stated."""
    if variable not in frame:
        return pd.Series(True, index=frame.index)
    is_other = frame[variable].ne(default.value) & (variable == "DOMAIN")
    return frame[variable].isna() | is_other


def _use(place: tuple[str, str], frame: pd.DataFrame, is_filled: pd.Series, default: Default) -> Iterator[Issue]:
    """Return the issue that lists the use of one default."""
    dataset, variable = place
    what = f"Copied from {default.variable}" if default.variable else f"Given as {quoted(default.value)}"
    what = f"Made of the dose, {quoted(default.occasion)}" if default.occasion else what
    is_blank = variable in frame and bool(frame.loc[is_filled, variable].isna().all())
    found = "not delivered" if variable not in frame else "blank" if is_blank else "blank or of another dataset"
    words = (f"{variable} {found}", f"{what[0].lower()}{what[1:]} by sources.defaults of the study file")
    if "USUBJID" in frame:
        yield from kind_issue(place, frame, is_filled, words)
        return
    number = int(is_filled.sum())
    finding = f"{words[0]}: {number} record{'s' * (number > 1)}; {words[1]}."
    yield Issue(dataset, variable, None, "", finding, IN_LIST, *words, number)
