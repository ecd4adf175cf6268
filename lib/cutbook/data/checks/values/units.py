"""Units: the numeric results of one test are in one unit, so that unlike units are never pooled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from cutbook.columns import text_column
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES, Issue, key_at, kind_issue
from cutbook.data.checks.values.results import numbers_of, reported_concentrations
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.record_names import text_of
from cutbook.records import Where, meets, same_unit
from cutbook.standards.conversion import Scale, is_measure, scale_of

_RESEND = "convert them to one standard unit at the source and have the transfer sent again"
TEST, UNIT, _SAID, _FROM = "_TEST", "_UNIT", "_SAID", "_FROM"
"""Columns in which `numeric_results` tells test and unit, the unit as delivered, and the variable that says it."""


class StatedUnit(NamedTuple):
    """The unit in which the study file shows some records, and the key that says so."""

    dataset: str
    where: Where
    unit: str
    key: str


def unit_faults(dataset: str, frame: pd.DataFrame, study: Study) -> list[Fault]:
    """Return a fault for each test with numeric results in units that cannot be told in one, with the rows of each.

    A test is told by its code, category and specimen; within a family of findings or an endpoint of the study file,
    whose records are pooled, by its code alone. Its unit is that of the study file, else the one most of its results
    have. Records without a numeric result do not count.
    """
    numeric = numeric_results(dataset, frame, study)
    if numeric is None:
        return []
    faults: dict[tuple[str, int], Fault] = {}
    for mixed in _mixed_tests(dataset, numeric, study):
        if _is_analysis(dataset) or _unlike(mixed, target_of(mixed)).any():
            fault = _mixed_fault(dataset, frame, mixed)
            faults.setdefault((str(mixed[TEST].iloc[0]), int(mixed.index[0])), fault)
    return [*faults.values(), *_stated_faults(dataset, frame, numeric, study)]


def unit_issues(datasets: Mapping[str, pd.DataFrame], study: Study) -> Iterator[Issue]:
    """Return an issue for each unit of a test that was converted, or taken for the one that the study file states."""
    for dataset, frame in datasets.items():
        numeric = numeric_results(dataset, frame, study)
        if numeric is not None and "USUBJID" in frame and not _is_analysis(dataset):
            told: set[tuple[str, str, str]] = set()
            for own, target, key in _targets(dataset, numeric, study):
                for (test, unit), records in own.groupby([TEST, UNIT], sort=False):
                    named = (str(test), str(unit), target)
                    if not _is_same(*named) and named not in told:
                        told.add(named)
                        yield from _told(dataset, frame, records.index, named, key)


def target_of(records: pd.DataFrame) -> str:
    """Return the unit that most of some results have, of equally frequent ones the first by alphabet."""
    sizes = records[UNIT].value_counts()
    return min(str(unit) for unit in sizes.index[sizes.eq(sizes.max())])


def with_units(study: Study, datasets: Mapping[str, pd.DataFrame]) -> Study:
    """Return the study with the unit of each test of a family in several ones, as all records leave it.

    So no part of them decides anew in which unit a test is shown.
    """
    families = []
    for family in study.findings:
        numeric = numeric_results(family.dataset, datasets.get(family.dataset, pd.DataFrame()), study)
        units = dict(family.units)
        if numeric is not None and set(family.where) <= set(numeric.columns):
            for mixed in _mixed(numeric[meets(numeric, family.where)], [TEST]):
                units.setdefault(str(mixed[TEST].iloc[0]), target_of(mixed))
        families.append(family.model_copy(update={"units": units}))
    return study.model_copy(update={"findings": families})


def stated_units(study: Study) -> Iterator[StatedUnit]:
    """Yield the units in which the study file shows records, with the key of each."""
    for family in study.findings:
        for test, unit in family.units.items():
            where = {**family.where, f"{family.dataset[:2].upper()}TESTCD": [test]}
            yield StatedUnit(family.dataset, where, unit, f"findings.{family.id}.units.{test}")
    for endpoint in study.endpoints:
        if endpoint.unit:
            yield StatedUnit(endpoint.dataset, endpoint.where, endpoint.unit, f"endpoints.{endpoint.paramcd}.unit")
    for item in study.characteristics:
        if item.unit and item.testcd:
            yield StatedUnit(item.dataset, item.selects, item.unit, f"characteristics.{item.variable}.unit")
    for matrix in study.pharmacokinetics.matrices if study.pharmacokinetics else ():
        key = f"unit of pharmacokinetics.matrices ({matrix.label})"
        yield StatedUnit("pc", matrix.selects, matrix.unit, key)
        yield StatedUnit("adpc", {"MATRIX": [matrix.label]}, matrix.unit, key)


def numeric_results(dataset: str, frame: pd.DataFrame, study: Study) -> pd.DataFrame | None:
    """Return the records with a number, with their test and unit; None where the dataset has no units of results."""
    letters = dataset[:2].upper()
    names = ("PARAMCD", "AVAL", "AVALU") if dataset.startswith("ad") else _names(letters)
    code, result, unit = names
    texts = [name for name in frame.columns if frame[name].dtype == "str"]
    if dataset == "pc" and code in texts and study.pharmacokinetics is not None:
        return _reported(frame, study.pharmacokinetics.below_limit)
    if result not in frame.columns or not {code, unit} <= set(texts):
        return None
    text = text_of(frame[f"{letters}STRESC"]) if f"{letters}STRESC" in texts else pd.Series("", index=frame.index)
    has_number = numbers_of(text, frame[result]).notna() if frame[result].dtype.kind == "f" else frame[result].notna()
    own = frame[has_number]
    more = {TEST: own[code], UNIT: same_unit(own[unit]), _SAID: own[unit].fillna("")}
    return pd.concat([own, pd.DataFrame(more)], axis="columns").assign(**{_FROM: unit})


def _reported(pc: pd.DataFrame, below: Sequence[str]) -> pd.DataFrame | None:
    """Return the concentrations that enter numbers, in the unit in which they do: that of PCSTRESU, else of PCORRESU.

    A limit of quantification that is told with a unit (``<0.5``) is a number too.
    """
    text, number, unit = reported_concentrations(pc, below)
    if unit.isna().all():
        return None
    is_limit = text.str.contains(r"<.*\d", na=False) & unit.notna()
    said = unit.fillna("")
    source = pd.Series("PCSTRESU", index=pc.index).mask(text_column(pc, "PCSTRESU").isna() & unit.notna(), "PCORRESU")
    more = {TEST: pc["PCTESTCD"], UNIT: same_unit(unit), _SAID: said, _FROM: source}
    own = pd.concat([pc, pd.DataFrame(more)], axis="columns")
    return own[number.notna() | is_limit]


def _is_analysis(dataset: str) -> bool:
    """Return whether values are those of an analysis, which are used as they were delivered."""
    return dataset.startswith("ad")


def _names(letters: str) -> tuple[str, str, str]:
    return f"{letters}TESTCD", f"{letters}STRESN", f"{letters}STRESU"


def _mixed_tests(dataset: str, numeric: pd.DataFrame, study: Study) -> Iterator[pd.DataFrame]:
    """Yield the records of each test that has more than one unit, by itself and within what the study file pools."""
    letters = dataset[:2].upper()
    parts = [name for name in (f"{letters}CAT", f"{letters}SPEC") if name in numeric and numeric[name].dtype == "str"]
    whole = [] if _is_analysis(dataset) else [(numeric, [TEST, *parts])]
    for records, by in [*whole, *((part, [TEST]) for part in _pooled(dataset, numeric, study))]:
        yield from _mixed(records, by)


def _pooled(dataset: str, numeric: pd.DataFrame, study: Study) -> Iterator[pd.DataFrame]:
    analysis = "ad" if _is_analysis(dataset) else ""
    selections = [(f"{analysis}{item.dataset.removeprefix('ad')}", item.where) for item in study.findings]
    selections += [(item.dataset, item.where) for item in study.endpoints]
    if dataset == "adpc" and study.pharmacokinetics is not None:
        selections += [("adpc", {"MATRIX": [matrix.label]}) for matrix in study.pharmacokinetics.matrices]
    for name, where in selections:
        if name == dataset and set(where) <= set(numeric.columns):
            yield numeric[meets(numeric, where)]


def _mixed(records: pd.DataFrame, by: list[str]) -> Iterator[pd.DataFrame]:
    """Return the records of each test that has more than one unit."""
    tests = records[[*by, UNIT]].fillna({name: "" for name in by}).drop_duplicates()
    for _, test in tests[tests.duplicated(by, keep=False)].groupby(by, sort=False):
        values = test.iloc[0]
        is_test = pd.Series(data=True, index=records.index)
        for name in by:
            is_test &= records[name].fillna("") == values[name]
        yield records[is_test]


def _unlike(records: pd.DataFrame, target: str) -> pd.Series:
    """Return True for each result without a unit, or in one that cannot be converted."""
    pairs = records[[TEST, UNIT]].drop_duplicates()
    unlike = {
        (test, unit): unit == "" or not target or not scale_of(str(unit), target, str(test)).is_known
        for test, unit in pairs.itertuples(index=False)
    }
    return pd.Series([unlike[pair] for pair in zip(records[TEST], records[UNIT], strict=True)], index=records.index)


def _targets(dataset: str, numeric: pd.DataFrame, study: Study) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield records, the unit in which they are shown, and the key of the study file that says so, if one does."""
    for stated in stated_units(study):
        if stated.dataset == dataset and set(stated.where) <= set(numeric.columns):
            yield numeric[meets(numeric, stated.where)], stated.unit, stated.key
    for mixed in _mixed_tests(dataset, numeric, study):
        yield mixed, target_of(mixed), ""


