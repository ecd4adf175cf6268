"""Summary statistics by column: of one value a participant, and by visit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cutbook.catalogue.layers import PersonYears, Rate, Summary
from cutbook.catalogue.panels import ByVisit
from cutbook.results.columns import Groups
from cutbook.results.counts import rows_of_counts, size_rows
from cutbook.results.scope import Scope
from cutbook.results.statistics import (
    BELOW_LIMIT,
    MOSTLY_BELOW_LIMIT,
    NO_VALUES,
    NOBODY,
    ONE_VALUE,
    TIME_NOT_KNOWN,
    TOO_FEW_OR_ZERO,
    TOO_FEW_POSITIVE,
)
from cutbook.stats.descriptive import DESCRIPTIVE, GEOMETRIC, describe
from cutbook.stats.rates import event_rate, person_years
from cutbook.vocabulary import BASELINE, COUNTS_ALL, COUNTS_BLQ, COUNTS_CHANGE, COUNTS_VALUE

_PLACE = ["parameter", "visit", "level", "variable"]
_WORDS = ["parameter_words", "visit_words", "row_words"]
_SAME = {"geo_ci_low": "ci_low", "geo_ci_high": "ci_high"}
_HIDDEN_BELOW = ("mean", "sd", "cv", "geomean", "geocv")
_VALUE = "AVAL"


def summary_rows(
    values: pd.DataFrame, by: Sequence[str], groups: Groups, statistics: Sequence[str], *, value: str = "AVAL"
) -> pd.DataFrame:
    """Return summary statistics of a value for every row and column.

    Parameters
    ----------
    values : frame
        One row a participant and cell: USUBJID, KEY, the columns of ``by`` and ``value`` (missing ones do not count).
    by : sequence of str
        Result columns that name the rows, in order of first appearance.
    groups : Groups
        Columns.
    statistics : sequence of str
        As `cutbook.stats.descriptive.describe` names them.

    Returns
    -------
    frame
        Rows for a results table, a row's statistics together. A group without values gets n 0 and missing statistics
        with the reason; n carries the keys of the records behind it.
    """
    place = [*by, "group"]
    joined = values[values[value].notna()].merge(groups.members, on="USUBJID", how="inner")
    found = describe(joined, place, value, statistics).reset_index()
    grid = values[list(by)].drop_duplicates().merge(pd.DataFrame({"group": groups.codes}, dtype="str"), how="cross")
    full = grid.merge(found, on=place, how="left", validate="one_to_one")
    full["n"] = full["n"].astype("float64").fillna(0)
    full = full.merge(keys_behind(joined, place), on=place, how="left").assign(_row=range(len(full)))
    long = full.melt([*place, "_row", "keys"], list(statistics), "statistic", "value")
    counts = full.set_index("_row")["n"].reindex(long["_row"]).to_numpy()
    is_n = long["statistic"].eq("n")
    long["keys"] = long["keys"].where(is_n, None)
    long["reason"] = _reasons(long, counts)
    ordered = long.sort_values("_row", kind="stable").drop(columns="_row").reset_index(drop=True)
    return ordered.assign(statistic=ordered["statistic"].replace(_SAME))


def _reasons(long: pd.DataFrame, counts: np.ndarray) -> pd.Series:
    """Return why each statistic is missing, empty where it is not."""
    is_geometric = long["statistic"].isin(GEOMETRIC)
    words = pd.Series(ONE_VALUE.words, index=long.index, dtype="str").mask(is_geometric, TOO_FEW_OR_ZERO.words)
    return words.mask((counts == 0) & ~is_geometric, NO_VALUES.words).where(long["value"].isna(), "")


def keys_behind(records: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the columns ``by`` and ``keys``: the list of KEY of every group of records, in their order."""
    numbers = records.groupby(list(by), sort=False, dropna=False).ngroup().to_numpy()
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    keys = records["KEY"].astype("object").to_numpy()[order]
    lists = pd.Series([part.tolist() for part in np.split(keys, starts[1:])] if len(starts) else [], dtype="object")
    first = records[list(by)].iloc[order[starts]].reset_index(drop=True)
    return first.assign(keys=lists)


def rows_of_summary(layer: Summary, scope: Scope) -> pd.DataFrame:
    """Return the statistics of one value a participant."""
    values = scope.records(layer.records).assign(variable=layer.variable)
    rows = summary_rows(values, ["variable"], scope.groups, DESCRIPTIVE)
    if rows.empty:
        absent = pd.DataFrame({"group": scope.groups.codes, "statistic": "n", "value": 0.0})
        rows = absent.assign(variable=layer.variable)
    counts = rows["statistic"].eq("n").map({True: COUNTS_ALL, False: ""})
    return rows.assign(row_words=layer.words, unit=layer.unit, decimals=layer.decimals, counts=counts)


