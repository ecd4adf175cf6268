"""Units: the numeric results of one test are in one standard unit, so that unlike units are never pooled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import key_at
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.records import meets, same_unit

_RESEND = "convert them to one standard unit at the source and have the transfer sent again"


def unit_faults(dataset: str, frame: pd.DataFrame, study: Study) -> list[Fault]:
    """Return a fault for each test whose numeric results are in more than one standard unit, with the rows of each.

    A test is told by its code, category and specimen; within a family of findings or an endpoint of the study file,
    whose records are pooled, by its code alone. Records without a numeric result do not count.
    """
    prefix = dataset[:2].upper()
    code, result, unit = f"{prefix}TESTCD", f"{prefix}STRESN", f"{prefix}STRESU"
    texts = [name for name in frame.columns if frame[name].dtype == "str"]
    if result not in frame.columns or not {code, unit} <= set(texts):
        return []
    numeric = frame[frame[result].notna()].assign(_UNIT=lambda records: same_unit(records[unit]))
    parts = [name for name in (f"{prefix}CAT", f"{prefix}SPEC") if name in texts]
    faults: dict[tuple[str, int], Fault] = {}
    for records, by in [(numeric, [code, *parts]), *((part, [code]) for part in _pooled(dataset, numeric, study))]:
        for mixed in _mixed(records, by):
            fault = _fault(dataset, frame, mixed, (code, unit))
            faults.setdefault((str(mixed[code].iloc[0]), int(mixed.index[0])), fault)
    return list(faults.values())


def _pooled(dataset: str, numeric: pd.DataFrame, study: Study) -> Iterator[pd.DataFrame]:
    selections = [(item.dataset, item.where) for item in study.findings]
    selections += [(item.dataset, item.where) for item in study.endpoints]
    for name, where in selections:
        if name == dataset and set(where) <= set(numeric.columns):
            yield numeric[meets(numeric, where)]


def _mixed(records: pd.DataFrame, by: list[str]) -> Iterator[pd.DataFrame]:
    """Return the records of each test that has more than one unit."""
    tests = records[[*by, "_UNIT"]].fillna({name: "" for name in by}).drop_duplicates()
    for _, test in tests[tests.duplicated(by, keep=False)].groupby(by, sort=False):
        values = test.iloc[0]
        is_test = pd.Series(data=True, index=records.index)
        for name in by:
            is_test &= records[name].fillna("") == values[name]
        yield records[is_test]


def _fault(dataset: str, frame: pd.DataFrame, mixed: pd.DataFrame, names: tuple[str, str]) -> Fault:
    code, unit = names
    groups = {key: group for key, group in mixed.groupby("_UNIT", sort=False)}
    words = [f"{quoted(group[unit].fillna('').iloc[0])} in {row_list(group.index + 1)}" for group in groups.values()]
    row = int(list(groups.values())[1].index[0])
    return Fault(
        dataset,
        found=f"test {quoted(mixed[code].iloc[0])} with numeric results in {', '.join(words)}",
        expected="one standard unit a test",
        remedy=_RESEND,
        variable=unit,
        row=row + 1,
        key=key_at(dataset, frame, row),
    )