def _are_same(records: pd.DataFrame, target: str) -> pd.Series:
    """Return True for each result in the same unit as the target, in whatever spelling."""
    pairs = zip(records[TEST], records[UNIT], strict=True)
    return pd.Series(
        [_is_same(str(test), str(unit), target) for test, unit in pairs], index=records.index, dtype="bool"
    )


def _is_same(test: str, unit: str, target: str) -> bool:
    """Return whether a unit is the other one in another spelling."""
    return unit != "" and scale_of(unit, target, test) == Scale(1.0)


def _told(dataset: str, frame: pd.DataFrame, rows: pd.Index, named: tuple[str, str, str], key: str) -> Iterator[Issue]:
    test, unit, target = named
    place = (dataset, "AVALU" if dataset.startswith("ad") else f"{dataset[:2].upper()}STRESU")
    weight = IN_LIST
    if unit == "" and not is_measure(target):
        return
    if unit == "":
        words = (f"Result of {test} without a unit", f"counted as {target}, the {key} of the study file")
        weight = ON_FIRST_LINES if place[1] in frame and frame[place[1]].notna().any() else IN_LIST
    elif scale_of(unit, target, test).is_known:
        words = (f"Result of {test} in {unit} instead of {target}", f"converted to {target}")
    elif is_measure(target) or not key or not is_measure(unit) or target.startswith(unit):
        return
    else:
        words = (f"Result of {test} in {quoted(unit)}", f"taken for {quoted(target)}, the {key} of the study file")
    yield from kind_issue(place, frame, pd.Series(frame.index.isin(rows), index=frame.index), words, weight)


