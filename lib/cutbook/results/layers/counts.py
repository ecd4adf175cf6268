"""Counts of participants and of their records, by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby

import pandas as pd

from cutbook.catalogue.kinds.layers import Count, CountBy, Tally, Worst, WorstCase
from cutbook.catalogue.kinds.panels import ShareMatrix
from cutbook.results.columns import Groups
from cutbook.results.layers.scope import COUNTED, Scope
from cutbook.results.statistics import Reason
from cutbook.results.table import rows_of_statistics
from cutbook.stats.incidence import clopper_pearson, risk_difference
from cutbook.vocabulary import ACTIVE, MISSING, TOTAL, contrast

PLACE = ["parameter", "variable", "level"]
Rows = Sequence[tuple[str, str, str, str]]
"""Parameter, variable, level and words of rows, in their order; no row twice."""

_MISSING_WORDS = "Missing"
_DIFFERENCE = ("rd", "rd_low", "rd_high")


def size_rows(groups: Groups) -> pd.DataFrame:
    """Return the size of every column: variable ``POPULATION``, statistic ``N``."""
    sizes = groups.sizes.to_numpy(dtype="float64")
    return pd.DataFrame({"variable": "POPULATION", "group": groups.codes, "statistic": "N", "value": sizes})


def count_rows(placed: pd.DataFrame, rows: Rows, groups: Groups, *, has_events: bool) -> pd.DataFrame:
    """Return n, N and % of participants for every row and column, zero where nobody has a record.

    Parameters
    ----------
    placed : frame
        One row a record: USUBJID, KEY, and parameter, variable and level of its row.
    rows : sequence of tuple
        The rows.
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
    cells = codes.merge(groups.members, on="USUBJID").groupby([*PLACE, "group"], dropna=False, sort=False)
    counted = cells.agg(n=("USUBJID", "nunique"), keys=("KEY", list)).reset_index()
    full = groups.complete(pd.DataFrame(rows, columns=[*PLACE, "row_words"], dtype="str"), counted).fillna({"n": 0})
    full = full.assign(pct=100 * full["n"] / full["N"].where(full["N"] > 0), events=full["RECORDS"])
    long = rows_of_statistics(full, ["n", "N", "pct", *(["events"] if has_events else [])])
    reason = long["value"].isna().map({True: Reason.NOBODY, False: ""})
    return long.assign(unit=long["statistic"].eq("pct").map({True: "%", False: ""}), reason=reason)


def rows_of_counts(layers: Sequence[Count], scope: Scope) -> pd.DataFrame:
    """Return the statistics of rows of a display, all of them counted in one step."""
    there = [layer for layer in layers if layer.is_there(scope.frames)]
    if not there:
        return pd.DataFrame()
    alike = groupby(there, partial(_how, scope=scope))
    counted = pd.concat([_counted_alike(list(some), how, scope) for how, some in alike], ignore_index=True)
    compared = [(layer.variable, layer.level) for layer in there if layer.is_compared and not layer.why(scope.frames)]
    bounded = {(layer.variable, layer.level) for layer in there if layer.bounds_zero}
    parts = [counted, _differences(counted, compared, scope)]
    if bounded:
        is_bounded = pd.Index(zip(counted["variable"], counted["level"], strict=True)).isin(list(bounded))
        parts.append(upper_limits(counted[is_bounded & counted["parameter"].eq("")]))
    return pd.concat(parts, ignore_index=True)


def rows_of_shares(layer: ShareMatrix, scope: Scope) -> pd.DataFrame:
    """Return the counts of a matrix, and where nobody of a group has it, the upper limit of the share."""
    counted = rows_of_counts(layer.counts, scope)
    return counted if counted.empty else pd.concat([counted, upper_limits(counted)], ignore_index=True)


def rows_of_worst_case(layer: WorstCase, scope: Scope) -> pd.DataFrame:
    """Return n, N and % of every row as if whoever counts had been on the drug, by column and of all together.

    Of a column with N participants, the share as planned of N, rounded down, are on the drug; of all columns their sum,
    so that the whole is never better than its parts allow.
    """
    counted = rows_of_counts(layer.counts, scope)
    sizes = scope.groups.sizes
    on_drug = {code: float(int(sizes[code] * share + 1e-9)) for code, share in layer.shares.items() if code in sizes}
    own = counted[counted["statistic"].eq("n") & counted["group"].isin(list(on_drug))] if len(counted) else counted
    if own.empty:
        return pd.DataFrame()
    of = own["group"].map(on_drug).astype("float64")
    parts = own.assign(n_drug=own["value"].clip(upper=of), N_drug=of, keys=None)
    whole = parts.groupby(["variable", "level"], sort=False)[["n_drug", "N_drug"]].sum().reset_index()
    first = parts.drop_duplicates(["variable", "level"]).drop(columns=["n_drug", "N_drug"])
    together = first.merge(whole, on=["variable", "level"]).assign(group=TOTAL)
    full = pd.concat([parts, together], ignore_index=True).drop(columns=["statistic", "value", "counts"])
    full = full.assign(pct_drug=100 * full["n_drug"] / full["N_drug"].where(full["N_drug"] > 0))
    long = rows_of_statistics(full, ["n_drug", "N_drug", "pct_drug"])
    reason = long["value"].isna().map({True: Reason.NOBODY, False: ""})
    return long.assign(unit=long["statistic"].eq("pct_drug").map({True: "%", False: ""}), reason=reason, counts="")


