"""Counts of participants and events by treatment group: the building block of most displays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from cutbook.parameters.study import Study

MISSING_ARM = "Missing"
"""Column of participants who were randomised or treated but have no arm in the data."""


@dataclass(frozen=True)
class Groups:
    """The columns of a display.

    Attributes
    ----------
    members : frame
        USUBJID and GROUP, one row a participant and column: a participant stands in the arm and in each pooled column.
    sizes : Series
        Participants by column label, columns in display order.
    """

    members: pd.DataFrame
    sizes: pd.Series

    @property
    def labels(self) -> list[str]:
        """Column labels in display order."""
        return [str(label) for label in self.sizes.index]


def treatment_groups(adsl: pd.DataFrame, study: Study, *, by: str = "TRT01A") -> Groups:
    """Return the treatment columns: arms in the order of the study file, all active doses, everybody.

    Parameters
    ----------
    adsl : frame
        One row a participant of the population, columns USUBJID and ``by``.
    study : Study
        Arms and the labels of the pooled columns.
    by : str
        ``TRT01A`` as treated or ``TRT01P`` as planned.

    Returns
    -------
    Groups
        A column ``Missing`` stands after the arms only when someone has no arm. Participants with an empty ``by``
        (screen failures) stand in the column of everybody alone.
    """
    arms = study.treatment.arms
    active = {arm.label for arm in arms if arm.dose > 0}
    own = adsl[["USUBJID"]].assign(GROUP=adsl[by].astype("str"))
    parts = [own[own["GROUP"].notna()]]
    labels = [arm.label for arm in arms]
    labels += [MISSING_ARM] if own["GROUP"].eq(MISSING_ARM).any() else []
    if study.treatment.total_active:
        parts.append(own[own["GROUP"].isin(active)].assign(GROUP=study.treatment.total_active))
        labels.append(study.treatment.total_active)
    if study.treatment.total:
        parts.append(own.assign(GROUP=study.treatment.total))
        labels.append(study.treatment.total)
    members = pd.concat(parts, ignore_index=True)
    members["GROUP"] = pd.Categorical(members["GROUP"], categories=labels, ordered=True)
    sizes = members.groupby("GROUP", observed=False)["USUBJID"].nunique()
    return Groups(members, sizes)


def count_rows(
    records: pd.DataFrame, rows: pd.DataFrame, groups: Groups, *, has_events: bool = False, has_percent: bool = True
) -> pd.DataFrame:
    """Return n, N and % of participants for every row and column, zero where nobody has the event.

    Parameters
    ----------
    records : frame
        One row an event: USUBJID, KEY and the columns of ``rows``.
    rows : frame
        The rows of the display in order, one or more of the result columns (``parameter``, ``variable``, ``level``,
        ``visit``, ``display``, ``population``); no row twice.
    groups : Groups
        Columns and denominators.
    has_events : bool
        Also count the events themselves (statistic ``events``).
    has_percent : bool
        Also give N and %.

    Returns
    -------
    frame
        Rows for a results table: columns of ``rows``, ``group``, ``statistic``, ``value``, ``reason``, ``keys``. A
        participant counts once in a cell. % is missing with its reason when N is 0.
    """
    by = list(rows.columns)
    joined = records[[*by, "USUBJID", "KEY"]].merge(groups.members, on="USUBJID", how="inner")
    cells = joined.groupby([*by, "GROUP"], observed=True, dropna=False, sort=False)
    counted = cells.agg(n=("USUBJID", "nunique"), events=("KEY", "size"), keys=("KEY", list)).reset_index()
    grid = rows.merge(groups.sizes.rename("N").reset_index(), how="cross")
    grid["GROUP"] = grid["GROUP"].astype("str")
    counted["GROUP"] = counted["GROUP"].astype("str")
    full = grid.merge(counted, on=[*by, "GROUP"], how="left", validate="one_to_one")
    full[["n", "events"]] = full[["n", "events"]].fillna(0)
    return _long(full.rename(columns={"GROUP": "group"}), by, has_events=has_events, has_percent=has_percent)


def _long(full: pd.DataFrame, by: Sequence[str], *, has_events: bool, has_percent: bool) -> pd.DataFrame:
    place = [*by, "group"]
    parts = [full[[*place, "keys"]].assign(statistic="n", value=full["n"])]
    if has_percent:
        share = 100 * full["n"] / full["N"].where(full["N"] > 0)
        reason = share.isna().map({True: "nobody in this group", False: ""})
        parts.append(full[place].assign(statistic="N", value=full["N"]))
        parts.append(full[place].assign(statistic="pct", value=share, unit="%", reason=reason))
    if has_events:
        parts.append(full[place].assign(statistic="events", value=full["events"]))
    order = pd.concat([part.assign(_row=range(len(part))) for part in parts], ignore_index=True)
    return order.sort_values("_row", kind="stable").drop(columns="_row").reset_index(drop=True)


def size_rows(groups: Groups) -> pd.DataFrame:
    """Return the size of every column as rows for a results table: variable ``POPULATION``, statistic ``N``."""
    sizes = groups.sizes
    return pd.DataFrame(
        {"variable": "POPULATION", "group": groups.labels, "statistic": "N", "value": sizes.to_numpy(dtype="float64")}
    )


def row_labels(variable: str, levels: Sequence[str], **fixed: str) -> pd.DataFrame:
    """Return the rows of one variable, one a level, for :func:`count_rows`."""
    return pd.DataFrame({"variable": variable, "level": list(levels), **fixed}).astype("str")
