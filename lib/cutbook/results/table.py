"""The results table: one row a statistic, from which everything that is shown is read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cutbook.results.statistics import STATISTICS
from cutbook.vocabulary import COUNTS_ALL

KEY_COLUMNS = ("display", "population", "parameter", "variable", "level", "visit", "group", "statistic")
"""Columns that together name one statistic: codes and collected values, empty where they do not apply."""

WORD_COLUMNS = ("parameter_words", "row_words", "visit_words", "group_words")
"""What a reader sees in the place of the codes: no part of any comparison."""

COLUMNS = (*KEY_COLUMNS, *WORD_COLUMNS, "value", "unit", "decimals", "text", "reason", "counts", "keys")
"""All columns, in order: see :func:`results_table`."""

_TEXTS = (*KEY_COLUMNS, *WORD_COLUMNS, "unit", "text", "reason", "counts")


def results_table(rows: pd.DataFrame | Sequence[dict[str, object]]) -> pd.DataFrame:
    """Statistics as a results table, columns completed and typed, in the order given.

    Parameters
    ----------
    rows : frame or sequence of dict
        One a statistic. ``display``, ``statistic`` and ``value`` are needed; the others default to empty.

    Returns
    -------
    frame
        ``display`` row id of the display (``D5``) · ``population`` its flag in ADSL · ``parameter`` what encloses the
        row (PARAMCD, SOC) · ``variable`` (``AEDECOD``) · ``level`` (``Headache``) · ``visit`` its id · ``group`` code
        of the arm or pooled column, or of a difference (``TOF100-PBO``) · ``statistic`` (``n``, ``N``, ``pct``...) ·
        the words of parameter, row (variable and level), visit and group · ``value`` float64, missing when not
        estimable · ``unit`` · ``decimals`` Int64, decimals of the data as collected · ``text`` as displayed (filled by
        the displays) · ``reason`` why not estimable · ``counts`` what a count counted (``all``, ``change``, ``blq``,
        ``value``) · ``keys`` list of keys of the records behind a count, ``ae/01-701-1015/3``.

    Raises
    ------
    ValueError
        Two rows with the same key, for a statistic has one value; or a statistic that the register does not know.
    """
    given = pd.DataFrame(rows).reindex(columns=list(COLUMNS)).reset_index(drop=True)
    keys = [list(some) if isinstance(some, (list, tuple)) else [] for some in given["keys"]]
    types = {"value": "float64", "decimals": "Int64", **dict.fromkeys(_TEXTS, "str")}
    table = given.astype(types).fillna(dict.fromkeys(_TEXTS, "")).assign(keys=pd.Series(keys, dtype="object"))
    twice = table[table.duplicated(list(KEY_COLUMNS), keep=False)]
    if len(twice):
        raise ValueError(f"one statistic, two rows: {twice[list(KEY_COLUMNS)].iloc[0].to_dict()}")
    if unknown := sorted(set(table["statistic"]) - set(STATISTICS)):
        raise ValueError(
            f"statistics without a rule: {', '.join(unknown)}; register them in cutbook.results.statistics"
        )
    return table


def rows_of_statistics(full: pd.DataFrame, statistics: Sequence[str]) -> pd.DataFrame:
    """Return rows for a results table, one a statistic, those of a place together.

    Parameters
    ----------
    full : frame
        One row a place: its result columns, ``keys``, and a column a statistic.
    statistics : sequence of str
        In their order; the first is the count that the keys stand behind.
    """
    rows = full.loc[full.index.repeat(len(statistics))].reset_index(drop=True)
    values = full[list(statistics)].to_numpy("float64").ravel()
    rows = rows.assign(statistic=pd.Series([*statistics] * len(full), dtype="str"), value=values)
    is_count = rows["statistic"].eq(statistics[0])
    return rows.assign(keys=rows["keys"].where(is_count), counts=is_count.map({True: COUNTS_ALL, False: ""}))