def upper_limits(counted: pd.DataFrame) -> pd.DataFrame:
    """Return the upper 95 % confidence limit of every share of 0 of at least one participant, in per cent."""
    own, sizes = (counted[counted["statistic"].eq(name)] for name in ("n", "N"))
    of = own.merge(
        sizes[["variable", "level", "group", "value"]], on=["variable", "level", "group"], suffixes=("", "_of")
    )
    nobody = of[of["value"].eq(0) & of["value_of"].gt(0)]
    limits = [100 * clopper_pearson(0, int(size))[1] for size in nobody["value_of"]]
    return nobody.drop(columns="value_of").assign(statistic="upper", value=limits, unit="%", keys=None)


_How = tuple[str, bool, str, bool, Worst | None]


def _how(layer: Count, scope: Scope) -> _How:
    return layer.why(scope.frames), layer.is_of_everybody, layer.of_those, layer.has_events, layer.worst


def _counted_alike(layers: Sequence[Count], how: _How, scope: Scope) -> pd.DataFrame:
    reason, is_of_everybody, of_those, has_events, worst = how
    rows = [("", layer.variable, layer.level, layer.words) for layer in layers]
    groups = _everybody(scope) if is_of_everybody else scope.groups
    if reason:
        return untold_rows(rows, groups, reason)
    placed = pd.concat([_placed(layer, scope) for layer in layers], ignore_index=True)
    groups = _among(of_those, scope) if of_those else groups
    counted = count_rows(*_with_worst(placed, rows, worst), groups, has_events=has_events)
    return counted[counted["statistic"].eq("n")] if is_of_everybody else counted


def untold_rows(rows: Rows, groups: Groups, reason: str) -> pd.DataFrame:
    """Return rows whose numbers are absent: statistic ``n`` missing in every column, with the reason."""
    places = pd.DataFrame(rows, columns=[*PLACE, "row_words"], dtype="str")
    columns = pd.DataFrame({"group": groups.codes}, dtype="str")
    return places.merge(columns, how="cross").assign(statistic="n", value=float("nan"), reason=reason)


def _placed(layer: Count, scope: Scope) -> pd.DataFrame:
    records = scope.records(layer.records)
    columns = [*COUNTED, *([layer.worst.variable] if layer.worst else [])]
    return records[columns].assign(parameter="", variable=layer.variable, level=layer.level)


def _everybody(scope: Scope) -> Groups:
    everybody = pd.DataFrame({"USUBJID": scope.frames.adsl["USUBJID"], "group": TOTAL})
    return Groups(everybody, pd.Series({TOTAL: len(everybody)} if TOTAL in scope.groups.codes else {}, dtype="int64"))


def rows_of_values(layer: CountBy, scope: Scope) -> pd.DataFrame:
    """Return the statistics of one row a value, or of one a class and one a term within it."""
    if reason := layer.why(scope.frames):
        named_rows = [("", layer.name, value, layer.levels[value]) for value in _first_values(layer).values()]
        return untold_rows(list(dict.fromkeys(named_rows)), scope.groups, reason)
    groups = _everybody(scope) if layer.is_of_everybody else scope.groups
    members = set(groups.members["USUBJID"])
    own, every = (scope.records(some) for some in (layer.records, layer.rows_of or layer.records))
    records, named = (_valued(some[some["USUBJID"].isin(members)], layer) for some in (own, every))
    is_nested = len(layer.by) > 1
    rows = _nested(named, layer) if is_nested else _levels(named, layer)
    parameter, names = records[layer.by[0]] if is_nested else "", (*layer.by[:-1], layer.name)
    parts = [
        records.assign(parameter=parameter, variable=name, level=records[column])
        for name, column in zip(names, layer.by, strict=True)
    ]
    placed = pd.concat(parts, ignore_index=True)
    counted = count_rows(*_with_worst(placed, rows, layer.worst), groups, has_events=layer.has_events)
    return counted[counted["statistic"].eq("n")] if layer.is_of_everybody else counted