def rows_of_person_years(layer: PersonYears, scope: Scope) -> pd.DataFrame:
    """Return the years of the participants of every column."""
    records = scope.records(layer.records)
    members = scope.groups.members.merge(records[["USUBJID", "DAYS"]], on="USUBJID")
    groups = pd.Series(pd.Categorical(members["group"], categories=scope.groups.codes), index=members.index)
    years = person_years(members["DAYS"], groups)
    is_known = years["known"].eq(years["people"]) & years["people"].gt(0) | (not layer.is_whole)
    reason = years["people"].gt(0).map({True: TIME_NOT_KNOWN.words, False: NOBODY.words}).mask(is_known, "")
    columns = {"group": years.index.astype("str"), "value": years["years"].where(is_known), "reason": reason}
    rows = pd.DataFrame(columns).reset_index(drop=True)
    return rows.assign(variable=layer.variable, row_words=layer.words, statistic="sum", unit="years", decimals=0)


def rows_of_rates(layers: Sequence[Rate], scope: Scope) -> pd.DataFrame:
    """Return the events of rows of counts per 100 person-years of every column."""
    counted = rows_of_counts([layer.of for layer in layers], scope)
    if counted.empty:
        return counted
    years = rows_of_person_years(layers[0].years, scope)[["group", "value", "reason"]]
    is_events = counted["statistic"].eq("events")
    events = counted.loc[is_events, ["parameter", "variable", "level", "row_words", "group"]].assign(
        EVENTS=counted["value"]
    )
    joined = events.merge(years.rename(columns={"value": "YEARS"}), on="group", validate="many_to_one")
    return joined.assign(statistic="rate", value=event_rate(joined["EVENTS"], joined["YEARS"]))


def rows_of_visits(layer: ByVisit, scope: Scope) -> pd.DataFrame:
    """Return the statistics of a table by visit, each of its parameters with the size of the columns."""
    values = scope.records(layer.records)
    groups = scope.of(layer.population)
    sizes = size_rows(groups).assign(parameter=layer.parameter)
    if values.empty:
        return sizes
    values = _complete(values)
    by_variable = [
        _of_variable(values[values["variable"].eq(variable)], groups, statistics)
        for variable, statistics in layer.statistics.items()
    ]
    rows = pd.concat([part for part in by_variable if len(part)], ignore_index=True)
    rows = rows.merge(_order(values), on=_PLACE).sort_values("_row", kind="stable").drop(columns="_row")
    rows = _censored(rows, values, groups) if layer.is_censored else _with_change(rows, values)
    described = values[[*_PLACE, *_WORDS, "unit", "decimals"]].drop_duplicates(_PLACE)
    full = rows.merge(described, on=_PLACE, how="left", validate="many_to_one")
    return pd.concat([sizes, full], ignore_index=True)


def _complete(values: pd.DataFrame) -> pd.DataFrame:
    """Return values with every column that a table by visit may have."""
    absent = {name: "" for name in ("level", "row_words") if name not in values}
    return values.assign(**absent)


def _counted_values(rows: pd.DataFrame, samples: pd.DataFrame, below: pd.DataFrame) -> pd.Series:
    """Return what each number of values that enter means counted: those not below the limit, all, or neither."""
    place = [*_PLACE, "group"]
    known = [
        {
            at: set(keys) if isinstance(keys, list) else set()
            for at, keys in zip(_places(part, place), part["keys"], strict=True)
        }
        for part in (samples, below)
    ]

    def named(at: tuple[str, ...], keys: object) -> str:
        own, every, hidden = set(keys) if isinstance(keys, list) else set(), known[0][at], known[1][at]
        return COUNTS_VALUE if own == every - hidden else COUNTS_ALL if own == every else ""

    texts = [named(*pair) for pair in zip(_places(rows, place), rows["keys"], strict=True)]
    return pd.Series(texts, index=rows.index, dtype="str").where(rows["statistic"].eq("n"), "")


def _places(rows: pd.DataFrame, place: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(*(rows[name] for name in place), strict=True))


def _order(values: pd.DataFrame) -> pd.DataFrame:
    return values[_PLACE].drop_duplicates().assign(_row=lambda frame: range(len(frame)))


