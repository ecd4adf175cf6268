"""Whether the rules of a cut fit the transfer: every fault at once, before anything is removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from cutbook.data.cutting.supplemental import follows_parent
from cutbook.dates import is_valid_partial, precision
from cutbook.errors import DataError, Fault, ParameterError
from cutbook.parameters.study.data_cut import CutRule, DataCut, Inclusion, RollBack

_DATED = frozenset({"D", "H", "MI", "S"})


def check_rules(datasets: Mapping[str, pd.DataFrame], rules: DataCut, cutoff: str) -> None:
    """Return when the rules can be applied to the transfer.

    Raises
    ------
    ParameterError
        The cut-off is not a possible date.
    DataError
        A dataset with participants has no rule, a rule names a variable that is not there or cannot be compared with a
        date, or a date of entry is impossible; all of them at once.
    """
    if precision(pd.Series([cutoff], dtype="str")).iloc[0] not in _DATED:
        raise ParameterError(
            Fault("cut parameters", repr(cutoff), "a date of the calendar", "mend the cut file", variable="cutoff_date")
        )
    faults = [fault for name, frame in datasets.items() for fault in _rule_faults(name, frame, rules.rules.get(name))]
    for inclusion in (rules.included, rules.screened, rules.screen_failed):
        faults += _inclusion_faults(datasets, inclusion) if inclusion else []
    for rule in rules.roll_back:
        faults += _roll_back_faults(datasets, rule)
    if faults:
        raise DataError(dict.fromkeys(faults))


def _rule_faults(name: str, frame: pd.DataFrame, rule: CutRule | None) -> Iterator[Fault]:
    if rule is None:
        if "USUBJID" in frame and not follows_parent(frame):
            yield Fault(
                name,
                "participants in a dataset without a cut rule",
                "a rule, so that nothing passes uncut",
                f"name {name} in data_cut.rules of the study file",
            )
        return
    if rule.rule != "none":
        yield from _absent(name, frame, ["USUBJID", *rule.date])
    yield from _not_dates(name, frame, ["DTHDTC"] if rule.rule == "special_dm" else rule.date)


def _inclusion_faults(datasets: Mapping[str, pd.DataFrame], inclusion: Inclusion) -> Iterator[Fault]:
    frame = datasets.get(inclusion.dataset)
    if frame is None:
        yield Fault(
            inclusion.dataset, "no such dataset", "the records that date entry", "deliver it or mend data_cut.included"
        )
        return
    yield from _absent(inclusion.dataset, frame, ["USUBJID", inclusion.date, *inclusion.where])
    yield from _not_dates(inclusion.dataset, frame, [inclusion.date])
    if inclusion.date in frame and not pd.api.types.is_datetime64_any_dtype(frame[inclusion.date]):
        impossible = frame.loc[~is_valid_partial(frame[inclusion.date]), inclusion.date]
        for row, value in list(impossible.items())[:3]:
            yield Fault(
                inclusion.dataset,
                f"impossible date {value!r} ({len(impossible)} in all)",
                "a date of the calendar, since it decides who is included",
                "have it mended at the source",
                variable=inclusion.date,
                row=int(str(row)) + 1,
            )


def _roll_back_faults(datasets: Mapping[str, pd.DataFrame], rule: RollBack) -> Iterator[Fault]:
    frame = datasets.get(rule.dataset)
    if frame is None:
        return
    source = rule.date_from or rule.dataset
    if source not in datasets:
        yield Fault(source, "no such dataset", f"{rule.date} for the roll-back of {rule.dataset}", "deliver it")
        return
    yield from _absent(source, datasets[source], ["USUBJID", rule.date])
    yield from _not_dates(source, datasets[source], [rule.date])
    yield from _absent(rule.dataset, frame, ["USUBJID", *rule.where, *rule.reset])
    for variable, value in rule.reset.items():
        if variable in frame and pd.api.types.is_numeric_dtype(frame[variable]) and not _is_number(value):
            yield Fault(
                rule.dataset,
                f"text {value!r} for a numeric variable",
                "a number or ''",
                "mend data_cut.roll_back",
                variable,
            )


def _absent(name: str, frame: pd.DataFrame, variables: list[str]) -> Iterator[Fault]:
    for variable in variables:
        if variable not in frame:
            yield Fault(
                name,
                "no such variable",
                "the variable that the cut rules name",
                "deliver it or mend data_cut",
                variable,
            )


def _not_dates(name: str, frame: pd.DataFrame, variables: list[str]) -> Iterator[Fault]:
    for variable in variables:
        if variable in frame and pd.api.types.is_numeric_dtype(frame[variable]) and frame[variable].notna().any():
            yield Fault(name, "numbers", "ISO 8601 text", "deliver dates as text", variable)


def _is_number(value: str) -> bool:
    return bool(pd.to_numeric(pd.Series([value or "0"]), errors="coerce").notna().all())