def _valued(records: pd.DataFrame, layer: CountBy) -> pd.DataFrame:
    """Return the records with their values as text, those that share words with an earlier value under that one."""
    texts = {name: records[name].astype("str").replace(_first_values(layer)) for name in layer.by}
    if layer.is_missing_shown:
        texts = {name: text.fillna(MISSING) for name, text in texts.items()}
    return records.assign(**texts).dropna(subset=list(layer.by))


def _first_values(layer: CountBy) -> dict[str, str]:
    """Return by value the first one with the same words."""
    first = {words: value for value, words in reversed([*layer.levels.items()])}
    return {value: first[words] for value, words in layer.levels.items()}


def _levels(records: pd.DataFrame, layer: CountBy) -> Rows:
    found = records[layer.by[-1]]
    listed = {value: layer.levels[value] for value in _first_values(layer).values()}
    others = [value for value in _ordered(found, layer.order) if value not in listed and value != MISSING]
    named = listed | {value: layer.words(value) for value in others}
    named |= {MISSING: _MISSING_WORDS} if MISSING in set(found) else {}
    return [("", layer.name, value, text) for value, text in named.items()]


def _ordered(found: pd.Series, order: str) -> list[str]:
    counts = found.value_counts()
    if order == "frequency":
        return sorted(map(str, counts.index), key=lambda value: (-counts[value], value))
    return sorted(map(str, counts.index), key=_natural)


def _natural(value: str) -> tuple[float, str]:
    """Return how a value sorts: whole numbers by size, before words."""
    return (float(value), value) if value.isdecimal() else (float("inf"), value)


def _nested(records: pd.DataFrame, layer: CountBy) -> Rows:
    """Return classes, each with its terms, by falling number of participants in all, ties alphabetical."""
    outer, inner = layer.by
    classes, terms = (records.drop_duplicates(["USUBJID", *names]) for names in ([outer], [outer, inner]))
    rows = []
    for name in _ordered(classes[outer], "frequency"):
        rows.append((name, outer, name, layer.words(name)))
        own = terms.loc[terms[outer].eq(name), inner]
        rows += [(name, inner, term, layer.words(term)) for term in _ordered(own, "frequency")]
    return rows


def _with_worst(placed: pd.DataFrame, rows: Rows, worst: Worst | None) -> tuple[pd.DataFrame, Rows]:
    """Return records and rows, each followed by those of the worst category of its participants."""
    if worst is None:
        return placed, rows
    paths = [path_of(*place) for place in placed[PLACE].itertuples(index=False, name=None)]
    rank = placed[worst.variable].map({level: at for at, level in enumerate(worst.levels)}).fillna(-1)
    is_worst = rank.eq(rank.groupby([pd.Series(paths), placed["USUBJID"]]).transform("max"))
    level = placed[worst.variable].where(rank.ge(0), MISSING)
    below = placed.assign(parameter=paths, variable=worst.variable, level=level)[is_worst]
    found = set(zip(below["parameter"], below["level"], strict=True))
    words = {**worst.levels, MISSING: worst.missing}
    both: list[tuple[str, str, str, str]] = []
    for row in rows:
        path = path_of(*row[:3])
        both += [row, *((path, worst.variable, code, words[code]) for code in words if (path, code) in found)]
    return pd.concat([placed, below], ignore_index=True), both


def path_of(parameter: str, variable: str, level: str) -> str:
    """Return what encloses the rows below a row: its class, variable and term."""
    return " / ".join(filter(None, [parameter, variable, level]))


def _among(variable: str, scope: Scope) -> Groups:
    """Return the columns with the counts of another row as their denominators."""
    rows = scope.display.rows(scope.study)
    other = next(row for row in rows if isinstance(row, Count) and row.variable == variable)
    base = rows_of_counts([replace(other, worst=None, is_compared=False, bounds_zero=False)], scope)
    sizes = base[base["statistic"].eq("n")].set_index("group")["value"].astype("int64")
    return Groups(scope.groups.members, sizes)


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
            place = {"variable": row[0], "level": row[1], "row_words": words[row]}
            named = zip(_DIFFERENCE, risk_difference(*numbers), strict=True)
            rows += [{**place, "statistic": name, "value": 100 * part} for name, part in named]
    return pd.DataFrame(rows).assign(group=contrast(ACTIVE, control.code), unit="pp")


def rows_of_tally(layer: Tally, scope: Scope) -> pd.DataFrame:
    """Return one count a parameter: of records, or of participants."""
    records, parameter = scope.records(layer.records), ["parameter", "parameter_words"]
    place = {"variable": layer.variable, "row_words": layer.words, "statistic": "n", "counts": layer.counts}
    how = "nunique" if layer.is_of_participants else "size"
    counted = records.groupby(parameter, sort=False).agg(value=("USUBJID", how), keys=("KEY", list)).reset_index()
    every = scope.records(layer.among)[parameter].drop_duplicates()
    return every.merge(counted, on=parameter, how="left").fillna({"value": 0}).assign(**place)
