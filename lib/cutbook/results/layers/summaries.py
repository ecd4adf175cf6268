"""Summary statistics by column: of one value a participant, and by visit."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.catalogue.kinds.layers import PersonYears, Rate, Summary
from cutbook.catalogue.kinds.panels import ByVisit
from cutbook.results.columns import Groups
from cutbook.results.layers.counts import PLACE, rows_of_counts, rows_of_values, size_rows, untold_rows
from cutbook.results.layers.scope import Scope, columns_of
from cutbook.results.statistics import Reason
from cutbook.results.table import rows_of_statistics
from cutbook.stats.descriptive import DESCRIPTIVE, GEOMETRIC, describe
from cutbook.stats.rates import event_rate, person_years
from cutbook.vocabulary import BASELINE, COUNTS_ALL, COUNTS_BLQ, COUNTS_CHANGE, COUNTS_VALUE

_PLACE = ["parameter", "visit", "level", "variable"]
_WORDS = ["parameter_words", "visit_words", "row_words"]
_SAME = {"geo_ci_low": "ci_low", "geo_ci_high": "ci_high"}
_HIDDEN_BELOW = ("mean", "sd", "cv", "geomean", "geocv")
_VALUE = "AVAL"
_BRIEF = ("n", "median", "min", "max")


def summary_rows(
    values: pd.DataFrame, places: pd.DataFrame, groups: Groups, statistics: Sequence[str], *, value: str = "AVAL"
) -> pd.DataFrame:
    """Return summary statistics of a value for every row and column.

    Parameters
    ----------
    values : frame
        One row a participant and cell: USUBJID, KEY, the columns of ``places`` and ``value`` (missing ones do not
        count).
    places : frame
        Result columns that name the rows, in their order; no row twice.
    groups : Groups
        Columns.
    statistics : sequence of str
        As `cutbook.stats.descriptive.describe` names them, n first.

    Returns
    -------
    frame
        Rows for a results table, a row's statistics together. A group without values gets n 0 and missing statistics
        with the reason; n carries the keys of the records behind it.
    """
    by = [*places, "group"]
    joined = values[values[value].notna()].merge(groups.members, on="USUBJID")
    found = describe(joined, by, value, statistics).reset_index().merge(keys_behind(joined, by), on=by)
    full = groups.complete(places, found).fillna({"n": 0})
    long = rows_of_statistics(full, statistics)
    return long.assign(reason=_reasons(long), statistic=long["statistic"].replace(_SAME))


def _reasons(long: pd.DataFrame) -> pd.Series:
    """Return why each statistic is missing, empty where it is not."""
    is_geometric = long["statistic"].isin(GEOMETRIC)
    words = pd.Series(Reason.ONE_VALUE, index=long.index, dtype="str").mask(is_geometric, Reason.TOO_FEW_OR_ZERO)
    return words.mask(long["RECORDS"].eq(0) & ~is_geometric, Reason.NO_VALUES).where(long["value"].isna(), "")


def keys_behind(records: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Return the columns ``by`` and ``keys``: the list of KEY of every group of records, in their order."""
    grouped = records.groupby(list(by), sort=False, dropna=False)["KEY"]
    return grouped.agg(list).astype("object").rename("keys").reset_index()


def rows_of_summary(layer: Summary, scope: Scope) -> pd.DataFrame:
    """Return the statistics of one value a participant, or the counts of its categories where the values are text."""
    if not layer.is_there(scope.frames):
        return pd.DataFrame()
    if reason := layer.why(scope.frames):
        rows = untold_rows([("", layer.variable, "", layer.words)], scope.groups, reason)
        return rows.assign(unit=layer.unit, decimals=layer.decimals)
    values = scope.records(layer.records).assign(variable=layer.variable)
    if layer.categories and not pd.api.types.is_numeric_dtype(values["AVAL"]):
        return rows_of_values(layer.categories, scope)
    rows = summary_rows(
        values, pd.DataFrame({"variable": [layer.variable]}), scope.groups, _BRIEF if layer.is_brief else DESCRIPTIVE
    )
    rows = rows[rows["statistic"].eq("n")] if values.empty else rows
    return rows.assign(row_words=layer.words, unit=layer.unit, decimals=layer.decimals)


