"""Weights of oddities as the study file changes them: what stops the run, and where a page shows the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cutbook.data.checks.kinds import Told, kind_sentence, kinds_of
from cutbook.data.checks.records import IN_LIST, ON_FIRST_LINES
from cutbook.errors import Fault
from cutbook.parameters.study import Oddity

STOPS = 1
"""Weight of an oddity that stops the run because the study file says so."""

WEIGHTS = {"stop": STOPS, "first lines": ON_FIRST_LINES, "list": IN_LIST}
"""Weights by their words in the study file."""


def weighed(issues: pd.DataFrame, rules: Sequence[Oddity]) -> pd.DataFrame:
    """Return oddities with the weights that the study file gives them, the heavier first.

    Parameters
    ----------
    issues : frame
        As :func:`cutbook.data.checks.records.issue_table` returns it; not changed.
    rules : sequence of Oddity
        The section ``oddities`` of the study file; a rule without variable is about oddities that name none.

    Returns
    -------
    frame
        The same rows; WEIGHT and REASON as ruled. Those of one weight stay in their order.
    """
    weights, reasons = issues["WEIGHT"].copy(), issues["REASON"].copy()
    names = issues["DATASET"].str.split("/").str[-1]
    for rule in rules:
        is_ruled = names.eq(rule.dataset) & issues["VARIABLE"].eq(rule.variable)
        weights, reasons = weights.mask(is_ruled, WEIGHTS[rule.weight]), reasons.mask(is_ruled, rule.reason)
    ruled = issues.assign(WEIGHT=weights, REASON=reasons)
    return ruled.sort_values("WEIGHT", kind="stable", ignore_index=True)


def stopping_faults(issues: pd.DataFrame) -> list[Fault]:
    """Return a fault for each kind of oddity that stops the run, at its first record."""
    kinds = kinds_of(issues[issues["WEIGHT"].eq(STOPS)])
    return [_fault(kind) for kind in kinds.astype("object").where(kinds.notna(), None).to_dict("records")]


def _fault(kind: Mapping[Any, Any]) -> Fault:
    dataset, variable, row = str(kind["DATASET"]), str(kind["VARIABLE"]), kind["ROW"]
    told = Told("", "", str(kind["KIND"]), str(kind["CONSEQUENCE"]))
    numbers = (str(kind[name] or "") for name in ("RECORDS", "PARTICIPANTS"))
    return Fault(
        dataset,
        found=kind_sentence(told, *numbers).removesuffix("."),
        expected="nothing of the kind, for oddities of the study file gives it the weight stop",
        remedy="correct it at the source and have the transfer sent again, or give it another weight there",
        variable=variable,
        row=None if row is None else int(str(row)),
        key=str(kind["KEY"]),
    )