def _stated_faults(dataset: str, frame: pd.DataFrame, numeric: pd.DataFrame, study: Study) -> Iterator[Fault]:
    """Return a fault for each unit that the study file states and some results cannot be converted into."""
    for stated in stated_units(study):
        if stated.dataset != dataset or not set(stated.where) <= set(numeric.columns) or not is_measure(stated.unit):
            continue
        own = numeric[meets(numeric, stated.where)]
        is_odd = _unlike(own, stated.unit) if not _is_analysis(dataset) else ~_are_same(own, stated.unit)
        odd = own[is_odd & own[UNIT].ne("")]
        more = "" if _is_analysis(dataset) else ", or a unit that can be converted"
        for unit in odd[UNIT].drop_duplicates():
            rows = odd.index[odd[UNIT].eq(unit)]
            yield Fault(
                dataset,
                found=f"results in {quoted(unit)} in {row_list(rows + 1)}",
                expected=f"{stated.unit}, the {stated.key} of the study file{more}",
                remedy="convert them at the source, or mend the study file",
                variable=str(odd[_FROM][rows[0]]),
                row=int(rows[0]) + 1,
                key=key_at(dataset, frame, int(rows[0])),
            )


def _mixed_fault(dataset: str, frame: pd.DataFrame, mixed: pd.DataFrame) -> Fault:
    groups = {key: group for key, group in mixed.groupby(UNIT, sort=False)}
    words = [f"{quoted(group[_SAID].iloc[0])} in {row_list(group.index + 1)}" for group in groups.values()]
    row = int(list(groups.values())[1].index[0])
    return Fault(
        dataset,
        found=f"test {quoted(mixed[TEST].iloc[0])} with numeric results in {', '.join(words)}",
        expected="one unit a test, or units of which the conversion is known",
        remedy=_RESEND,
        variable=str(mixed[_FROM][row]),
        row=row + 1,
        key=key_at(dataset, frame, row),
    )
