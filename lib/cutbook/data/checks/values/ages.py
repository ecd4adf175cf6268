"""Ages: in one unit, whatever unit they were delivered in."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cutbook.data.checks.records import Issue, key_at, kind_issue
from cutbook.data.wording import quoted, row_list
from cutbook.errors import Fault
from cutbook.parameters.study import Study
from cutbook.standards.conversion import converted, scale_of

_YEARS = "years"


def age_unit(study: Study) -> str:
    """Return the unit in which ages are shown: that of the characteristic AGE where it is one of time, else years."""
    stated = next((item.unit for item in study.characteristics if item.variable == "AGE"), "")
    return stated if scale_of(stated or "?", _YEARS).is_known else _YEARS


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
