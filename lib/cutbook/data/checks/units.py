"""Units: the numeric results of one test are in one standard unit, so that unlike units are never pooled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import key_at
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.records import meets, same_unit

_SIZES: tuple[dict[str, float], ...] = (
    {"kg": 1e12, "g": 1e9, "mg": 1e6, "ug": 1e3, "mcg": 1e3, "ng": 1.0},
    {"l": 1e6, "dl": 1e5, "ml": 1e3, "ul": 1.0},
    {"mol": 1e9, "mmol": 1e6, "umol": 1e3, "nmol": 1.0},
    {"year": 8766.0, "month": 730.5, "week": 168.0, "day": 24.0, "hour": 1.0},
)
"""Units that are converted into each other, by their size in the smallest of them; a year has 365.25 days."""

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


def converted(values: pd.Series, units: pd.Series, target: str) -> pd.Series:
    """Return values in one unit; missing where the conversion is not known, as they are where no unit is stated.

    Masses, volumes, amounts of substance and times are converted, also above the same denominator (ug/kg, mg/kg).
    Capitals and the plural do not count, and micro is written in any way.

    Examples
    --------
    >>> doses = pd.Series([10000.0, 0.01, 10.0, 5.0, 3.0])
    >>> converted(doses, pd.Series(["ug", "g", "MG", None, "mg/kg"]), "mg").tolist()
    [10.0, 10.0, 10.0, 5.0, nan]
    >>> converted(pd.Series([492.0]), pd.Series(["MONTHS"]), "years").tolist()
    [41.0]
    """
    names = same_unit(units)
    sizes = {name: _ratio(name, target) for name in names.unique()}
    above = names.map({name: size[0] for name, size in sizes.items()}).astype("float64")
    below = names.map({name: size[1] for name, size in sizes.items()}).astype("float64")
    return values * above / below


def _ratio(unit: str, target: str) -> tuple[float, float]:
    """Return the sizes of a unit and of the one it is converted into; not numbers where that is not known."""
    one, other = (same_unit(pd.Series([name])).iloc[0].lower() for name in (unit, target))
    if one in ("", other):
        return 1.0, 1.0
    (top, _, bottom), (other_top, _, other_bottom) = one.partition("/"), other.partition("/")
    for sizes in _SIZES:
        found = [sizes.get(name, sizes.get(name.removesuffix("s"))) for name in (top, other_top)]
        if bottom == other_bottom and found[0] and found[1]:
            return found[0], found[1]
    return float("nan"), float("nan")
