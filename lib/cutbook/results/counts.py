"""Counts of participants and of their records, by column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from cutbook.catalogue.layers import Count, CountBy, Tally, Worst
from cutbook.results.columns import Groups
from cutbook.results.scope import COUNTED, Scope
from cutbook.results.statistics import NOBODY
from cutbook.stats.incidence import risk_difference
from cutbook.vocabulary import ACTIVE, COUNTS_ALL, MISSING, TOTAL, contrast

PLACE = ["parameter", "variable", "level"]
_MISSING_WORDS = "Missing"
_DIFFERENCE = ("rd", "rd_low", "rd_high")


def size_rows(groups: Groups) -> pd.DataFrame:
    """Return the size of every column: variable ``POPULATION``, statistic ``N``."""
    sizes = groups.sizes.to_numpy(dtype="float64")
    return pd.DataFrame({"variable": "POPULATION", "group": groups.codes, "statistic": "N", "value": sizes})


def count_rows(placed: pd.DataFrame, rows: pd.DataFrame, groups: Groups, *, has_events: bool = False) -> pd.DataFrame:
    """Return n, N and % of participants for every row and column, zero where nobody has a record.

    Parameters
    ----------
    placed : frame
        One row a record: USUBJID, KEY, and parameter, variable and level of its row.
    rows : frame
        The rows in order: parameter, variable, level, row_words; no row twice.
    groups : Groups
        Columns and denominators.
    has_events : bool
        Records are counted too (statistic ``events``).

    Returns
    -------
    frame
        Rows for a results table. A participant counts once in a cell. % is missing with its reason when N is 0.
    """
    codes = placed[[*PLACE, *COUNTED]].astype(dict.fromkeys(PLACE, "str"))
    joined = codes.merge(groups.members, on="USUBJID", how="inner")
    cells = joined.groupby([*PLACE, "group"], observed=True, dropna=False, sort=False)
    counted = cells.agg(n=("USUBJID", "nunique"), events=("KEY", "size"), keys=("KEY", list)).reset_index()
    sizes = groups.sizes.rename_axis("group").rename("N").reset_index().astype({"group": "str"})
    full = rows.merge(sizes, how="cross").merge(counted, on=[*PLACE, "group"], how="left", validate="one_to_one")
    full[["n", "events"]] = full[["n", "events"]].astype("float64").fillna(0)
    return _long(full, has_events=has_events)


def _long(full: pd.DataFrame, *, has_events: bool) -> pd.DataFrame:
    place = [*PLACE, "row_words", "group"]
    share = 100 * full["n"] / full["N"].where(full["N"] > 0)
    reason = share.isna().map({True: NOBODY.words, False: ""})
    parts = [
        full[[*place, "keys"]].assign(statistic="n", value=full["n"], counts=COUNTS_ALL),
        full[place].assign(statistic="N", value=full["N"]),
        full[place].assign(statistic="pct", value=share, unit="%", reason=reason),
    ]
    if has_events:
        parts.append(full[place].assign(statistic="events", value=full["events"]))
    order = pd.concat([part.assign(_row=range(len(part))) for part in parts], ignore_index=True)
    return order.sort_values("_row", kind="stable").drop(columns="_row").reset_index(drop=True)


def rows_of_counts(layers: Sequence[Count], scope: Scope) -> pd.DataFrame:
    """Return the statistics of rows of a display, all of them counted in one step."""
    there = [layer for layer in layers if layer.is_there(scope.frames)]
    if not there:
        return pd.DataFrame()
    parts, compared = [], []
    for (is_of_everybody, has_events), some in groupby(there, lambda layer: (layer.is_of_everybody, layer.has_events)):
        alike = list(some)
        worst = alike[0].worst
        placed = pd.concat([_placed(layer, scope) for layer in alike], ignore_index=True)
        words = [("", layer.variable, layer.level, layer.words) for layer in alike]
        rows = pd.DataFrame(words, columns=[*PLACE, "row_words"], dtype="str")
        groups = _everybody(scope) if is_of_everybody else scope.groups
        counted = _with_worst(placed, rows, worst, groups, has_events=has_events)
        parts.append(counted[counted["statistic"].eq("n")] if is_of_everybody else counted)
    counted = pd.concat(parts, ignore_index=True)
    for layer in there:
        if layer.of_those:
            counted = _of_those(counted, layer, scope)
        if layer.is_compared:
            compared.append((layer.variable, layer.level))
    return pd.concat([counted, _differences(counted, compared, scope)], ignore_index=True)


def _placed(layer: Count, scope: Scope) -> pd.DataFrame:
    records = scope.records(layer.records)
    columns = [*COUNTED, *([layer.worst.variable] if layer.worst else [])]
    return records[columns].assign(parameter="", variable=layer.variable, level=layer.level)


def _everybody(scope: Scope) -> Groups:
    everybody = pd.DataFrame({"USUBJID": scope.frames.adsl["USUBJID"], "group": TOTAL})
    return Groups(everybody, pd.Series({TOTAL: len(everybody)} if TOTAL in scope.groups.codes else {}, dtype="int64"))


def rows_of_values(layer: CountBy, scope: Scope) -> pd.DataFrame:
    """Return the statistics of one row a value, or of one a class and one a term within it."""
    members = set(scope.groups.members["USUBJID"])
    own, every = (scope.records(some) for some in (layer.records, layer.rows_of or layer.records))
    records, named = (_valued(some[some["USUBJID"].isin(members)], layer) for some in (own, every))
    levels = _nested(named, layer) if len(layer.by) > 1 else _levels(named, layer)
    rows = pd.DataFrame(levels, columns=[*PLACE, "row_words"], dtype="str")
    parts = [records.assign(parameter="", variable=layer.name, level=records[layer.by[-1]])]
    if len(layer.by) > 1:
        outer, inner = (records[name] for name in layer.by)
        parts = [records.assign(parameter=outer, variable=layer.by[0], level=outer),
                 records.assign(parameter=outer, variable=layer.by[1], level=inner)]  # fmt: skip
    return _with_worst(pd.concat(parts), rows, layer.worst, scope.groups, has_events=layer.has_events)


def _valued(records: pd.DataFrame, layer: CountBy) -> pd.DataFrame:
    """Return the records with their values as text, those that share words with an earlier value under that one."""
    first: dict[str, str] = {}
    for value, words in layer.levels.items():
        first.setdefault(words, value)
    same = {value: first[words] for value, words in layer.levels.items()}
    texts = {name: records[name].astype("str").replace(same) for name in layer.by}
    if layer.is_missing_shown:
        texts = {name: text.fillna(MISSING) for name, text in texts.items()}
    return records.assign(**texts).dropna(subset=list(layer.by))


def _levels(records: pd.DataFrame, layer: CountBy) -> list[tuple[str, str, str, str]]:
    found = records[layer.by[-1]]
    listed: dict[str, str] = {}
    for value, words in layer.levels.items():
        if words not in listed.values():
            listed[value] = words
    others = [value for value in _ordered(found, layer.order) if value not in listed and value != MISSING]
    named = listed | {value: layer.words(value) for value in others}
    named |= {MISSING: _MISSING_WORDS} if MISSING in set(found) else {}
    return [("", layer.name, value, text) for value, text in named.items()]


def _ordered(found: pd.Series, order: str) -> list[str]:
    if order == "frequency":
        counts = found.value_counts()
        return sorted(map(str, counts.index), key=lambda value: (-counts[value], value))
    values = [str(value) for value in dict.fromkeys(found)]
    return sorted(values, key=_natural) if order == "alphabet" else values


def _natural(value: str) -> tuple[float, str]:
    """Return how a value sorts: whole numbers by size, before words."""
    return (float(value), value) if value.isdecimal() else (float("inf"), value)


def _nested(records: pd.DataFrame, layer: CountBy) -> list[tuple[str, str, str, str]]:
    """Return classes, each with its terms, by falling number of participants in all, ties alphabetical."""
    outer, inner = layer.by
    terms = records.groupby([outer, inner])["USUBJID"].nunique().rename("TERM").reset_index()
    classes = records.groupby(outer)["USUBJID"].nunique().rename("CLASS").reset_index()
    ordered = terms.merge(classes, on=outer).sort_values(
        ["CLASS", outer, "TERM", inner], ascending=[False, True, False, True], kind="stable"
    )
    rows = []
    for name, members in ordered.groupby(outer, sort=False):
        rows.append((str(name), outer, str(name), layer.words(str(name))))
        rows += [(str(name), inner, str(term), layer.words(str(term))) for term in members[inner]]
    return rows


def _with_worst(
    placed: pd.DataFrame, rows: pd.DataFrame, worst: Worst | None, groups: Groups, *, has_events: bool
) -> pd.DataFrame:
    """Return the counts of rows, each followed by those of the worst category of its participants."""
    counted = count_rows(placed, rows, groups, has_events=has_events)
    if worst is None or counted.empty:
        return counted
    levels = [*worst.levels, MISSING]
    place = {level: at for at, level in enumerate(worst.levels)}
    rank = placed[worst.variable].map(place).fillna(-1)
    highest = rank.groupby([placed[name] for name in (*PLACE, "USUBJID")], sort=False).transform("max")
    own = placed[rank.eq(highest)].assign(
        parameter=[path_of(*at) for at in zip(*(placed.loc[rank.eq(highest), name] for name in PLACE), strict=True)],
        variable=worst.variable,
        level=[levels[int(at)] for at in highest[rank.eq(highest)]],
    )
    words = {**worst.levels, MISSING: worst.missing}
    paths = [path_of(*at) for at in rows[PLACE].itertuples(index=False, name=None)]
    found = set(zip(own["parameter"], own["level"], strict=True))
    listed = [(path, level) for path in paths for level in levels if (path, level) in found]
    named = [(path, worst.variable, level, words[level]) for path, level in listed]
    below = pd.DataFrame(named, columns=rows.columns, dtype="str")
    each = count_rows(own, below, groups)
    order = {path: at for at, path in enumerate(paths)}
    counted = counted.assign(_row=[order[path_of(*at)] for at in zip(*(counted[name] for name in PLACE), strict=True)])
    both = pd.concat([counted, each.assign(_row=each["parameter"].map(order))], ignore_index=True)
    return both.sort_values("_row", kind="stable").drop(columns="_row").reset_index(drop=True)


def path_of(parameter: str, variable: str, level: str) -> str:
    """Return what encloses the rows below a row: its class, variable and term."""
    return " / ".join(filter(None, [parameter, variable, level]))


def _of_those(counted: pd.DataFrame, layer: Count, scope: Scope) -> pd.DataFrame:
    """Return counts with the count of another row as the denominator of one of them."""
    among = [
        row for row in scope.display.rows(scope.study) if isinstance(row, Count) and row.variable == layer.of_those
    ]
    base = rows_of_counts(among[:1], scope)
    sizes = base[base["statistic"].eq("n")].set_index("group")["value"].astype("int64")
    rows = pd.DataFrame([("", layer.variable, layer.level, layer.words)], columns=[*PLACE, "row_words"], dtype="str")
    own = count_rows(_placed(layer, scope), rows, Groups(scope.groups.members, sizes), has_events=layer.has_events)
    is_other = counted["variable"].ne(layer.variable) | counted["level"].ne(layer.level)
    return pd.concat([counted[is_other], own], ignore_index=True)


def _differences(counted: pd.DataFrame, compared: Sequence[tuple[str, str]], scope: Scope) -> pd.DataFrame:
    """Return the difference of percentages of all active arms and the control, with its 95 % limits.

    None where the control is active: its participants would stand on both sides.
    """
    control = scope.study.treatment.control_arm
    if control is None or control.is_active or not compared:
        return pd.DataFrame()
    cells = counted[counted["statistic"].isin(["n", "N"])].set_index(["variable", "level", "group", "statistic"])
    values, words = cells["value"].to_dict(), cells["row_words"].groupby(level=[0, 1]).first().to_dict()
    rows: list[dict[str, object]] = []
    for row in compared:
        numbers = [int(values.get((*row, name, part), 0)) for name in (ACTIVE, control.code) for part in ("n", "N")]
        if numbers[1] > 0 and numbers[3] > 0:
            place = {"variable": row[0], "level": row[1], "row_words": words[row], "unit": "pp"}
            named = zip(_DIFFERENCE, risk_difference(*numbers), strict=True)
            of = contrast(ACTIVE, control.code)
            rows += [{**place, "group": of, "statistic": name, "value": 100 * part} for name, part in named]
    return pd.DataFrame(rows)


def rows_of_tally(layer: Tally, scope: Scope) -> pd.DataFrame:
    """Return one count a parameter: of records, or of participants."""
    records, parameter = scope.records(layer.records), ["parameter", "parameter_words"]
    place = {"variable": layer.variable, "row_words": layer.words, "statistic": "n", "counts": layer.counts}
    how = "nunique" if layer.is_of_participants else "size"
    counted = records.groupby(parameter, sort=False).agg(value=("USUBJID", how), keys=("KEY", list)).reset_index()
    every = scope.records(layer.among)[parameter].drop_duplicates()
    return every.merge(counted, on=parameter, how="left").fillna({"value": 0}).assign(**place)