def rows_of_person_years(layer: PersonYears, scope: Scope) -> pd.DataFrame:
    """Return the years of the participants of every column, and how many of unknown time there are, if any are."""
    if why := layer.why(scope.frames):
        absent = untold_rows([("", layer.variable, "", layer.words)], scope.groups, why)
        return absent.assign(statistic="sum", unit="years", decimals=0)
    records = scope.records(layer.records)
    members = scope.groups.members.merge(records[["USUBJID", "KEY", "DAYS"]], on="USUBJID")
    rows = _years(layer, members, scope.groups)
    lost = members[members["DAYS"].isna()].groupby("group")["KEY"].agg(list)
    if lost.empty:
        return rows
    keys, number = (some.reindex(scope.groups.codes) for some in (lost, lost.map(len).astype("float64")))
    unknown = pd.DataFrame({"value": number.fillna(0.0), "keys": keys}).rename_axis("group").reset_index()
    return pd.concat([rows, unknown.assign(variable=layer.unknown, row_words=layer.unknown_words, statistic="n")])


def _years(layer: PersonYears, members: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    years = person_years(members["DAYS"], members["group"].astype(pd.CategoricalDtype(groups.codes)))
    has_people, has_known = years["people"].gt(0), years["known"].gt(0) | years["people"].eq(0)
    is_known = years["known"].eq(years["people"]) & has_people if layer.is_whole else has_known
    unknown = Reason.TIME_NOT_KNOWN if layer.is_whole else Reason.NO_TIME_KNOWN
    reason = has_people.map({True: unknown, False: Reason.NOBODY}).mask(is_known, "")
    rows = pd.DataFrame({"value": years["years"].where(is_known), "reason": reason}).rename_axis("group").reset_index()
    rows = rows.astype({"group": "str"}).assign(variable=layer.variable, row_words=layer.words)
    return rows.assign(statistic="sum", unit="years", decimals=0)


def rows_of_rates(layers: Sequence[Rate], scope: Scope) -> pd.DataFrame:
    """Return the events of rows of counts per 100 person-years of every column."""
    counted = rows_of_counts([layer.of for layer in layers], scope)
    if counted.empty or counted["statistic"].ne("events").all():
        return counted.iloc[:0]
    years = _years_at_risk(layers[0].years, scope)
    events = counted.loc[counted["statistic"].eq("events"), [*PLACE, "row_words", "group", "value"]]
    joined = events.merge(years, on="group", validate="many_to_one", suffixes=("", "_years"))
    return joined.assign(statistic="rate", value=event_rate(joined["value"], joined["value_years"]))


def _years_at_risk(layer: PersonYears, scope: Scope) -> pd.DataFrame:
    rows = rows_of_person_years(layer, scope)
    return rows.loc[rows["statistic"].eq("sum"), ["group", "value", "reason"]]


def rows_of_visits(layer: ByVisit, scope: Scope) -> pd.DataFrame:
    """Return the statistics of a table by visit, each of its parameters with the size of the columns."""
    values = scope.records(layer.records)
    groups = columns_of(scope.display, scope.frames, scope.study, layer.population)
    sizes = size_rows(groups).assign(parameter=layer.parameter)
    if values.empty:
        return sizes
    values = values.assign(**{name: "" for name in ("level", "row_words") if name not in values})
    rows = summary_rows(values, values[_PLACE].drop_duplicates(), groups, layer.statistics, value="VALUE")
    rows = rows[~(rows["statistic"].isin(["ci_low", "ci_high"]) & rows["reason"].eq(Reason.NO_VALUES))]
    if "IS_BLQ" in values:
        rows = _censored(rows, values, groups)
    is_named = rows["statistic"].eq("n")
    rows.loc[is_named, "counts"] = _counted(rows[is_named], values, groups)
    described = values[[*_PLACE, *_WORDS, "unit", "decimals"]].drop_duplicates(_PLACE)
    return pd.concat([sizes, described.merge(rows, on=_PLACE, validate="one_to_many")], ignore_index=True)


def _counted(rows: pd.DataFrame, values: pd.DataFrame, groups: Groups) -> list[str]:
    """Return what each number of values counted: the first way that gives the very records behind it; else no name.

    Values: those not below the limit, or all. Changes: all with a value at baseline and at the visit; a count of some
    of them (a ratio needs both above 0) has no name, for no condition on what a page shows gives it.
    """
    own = values[values["variable"].eq(_VALUE)]
    with_baseline = own.loc[own["visit"].eq(BASELINE), ["parameter", "USUBJID"]].drop_duplicates()
    of_values = {COUNTS_VALUE: own[~own["IS_BLQ"]]} if "IS_BLQ" in own else {}
    of_changes = {COUNTS_CHANGE: own.merge(with_baseline, on=["parameter", "USUBJID"])}
    ways = [
        {way: set(those["KEY"]) for way, those in some.items()} for some in (of_changes, {**of_values, COUNTS_ALL: own})
    ]
    place = ["parameter", "visit", "level", "group"]
    behind = keys_behind(own.merge(groups.members, on="USUBJID"), place).set_index(place)["keys"].map(set).to_dict()
    cells = zip(
        zip(*(rows[name] for name in place), strict=True), rows["variable"].eq(_VALUE), rows["keys"], strict=True
    )
    return [
        next((way for way, those in ways[is_value].items() if behind.get(at, set()) & those == set(keys)), "")
        for at, is_value, keys in cells
    ]


def _censored(rows: pd.DataFrame, values: pd.DataFrame, groups: Groups) -> pd.DataFrame:
    """Return the statistics of concentrations: samples and those below the limit counted, what they hide left out.

    When more than half of the samples are below the limit, mean, SD, CV and geometric mean are missing, and the median
    is below the limit, else it is that of all samples by rank; a minimum is below the limit when one sample is, a
    maximum when all are.
    """
    place = [*_PLACE, "group"]
    joined, places = values.merge(groups.members, on="USUBJID"), values[_PLACE].drop_duplicates()
    samples, below = (
        groups.complete(places, keys_behind(own, place)).rename(columns={"RECORDS": name})
        for name, own in (("samples", joined), ("nblq", joined[joined["IS_BLQ"]]))
    )
    parts = [rows_of_statistics(samples, ["samples"]), rows_of_statistics(below, ["nblq"]).assign(counts=COUNTS_BLQ)]
    is_few = rows["statistic"].isin(["cv", "geomean", "geocv"]) & rows["reason"].ne("")
    every = rows[place].merge(samples, on=place)["samples"].to_numpy()
    hidden = rows[place].merge(below, on=place)["nblq"].to_numpy()
    statistic = rows["statistic"]
    is_below = (
        statistic.eq("min") & (hidden > 0)
        | statistic.eq("median") & (hidden > every / 2)
        | statistic.eq("max") & (hidden > 0) & (hidden == every)
    )
    is_hidden = statistic.isin(_HIDDEN_BELOW) & (hidden > every / 2)
    reason = rows["reason"].mask(is_few, Reason.TOO_FEW_POSITIVE)
    reason = reason.mask(is_below, Reason.BELOW_LIMIT).mask(is_hidden, Reason.MOSTLY_BELOW_LIMIT)
    value = rows["value"].mask(is_below | is_hidden)
    is_ranked = statistic.eq("median") & ~is_below & (hidden > 0)
    ranked = rows[place].merge(medians_by_rank(joined, place), on=place, how="left")["median"].to_numpy()
    shown = rows.assign(value=value.mask(is_ranked, ranked), reason=reason.mask(is_ranked, ""))
    return pd.concat([*parts, shown], ignore_index=True)


def medians_by_rank(samples: pd.DataFrame, place: Sequence[str]) -> pd.DataFrame:
    """Return the median of all samples of every place, those below the limit of quantification as the lowest.

    Parameters
    ----------
    samples : frame
        Columns of ``place``, VALUE (what enters means), IS_BLQ.
    place : sequence of str
        Grouping columns.

    Notes
    -----
    Of an even number of samples of which half are below the limit, the median lies between the lowest above it and what
    stands for one below it in means, 0 where nothing does.
    """
    above = samples["VALUE"].mask(samples["IS_BLQ"])
    lowest = above.groupby([samples[name] for name in place], dropna=False).transform("min")
    below = samples["VALUE"].fillna(0.0)
    ranked = samples.assign(RANKED=above.mask(samples["IS_BLQ"], below.clip(upper=lowest.fillna(float("inf")))))
    return describe(ranked, place, "RANKED", ["median"]).reset_index()