def _of_variable(values: pd.DataFrame, groups: Groups, statistics: Sequence[str]) -> pd.DataFrame:
    computed = [name for name in statistics if name not in {"samples", "nblq"}]
    rows = summary_rows(values, _PLACE, groups, computed, value="VALUE")
    if rows.empty:
        return rows
    is_n = rows["statistic"].eq("n")
    rows = rows.assign(counts=is_n.map({True: COUNTS_ALL, False: ""}))
    has_nobody = is_n & rows["value"].eq(0)
    nobody = rows.loc[has_nobody, [*_PLACE, "group"]].assign(_NOBODY=True)
    marked = rows.merge(nobody, on=[*_PLACE, "group"], how="left")["_NOBODY"].notna()
    is_limit = rows["statistic"].isin(["ci_low", "ci_high"]) & ~rows["reason"].eq(TOO_FEW_OR_ZERO.words)
    return rows[~(marked.to_numpy() & is_limit)]


def _with_change(rows: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Return rows whose counts of changes say so: of all with a value at baseline and at the visit, or of some of them.

    A count of some of them (a ratio needs both above 0) has no name, for no condition on what a page shows gives it.
    """
    own = values[values["variable"].eq(_VALUE)]
    with_baseline = own.loc[own["visit"].eq(BASELINE), ["parameter", "USUBJID"]].drop_duplicates()
    compared = set(own.merge(with_baseline, on=["parameter", "USUBJID"])["KEY"])
    counted = rows[rows["statistic"].eq("n")]
    behind = pd.Series([set(keys) if isinstance(keys, list) else set() for keys in counted["keys"]], counted.index)
    place, is_value = ["parameter", "visit", "level", "group"], counted["variable"].eq(_VALUE)
    known = dict(zip(_places(counted[is_value], place), behind[is_value], strict=True))
    changes = zip(_places(counted[~is_value], place), behind[~is_value], strict=True)
    named = [COUNTS_CHANGE if keys == known.get(at, set()) & compared else "" for at, keys in changes]
    counts = rows["counts"].copy()
    counts.loc[counted.index[~is_value]] = named
    return rows.assign(counts=counts)


def _censored(rows: pd.DataFrame, values: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    """Return the statistics of concentrations: samples and those below the limit counted, what they hide left out.

    When more than half of the samples are below the limit, mean, SD, CV and geometric mean are missing, and the median
    is below the limit; a minimum is when one sample is, a maximum when all are.
    """
    place = [*_PLACE, "group"]
    joined = values.merge(groups.members, on="USUBJID", how="inner")
    below = joined[joined["IS_BLQ"]]
    parts = []
    for name, own, counts in (("samples", joined, COUNTS_ALL), ("nblq", below, COUNTS_BLQ)):
        sizes = keys_behind(own, place)
        grid = rows[place].drop_duplicates().merge(sizes, on=place, how="left")
        number = [float(len(keys)) if isinstance(keys, list) else 0.0 for keys in grid["keys"]]
        parts.append(grid.assign(statistic=name, value=number, reason="", counts=counts))
    wide = parts[0][place].assign(SAMPLES=parts[0]["value"], NBLQ=parts[1]["value"])
    rows = rows.assign(counts=_counted_values(rows, *parts))
    is_few = rows["statistic"].isin(["cv", "geomean", "geocv"]) & rows["reason"].ne("")
    rows = rows.assign(reason=rows["reason"].mask(is_few, TOO_FEW_POSITIVE.words))
    marked = rows.merge(wide, on=place, how="left", validate="many_to_one")
    is_mostly, statistic = marked["NBLQ"] > marked["SAMPLES"] / 2, marked["statistic"]
    is_below = (statistic.eq("min") & marked["NBLQ"].gt(0)) | (statistic.eq("median") & is_mostly)
    is_below |= statistic.eq("max") & marked["NBLQ"].gt(0) & marked["NBLQ"].eq(marked["SAMPLES"])
    is_hidden = is_mostly & statistic.isin(_HIDDEN_BELOW)
    reason = marked["reason"].mask(is_below, BELOW_LIMIT.words).mask(is_hidden, MOSTLY_BELOW_LIMIT.words)
    shown = marked.assign(value=marked["value"].mask(is_below | is_hidden), reason=reason)
    both = pd.concat([*parts, shown.drop(columns=["SAMPLES", "NBLQ"])], ignore_index=True)
    order = both.merge(_order(values), on=_PLACE).sort_values("_row", kind="stable")
    return order.drop(columns="_row").reset_index(drop=True)
