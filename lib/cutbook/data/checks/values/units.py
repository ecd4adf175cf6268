"""Units: the numeric results of one test are in one standard unit, so that unlike units are never pooled."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import Issue, key_at, kind_issue
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.records import meets, same_unit

_SIZES: tuple[dict[str, float], ...] = (
    {"kg": 1e15, "g": 1e12, "mg": 1e9, "ug": 1e6, "mcg": 1e6, "ng": 1e3, "pg": 1.0, "lb": 453.59237e12},
    {"m": 1000.0, "cm": 10.0, "mm": 1.0, "in": 25.4, "inch": 25.4},
    {"l": 1e6, "dl": 1e5, "ml": 1e3, "ul": 1.0},
    {"mol": 1e12, "mmol": 1e9, "umol": 1e6, "nmol": 1e3, "pmol": 1.0},
    {"year": 8766.0, "month": 730.5, "week": 168.0, "day": 24.0, "hour": 1.0},
)
"""Units that are converted into each other, by their size in the smallest of them.

A year has 365.25 days; pound and inch are those of the international agreement of 1959, 0.45359237 kg and 25.4 mm.
"""

_YEARS = "years"

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

    Masses, lengths, volumes, amounts of substance and times are converted, and ratios of them (ug/kg, ng/mL).
    Capitals and the plural do not count, and micro is written in any way.

    Examples
    --------
    >>> doses = pd.Series([10000.0, 0.01, 10.0, 5.0, 3.0])
    >>> converted(doses, pd.Series(["ug", "g", "MG", None, "mg/kg"]), "mg").tolist()
    [10.0, 10.0, 10.0, 5.0, nan]
    >>> converted(pd.Series([492.0]), pd.Series(["MONTHS"]), "years").tolist()
    [41.0]
    >>> converted(pd.Series([2.5, 2500.0]), pd.Series(["ug/L", "pg/mL"]), "ng/mL").tolist()
    [2.5, 2.5]
    """
    names = same_unit(units)
    sizes = {name: _ratio(name, target) for name in names.unique()}
    above = names.map({name: size[0] for name, size in sizes.items()}).astype("float64")
    below = names.map({name: size[1] for name, size in sizes.items()}).astype("float64")
    return values * above / below


def age_unit(study: Study) -> str:
    """Return the unit in which ages are shown: that of the characteristic AGE where it is one of time, else years."""
    stated = next((item.unit for item in study.characteristics if item.variable == "AGE"), "")
    return stated if _ratio(stated or "?", _YEARS)[0] > 0 else _YEARS


def age_faults(dm: pd.DataFrame, study: Study) -> list[Fault]:
    """Return a fault for each unit of age that cannot be converted, with its rows."""
    if not {"AGE", "AGEU"} <= set(dm.columns) or dm["AGE"].dtype.kind != "f" or dm["AGEU"].dtype != "str":
        return []
    is_odd = dm["AGE"].notna() & converted(dm["AGE"], dm["AGEU"], age_unit(study)).isna()
    return [_age_fault(dm, is_odd & dm["AGEU"].eq(one), one) for one in dm.loc[is_odd, "AGEU"].drop_duplicates()]


def age_issues(dm: pd.DataFrame, study: Study) -> Iterator[Issue]:
    """Return an issue for each other unit of age that was converted."""
    if not {"AGE", "AGEU"} <= set(dm.columns) or dm["AGE"].dtype.kind != "f":
        return
    target = age_unit(study)
    values = converted(dm["AGE"], dm["AGEU"], target)
    is_other = dm["AGE"].notna() & values.ne(dm["AGE"])
    for one in dm.loc[is_other, "AGEU"].drop_duplicates():
        words = (f"Age in {one} instead of {target}", f"converted to {target}")
        yield from kind_issue(("dm", "AGEU"), dm, is_other & dm["AGEU"].eq(one), words)


def _age_fault(dm: pd.DataFrame, is_odd: pd.Series, unit: str) -> Fault:
    rows = is_odd.to_numpy().nonzero()[0]
    return Fault(
        "dm",
        found=f"ages in {quoted(unit)} in {row_list(rows + 1)}",
        expected="YEARS, MONTHS, WEEKS, DAYS or HOURS",
        remedy="correct it at the source and have the transfer sent again",
        variable="AGEU",
        row=int(rows[0]) + 1,
        key=key_at("dm", dm, int(rows[0])),
    )


def _ratio(unit: str, target: str) -> tuple[float, float]:
    """Return the sizes of a unit and of the one it is converted into; not numbers where that is not known."""
    one, other = (same_unit(pd.Series([name])).iloc[0].lower() for name in (unit, target))
    if one in ("", other):
        return 1.0, 1.0
    (top, _, bottom), (other_top, _, other_bottom) = one.partition("/"), other.partition("/")
    (above, below), (under, over) = _sizes(top, other_top), _sizes(bottom, other_bottom)
    return above * over, below * under


def _sizes(one: str, other: str) -> tuple[float, float]:
    """Return the sizes of two units of one kind; not numbers where they are of two kinds, or of none that is known."""
    if one == other:
        return 1.0, 1.0
    for sizes in _SIZES:
        found = [sizes.get(name, sizes.get(name.removesuffix("s"))) for name in (one, other)]
        if found[0] and found[1]:
            return found[0], found[1]
    return float("nan"), float("nan")
