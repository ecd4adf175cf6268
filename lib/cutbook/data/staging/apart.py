"""Which rows of the tables about the data tell of restricted records: those that lie in the part of their own."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cutbook.parameters.study.sources import Restricted
from cutbook.records import keys_of_some, meets


def with_apart(table: pd.DataFrame, rules: Restricted | None, *sides: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return rows about records with IS_APART: the record is restricted.

    Parameters
    ----------
    table : frame
        DATASET, with the folder of the restricted part before it or not, and KEY (empty: about no single record).
    rules : Restricted or None
        What is restricted; None: nothing.
    sides : mapping of str to frame
        Datasets in which the records are looked up, each whole.
    """
    if rules is None:
        return table.assign(IS_APART=False)
    folder = f"{rules.folder}/"
    name = table["DATASET"].str.removeprefix(folder)
    is_apart = name.isin(list(rules.whole)) | (table["DATASET"].str.startswith(folder) & name.isin(list(rules.records)))
    return table.assign(IS_APART=is_apart | table["KEY"].isin(_keys(rules, set(name), sides)))


def _keys(rules: Restricted, names: set[str], sides: tuple[Mapping[str, pd.DataFrame], ...]) -> list[str]:
    """Return the keys of the restricted records of datasets of which some records are open."""
    found: list[str] = []
    for name, where in rules.records.items():
        for side in sides if where and name in names else ():
            if name in side:
                found += keys_of_some(name, side[name], meets(side[name], where)).tolist()
    return found
